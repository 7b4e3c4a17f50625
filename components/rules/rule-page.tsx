"use client";

import { useSuspenseQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useFormat } from "@/components/format/use-format";
import { useCan, useViewer } from "@/components/layout/viewer";
import { useTRPC } from "@/components/trpc";
import { Alert } from "@/components/ui/alert";
import { LinkButton } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { DescriptionList } from "@/components/ui/description-list";
import { Field } from "@/components/ui/field";
import { Instant } from "@/components/ui/instant";
import { PageFrame } from "@/components/ui/page-frame";
import { Select } from "@/components/ui/select";
import { Approve, Refuse, Withdraw } from "./review-actions";
import { RuleDifference } from "./rule-difference";
import { RuleWords } from "./rule-words";
import { RuleScopeText } from "./scope";
import type { RuleVersionView, RuleView } from "./types";
import { VersionStatus } from "./version-status";

/** One rule with every version it had, who made and who let them pass, and what each changed. */
export function RulePage({ id }: { id: string }) {
  const t = useTranslations("rules");
  const can = useCan();
  const trpc = useTRPC();
  const format = useFormat();
  const { data: rule } = useSuspenseQuery(trpc.rules.get.queryOptions({ id }));
  const { draft } = rule;
  return (
    <PageFrame
      title={rule.name || rule.number}
      breadcrumbs={[{ label: t("title"), href: "/rules" }]}
      actions={
        can("rule:write") && !draft ? (
          <LinkButton href={`/rules/${rule.id}/edit`}>{t("review.edit")}</LinkButton>
        ) : null
      }
    >
      {draft ? (
        <Alert
          tone="info"
          live={false}
          title={t("review.draftBy", { name: draft.createdByName, at: format.instant(draft.updatedAt) })}
          actions={
            can("rule:write") ? (
              <LinkButton size="sm" href={`/rules/${rule.id}/edit`}>
                {t("review.open")}
              </LinkButton>
            ) : undefined
          }
        >
          {draft.note ?? ""}
        </Alert>
      ) : null}
      <Card>
        <DescriptionList
          columns={3}
          items={[
            { label: t("fields.number"), value: <span className="figure">{rule.number}</span> },
            { label: t("fields.scope"), value: <RuleScopeText rule={rule} /> },
            { label: t("fields.priority"), value: <span className="figure">{rule.priority}</span> },
          ]}
        />
      </Card>
      {rule.versions.length > 1 ? <Compare rule={rule} /> : null}
      <h2 className="pt-2 text-sm font-semibold">{t("fields.versions")}</h2>
      <ol className="space-y-4">
        {rule.versions.map((version) => (
          <li key={version.id}>
            <VersionCard rule={rule} version={version} />
          </li>
        ))}
      </ol>
    </PageFrame>
  );
}

function VersionCard({ rule, version }: { rule: RuleView; version: RuleVersionView }) {
  const t = useTranslations("rules");
  const can = useCan();
  const format = useFormat();
  const { tenant } = useViewer();
  const { status, checked } = version;
  const before = versionBefore(rule, version);
  const pending = status === "in_review";
  const mayReview = can("rule:publish") && !(tenant.ruleFourEyes && version.own);
  return (
    <Card
      title={t("fields.version", { version: version.version })}
      description={
        <>
          {t("fields.since")}{" "}
          {version.effectiveFrom ? <Instant at={version.effectiveFrom} /> : t("review.atOnce")}
        </>
      }
      actions={
        <>
          {pending && mayReview ? <Approve version={version} /> : null}
          {pending && can("rule:publish") ? <Refuse version={version} /> : null}
          {(pending || status === "scheduled") && can("rule:write") ? <Withdraw version={version} /> : null}
          {(status === "refused" || status === "withdrawn") && can("rule:write") && !rule.draft ? (
            <LinkButton size="sm" variant="outline" href={`/rules/${rule.id}/edit?from=${version.version}`}>
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
          <RuleDifference
            before={before.definition}
            after={version.definition}
            from={version.effectiveFrom}
          />
        </section>
      ) : null}
      <RuleWords definition={version.definition} />
      {version.note ? <p className="mt-3 text-sm">{version.note}</p> : null}
      <History version={version} />
      {checked ? (
        <p className="mt-1 text-xs text-muted-foreground">
          {t("review.checked", {
            from: format.money(BigInt(checked.from), version.definition.currency ?? tenant.currency),
            to: format.money(BigInt(checked.to), version.definition.currency ?? tenant.currency),
            share: format.rate(checked.share),
          })}
        </p>
      ) : null}
    </Card>
  );
}

/** Who did what to it, and when; why stands in the reasons and the note. */
function History({ version }: { version: RuleVersionView }) {
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
          {text}, <Instant at={at} />
        </li>
      ))}
    </ol>
  );
}

/** Any two versions, side by side in sentences. */
function Compare({ rule }: { rule: RuleView }) {
  const t = useTranslations("rules.review");
  const [newest, second] = rule.versions;
  const [a, setA] = useState(`${second?.version}`);
  const [b, setB] = useState(`${newest?.version}`);
  const find = (text: string) => rule.versions.find(({ version }) => `${version}` === text);
  const before = find(a);
  const after = find(b);
  const options = rule.versions.map(({ version }) => ({
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
          <RuleDifference before={before.definition} after={after.definition} from={after.effectiveFrom} />
        </div>
      ) : null}
    </Card>
  );
}

/** What this one replaces, or would: the version published last before it. */
function versionBefore(rule: RuleView, version: RuleVersionView): RuleVersionView | undefined {
  const published = new Set<RuleVersionView["status"]>(["scheduled", "in_force", "superseded", "ended"]);
  return rule.versions.find((other) => other.version < version.version && published.has(other.status));
}
