"use client";

import { useTranslations } from "next-intl";
import { type ReactNode, useState } from "react";
import { useFormat } from "@/components/format/use-format";
import { useCan, useViewer } from "@/components/layout/viewer";
import { Alert } from "@/components/ui/alert";
import { LinkButton } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { Instant } from "@/components/ui/instant";
import { PageFrame } from "@/components/ui/page-frame";
import { Select } from "@/components/ui/select";
import { Approve, Refuse, Withdraw } from "./review-actions";
import type { ReviewVerbs, Versioned, VersionView } from "./types";
import { VersionStatus } from "./version-status";

interface Pieces<V extends VersionView> {
  of: Versioned<V>;
  verbs: ReviewVerbs;
  /** Address of the list: "/rules". */
  home: string;
  /** What a version says, in plain words. */
  words: (version: V) => ReactNode;
  difference: (before: V["definition"], after: V["definition"], from: Date | null) => ReactNode;
  /** What else stands under a version. */
  foot?: (version: V) => ReactNode;
}

/** One rule or schedule with every version it had, who made and who let them pass, and what each changed. */
export function VersionPage<V extends VersionView>({
  title,
  children,
  ...pieces
}: Pieces<V> & {
  /** Name of the list. */
  title: string;
  /** Stands above the versions. */
  children: ReactNode;
}) {
  const t = useTranslations("rules");
  const can = useCan();
  const format = useFormat();
  const { of, home } = pieces;
  const { draft } = of;
  const edit = `${home}/${of.id}/edit`;
  return (
    <PageFrame
      title={of.name || of.number}
      breadcrumbs={[{ label: title, href: home }]}
      actions={can("rule:write") && !draft ? <LinkButton href={edit}>{t("review.edit")}</LinkButton> : null}
    >
      {draft ? (
        <Alert
          tone="info"
          live={false}
          title={t("review.draftBy", { name: draft.createdByName, at: format.instant(draft.updatedAt) })}
          actions={
            can("rule:write") ? (
              <LinkButton size="sm" href={edit}>
                {t("review.open")}
              </LinkButton>
            ) : undefined
          }
        >
          {draft.note ?? ""}
        </Alert>
      ) : null}
      {children}
      {of.versions.length > 1 ? <Compare {...pieces} /> : null}
      <h2 className="pt-2 text-sm font-semibold">{t("fields.versions")}</h2>
      <ol className="space-y-4">
        {of.versions.map((version) => (
          <li key={version.id}>
            <VersionCard {...pieces} version={version} />
          </li>
        ))}
      </ol>
    </PageFrame>
  );
}

function VersionCard<V extends VersionView>({
  of,
  version,
  verbs,
  home,
  words,
  difference,
  foot,
}: Pieces<V> & { version: V }) {
  const t = useTranslations("rules");
  const can = useCan();
  const { tenant } = useViewer();
  const { status } = version;
  const before = versionBefore(of.versions, version);
  const pending = status === "in_review";
  const mayReview = can("rule:publish") && !(tenant.ruleFourEyes && version.own);
  return (
    <Card
      title={t("fields.version", { version: version.version })}
      description={
        version.effectiveFrom ? (
          <>
            {t("fields.since")} <Instant at={version.effectiveFrom} />
          </>
        ) : (
          <span className="inline-block first-letter:uppercase">{t("review.atOnce")}</span>
        )
      }
      actions={
        <>
          {pending && mayReview ? <Approve version={version} verbs={verbs} /> : null}
          {pending && can("rule:publish") ? <Refuse version={version} verbs={verbs} /> : null}
          {(pending || status === "scheduled") && can("rule:write") ? (
            <Withdraw version={version} verbs={verbs} />
          ) : null}
          {(status === "refused" || status === "withdrawn") && can("rule:write") && !of.draft ? (
            <LinkButton size="sm" variant="outline" href={`${home}/${of.id}/edit?from=${version.version}`}>
              {t("review.again")}
            </LinkButton>
          ) : null}
          <VersionStatus status={status} />
        </>
      }
    >
      {pending && !mayReview && can("rule:publish") ? (
        <Alert tone="info" live={false} className="mb-3">
          {t("review.own")}
        </Alert>
      ) : null}
      {status === "refused" && version.refusalReason ? (
        <Alert tone="warning" live={false} className="mb-3">
          {t("review.events.refused", { name: version.reviewedByName ?? "", reason: version.refusalReason })}
        </Alert>
      ) : null}
      {before ? (
        <section className="mb-3">
          <h3 className="text-xs font-semibold text-muted-foreground">
            {t("review.difference", { version: before.version })}
          </h3>
          {difference(before.definition, version.definition, version.effectiveFrom)}
        </section>
      ) : null}
      {words(version)}
      {version.note ? <p className="mt-3 text-sm">{version.note}</p> : null}
      <Events version={version} />
      {foot?.(version)}
    </Card>
  );
}

/** Who did what to it, and when; why stands in the reasons and the note. */
function Events({ version }: { version: VersionView }) {
  const t = useTranslations("rules.review.events");
  const events: { id: string; text: string; at: Date }[] = [];
  const add = (id: string, text: string, at: Date | null) => at && events.push({ id, text, at });
  add("created", t("created", { name: version.createdByName }), version.createdAt);
  add("submitted", t("submitted", { name: version.submittedByName ?? "" }), version.submittedAt);
  const reviewer = version.reviewedByName ?? "";
  add(
    "reviewed",
    version.refusalReason
      ? t("refused", { name: reviewer, reason: version.refusalReason })
      : t("approved", { name: reviewer }),
    version.reviewedAt,
  );
  add(
    "withdrawn",
    t("withdrawn", { name: version.withdrawnByName ?? "", reason: version.withdrawalReason ?? "" }),
    version.withdrawnAt,
  );
  return (
    <ol className="mt-3 flex flex-wrap gap-x-4 gap-y-1 border-t border-border pt-2 text-xs text-muted-foreground">
      {events.map(({ id, text, at }) => (
        <li key={id}>
          {text} · <Instant at={at} />
        </li>
      ))}
    </ol>
  );
}

/** Any two versions, side by side in sentences. */
function Compare<V extends VersionView>({ of: { versions }, difference }: Pieces<V>) {
  const t = useTranslations("rules.review");
  const [newest, second] = versions;
  const [a, setA] = useState(`${second?.version}`);
  const [b, setB] = useState(`${newest?.version}`);
  const find = (text: string) => versions.find(({ version }) => `${version}` === text);
  const before = find(a);
  const after = find(b);
  const options = versions.map(({ version }) => ({
    value: `${version}`,
    label: t("against", { version }),
  }));
  return (
    <Card title={t("compareWith")}>
      <div className="grid max-w-md grid-cols-2 gap-3">
        <Field label={t("compareWith")} hideLabel>
          <Select aria-label={`${t("compareWith")} 1`} value={a} onValueChange={setA} options={options} />
        </Field>
        <Field label={t("compareWith")} hideLabel>
          <Select aria-label={`${t("compareWith")} 2`} value={b} onValueChange={setB} options={options} />
        </Field>
      </div>
      {before && after ? (
        <div aria-live="polite" className="mt-3">
          {difference(before.definition, after.definition, after.effectiveFrom)}
        </div>
      ) : null}
    </Card>
  );
}

/** What this one replaces, or would: the version published last before it. */
function versionBefore<V extends VersionView>(versions: readonly V[], version: V): V | undefined {
  const published = new Set<VersionView["status"]>(["scheduled", "in_force", "superseded", "ended"]);
  return versions.find((other) => other.version < version.version && published.has(other.status));
}
