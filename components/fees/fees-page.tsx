"use client";

import { useSuspenseQuery } from "@tanstack/react-query";
import { Percent, Plus } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useFormat } from "@/components/format/use-format";
import { useCan } from "@/components/layout/viewer";
import { useLegName } from "@/components/trace/leg-name";
import { useTRPC } from "@/components/trpc";
import { LinkButton } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { Instant } from "@/components/ui/instant";
import { PageFrame } from "@/components/ui/page-frame";
import { PendingBadges } from "@/components/versions/pending-badges";
import { shownVersion } from "@/components/versions/types";
import { VersionStatus } from "@/components/versions/version-status";
import { AppliesToText, FeeWords } from "./fee-words";
import type { FeeScheduleView } from "./types";

/** Every fee schedule: whose fee, how it is priced, for whom, and what is to come. */
export function FeesPage() {
  const t = useTranslations("fees");
  const can = useCan();
  const trpc = useTRPC();
  const { data: schedules } = useSuspenseQuery(trpc.fees.list.queryOptions());
  const create = can("rule:write") ? (
    <LinkButton href="/fees/new" icon={<Plus />}>
      {t("new")}
    </LinkButton>
  ) : null;
  return (
    <PageFrame title={t("title")} description={t("description")} actions={create}>
      {schedules.length === 0 ? (
        <Card>
          <EmptyState icon={<Percent />} title={t("empty")} description={t("emptyHint")} actions={create} />
        </Card>
      ) : (
        <ul className="grid gap-4 lg:grid-cols-2 2xl:grid-cols-3">
          {schedules.map((schedule) => (
            <li key={schedule.id} className="min-w-0">
              <ScheduleCard schedule={schedule} />
            </li>
          ))}
        </ul>
      )}
    </PageFrame>
  );
}

function ScheduleCard({ schedule }: { schedule: FeeScheduleView }) {
  const t = useTranslations("fees");
  const rules = useTranslations("rules");
  const format = useFormat();
  const legName = useLegName();
  const { role, leg, currency, draft } = schedule;
  const shown = shownVersion(schedule);
  return (
    <Card
      className="h-full"
      title={
        <Link href={`/fees/${schedule.id}`} className="hover:underline">
          <span className="figure text-muted-foreground">{schedule.number}</span>{" "}
          {schedule.name || rules("status.draft")}
        </Link>
      }
      description={`${t(`roles.${role}`)} · ${legName(leg)} · ${currency}`}
      actions={
        <>
          <PendingBadges of={schedule} />
          {shown && shown.status !== "in_review" && shown.status !== "scheduled" ? (
            <VersionStatus status={shown.status} />
          ) : null}
        </>
      }
    >
      {shown ? (
        <div className="space-y-3">
          <p className="text-sm font-medium">{t(`methods.${shown.definition.method}`)}</p>
          <FeeWords definition={shown.definition} currency={currency} />
          <p className="text-sm">
            <span className="text-muted-foreground">{t("fields.appliesTo")}</span>{" "}
            <AppliesToText appliesTo={shown.definition.appliesTo} role={role} />
          </p>
          <p className="text-xs text-muted-foreground">
            {rules("fields.version", { version: shown.version })} · {rules("fields.since")}{" "}
            {shown.effectiveFrom ? <Instant at={shown.effectiveFrom} /> : rules("review.atOnce")}
          </p>
        </div>
      ) : draft ? (
        <p className="text-sm text-muted-foreground">
          {rules("review.draftBy", { name: draft.createdByName, at: format.instant(draft.updatedAt) })}
        </p>
      ) : null}
    </Card>
  );
}
