import type { VersionStatus } from "@/server/domain/clearing";

/** What split rules and fee schedules have in common: versions that are drafted, reviewed, published, and replaced. */
export interface VersionView<D = unknown> {
  id: string;
  version: number;
  status: VersionStatus;
  /** Null of one that is not published and to begin as soon as it is. */
  effectiveFrom: Date | null;
  effectiveTo: Date | null;
  definition: D;
  note: string | null;
  createdByName: string;
  createdAt: Date;
  submittedByName: string | null;
  submittedAt: Date | null;
  reviewedByName: string | null;
  reviewedAt: Date | null;
  refusalReason: string | null;
  withdrawnByName: string | null;
  withdrawnAt: Date | null;
  withdrawalReason: string | null;
  /** The reader wrote on it. */
  own: boolean;
}

export interface Versioned<V extends VersionView = VersionView> {
  id: string;
  number: string;
  name: string;
  /** Newest first. */
  versions: readonly V[];
  draft: { revision: number; createdByName: string; updatedAt: Date; note: string | null } | null;
}

/** What reviewers and authors do to a version; each brings the page up to date before it resolves. */
export interface ReviewVerbs {
  approve: (input: { versionId: string; atOnce: boolean }) => Promise<unknown>;
  refuse: (input: { versionId: string; reason: string }) => Promise<unknown>;
  withdraw: (input: { versionId: string; reason: string }) => Promise<unknown>;
}

/** The version that says what holds now, or what is to come first; a draft alone has none. */
export function shownVersion<V extends VersionView>({ versions }: { versions: readonly V[] }): V | undefined {
  return (
    versions.find(({ status }) => status === "in_force") ??
    versions.find(({ status }) => status === "scheduled") ??
    versions[0]
  );
}
