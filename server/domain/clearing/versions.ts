import type { feeScheduleVersions, splitRuleVersions } from "@/db/schema";
import { wasSubmitted } from "./four-eyes";
import type { CheckedRange } from "./schemas";

/** Versions of split rules and of fee schedules, as they are kept and as they are shown. */

/** A row of either table. `headId`: the rule, or the schedule. */
export type VersionRow = Omit<typeof splitRuleVersions.$inferSelect, "tenantId" | "ruleId"> & {
  headId: string;
};

export function ofRule({ tenantId: _, ruleId, ...row }: typeof splitRuleVersions.$inferSelect): VersionRow {
  return { ...row, headId: ruleId };
}
export function ofSchedule({
  tenantId: _,
  scheduleId,
  ...row
}: typeof feeScheduleVersions.$inferSelect): VersionRow {
  return { ...row, headId: scheduleId };
}

/** What a version is at a moment; derived from its state and the dates of the versions beside it. */
export type VersionStatus =
  | "draft"
  | "in_review"
  | "withdrawn"
  | "refused"
  | "scheduled"
  | "in_force"
  | "superseded"
  | "ended";

export interface VersionView<Definition> {
  id: string;
  version: number;
  status: VersionStatus;
  /** Null of one that is not published and to begin as soon as it is. */
  effectiveFrom: Date | null;
  effectiveTo: Date | null;
  definition: Definition;
  note: string | null;
  createdByName: string;
  createdAt: Date;
  submittedByName: string | null;
  submittedAt: Date | null;
  /** Who published it, or refused. */
  reviewedByName: string | null;
  reviewedAt: Date | null;
  refusalReason: string | null;
  withdrawnByName: string | null;
  withdrawnAt: Date | null;
  withdrawalReason: string | null;
  /** Of a rule: the orders that it was checked for. */
  checked: CheckedRange | null;
  /** Whether the reader wrote on it, and so cannot publish it where four eyes are asked for. */
  own: boolean;
}

/** What is being written and nobody has submitted; it may lack things. */
export interface DraftView<Definition> {
  version: number;
  revision: number;
  definition: Definition;
  effectiveFrom: Date | null;
  note: string | null;
  createdByName: string;
  updatedAt: Date;
}

/** Without the draft, and without drafts that were thrown away; in the order given. */
export function withStatus<Definition>(
  rows: readonly VersionRow[],
  now: Date,
  reader: string | null,
): VersionView<Definition>[] {
  const begins = (row: VersionRow) => row.effectiveFrom?.getTime() ?? Number.POSITIVE_INFINITY;
  const published = rows
    .filter((v) => v.state === "scheduled")
    .sort((a, b) => begins(a) - begins(b) || (a.id < b.id ? -1 : 1));
  const current = published.filter((v) => begins(v) <= now.getTime()).at(-1);
  const status = (row: VersionRow): VersionStatus => {
    if (row.state !== "scheduled") return row.state;
    if (begins(row) > now.getTime()) return "scheduled";
    if (row !== current) return "superseded";
    return row.effectiveTo && row.effectiveTo <= now ? "ended" : "in_force";
  };
  return rows
    .filter((row) => row.state !== "draft" && !(row.state === "withdrawn" && !wasSubmitted(row)))
    .map((row) => ({
      id: row.id,
      version: row.version,
      status: status(row),
      effectiveFrom: row.effectiveFrom,
      effectiveTo: row.effectiveTo,
      definition: row.definition as Definition,
      note: row.note,
      createdByName: row.createdByName,
      createdAt: row.createdAt,
      submittedByName: row.submittedByName,
      submittedAt: row.submittedAt,
      reviewedByName: row.reviewedByName,
      reviewedAt: row.reviewedAt,
      refusalReason: row.refusalReason,
      withdrawnByName: row.withdrawnByName,
      withdrawnAt: row.withdrawnAt,
      withdrawalReason: row.withdrawalReason,
      checked: row.checked as CheckedRange | null,
      own: reader !== null && [...row.editors, row.createdBy, row.submittedBy].includes(reader),
    }));
}

export function draftIn<Definition>(rows: readonly VersionRow[]): DraftView<Definition> | null {
  const row = rows.find(({ state }) => state === "draft");
  if (!row) return null;
  return {
    version: row.version,
    revision: row.revision,
    definition: row.definition as Definition,
    effectiveFrom: row.effectiveFrom,
    note: row.note,
    createdByName: row.createdByName,
    updatedAt: row.updatedAt ?? row.createdAt,
  };
}
