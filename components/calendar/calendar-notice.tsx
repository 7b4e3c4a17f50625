"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { dateIn } from "@/components/format/format";
import { useFormat } from "@/components/format/use-format";
import { useCan } from "@/components/layout/viewer";
import { useTRPC } from "@/components/trpc";
import { Alert } from "@/components/ui/alert";
import { LinkButton } from "@/components/ui/button";
import { type CalendarGap, calendarGaps } from "./gaps";

/** Years without data, or without a holiday, and what that means for the money. */
export function GapAlerts({ gaps, link = false }: { gaps: readonly CalendarGap[]; link?: boolean }) {
  const t = useTranslations("calendar");
  return gaps.map(({ year, kind }) => (
    <Alert
      key={year}
      tone="warning"
      live={false}
      title={t(kind, { year: String(year) })}
      actions={
        link ? (
          <LinkButton size="sm" variant="outline" href="/calendar">
            {t("open")}
          </LinkButton>
        ) : undefined
      }
    >
      {t(`${kind}Description`)}
    </Alert>
  ));
}

/** The same beside what is settled by it, for those who may read the calendar. */
export function CalendarNotice() {
  const trpc = useTRPC();
  const { timeZone } = useFormat();
  const years = useQuery(trpc.calendar.years.queryOptions(undefined, { enabled: useCan()("calendar:read") }));
  if (!years.data) return null;
  const today = dateIn(new Date(), timeZone);
  return <GapAlerts gaps={calendarGaps(years.data.years, today, { ahead: false })} link />;
}
