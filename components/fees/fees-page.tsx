"use client";

import { useSuspenseQuery } from "@tanstack/react-query";
import { Percent } from "lucide-react";
import { useTranslations } from "next-intl";
import { useLegName } from "@/components/trace/leg-name";
import { useTRPC } from "@/components/trpc";
import { VersionCard, VersionList } from "@/components/versions/version-list";
import { AppliesToText, FeeWords } from "./fee-words";
import type { FeeScheduleView } from "./types";

/** Every fee schedule: whose fee, how it is priced, for whom, and what is to come. */
export function FeesPage() {
  const trpc = useTRPC();
  const { data: schedules } = useSuspenseQuery(trpc.fees.list.queryOptions());
  return (
    <VersionList
      kind="fees"
      items={schedules}
      icon={<Percent />}
      card={(schedule) => <ScheduleCard schedule={schedule} />}
    />
  );
}

function ScheduleCard({ schedule }: { schedule: FeeScheduleView }) {
  const t = useTranslations("fees");
  const legName = useLegName();
  const { role, leg, currency } = schedule;
  return (
    <VersionCard
      kind="fees"
      of={schedule}
      description={`${t(`roles.${role}`)} · ${legName(leg)} · ${currency}`}
      words={({ definition }) => (
        <>
          <p className="text-sm font-medium">{t(`methods.${definition.method}`)}</p>
          <FeeWords definition={definition} currency={currency} />
          <p className="text-sm">
            <span className="text-muted-foreground">{t("fields.appliesTo")}</span>{" "}
            <AppliesToText appliesTo={definition.appliesTo} role={role} />
          </p>
        </>
      )}
    />
  );
}
