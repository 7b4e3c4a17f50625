"use client";

import { useSuspenseQuery } from "@tanstack/react-query";
import { GitFork, Plus } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useFormat } from "@/components/format/use-format";
import { useCan } from "@/components/layout/viewer";
import { useTRPC } from "@/components/trpc";
import { LinkButton } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { Instant } from "@/components/ui/instant";
import { PageFrame } from "@/components/ui/page-frame";
import { PendingBadges } from "@/components/versions/pending-badges";
import { shownVersion } from "@/components/versions/types";
import { VersionStatus } from "@/components/versions/version-status";
import { RuleWords } from "./rule-words";
import { RuleScopeText } from "./scope";
import type { RuleView } from "./types";

/** Every split rule, with what it says now and what is to come. */
export function RulesPage() {
  const t = useTranslations("rules");
  const can = useCan();
  const trpc = useTRPC();
  const { data: rules } = useSuspenseQuery(trpc.rules.list.queryOptions());
  const create = can("rule:write") ? (
    <LinkButton href="/rules/new" icon={<Plus />}>
      {t("new")}
    </LinkButton>
  ) : null;
  return (
    <PageFrame title={t("title")} description={t("description")} actions={create}>
      {rules.length === 0 ? (
        <Card>
          <EmptyState icon={<GitFork />} title={t("empty")} description={t("emptyHint")} actions={create} />
        </Card>
      ) : (
        <ul className="grid gap-4 lg:grid-cols-2 2xl:grid-cols-3">
          {rules.map((rule) => (
            <li key={rule.id} className="min-w-0">
              <RuleCard rule={rule} />
            </li>
          ))}
        </ul>
      )}
    </PageFrame>
  );
}

function RuleCard({ rule }: { rule: RuleView }) {
  const t = useTranslations("rules");
  const format = useFormat();
  const shown = shownVersion(rule);
  return (
    <Card
      className="h-full"
      title={
        <Link href={`/rules/${rule.id}`} className="hover:underline">
          <span className="figure text-muted-foreground">{rule.number}</span> {rule.name || t("status.draft")}
        </Link>
      }
      description={<RuleScopeText rule={rule} />}
      actions={
        <>
          <PendingBadges of={rule} />
          {shown && shown.status !== "in_review" && shown.status !== "scheduled" ? (
            <VersionStatus status={shown.status} />
          ) : null}
        </>
      }
    >
      {shown ? (
        <div className="space-y-3">
          <RuleWords definition={shown.definition} />
          <p className="text-xs text-muted-foreground">
            {t("fields.version", { version: shown.version })} · {t("fields.since")}{" "}
            {shown.effectiveFrom ? <Instant at={shown.effectiveFrom} /> : t("review.atOnce")}
          </p>
        </div>
      ) : rule.draft ? (
        <p className="text-sm text-muted-foreground">
          {t("review.draftBy", { name: rule.draft.createdByName, at: format.instant(rule.draft.updatedAt) })}
        </p>
      ) : null}
    </Card>
  );
}
