"use client";

import { useQuery } from "@tanstack/react-query";
import { CalendarPlus, Plus } from "lucide-react";
import { useTranslations } from "next-intl";
import { parseAsInteger, useQueryState } from "nuqs";
import { useMemo, useState } from "react";
import { dateIn } from "@/components/format/format";
import { useFormat } from "@/components/format/use-format";
import { useCan } from "@/components/layout/viewer";
import { useTRPC } from "@/components/trpc";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorAlert } from "@/components/ui/error-alert";
import { BusinessDate } from "@/components/ui/instant";
import { PageFrame } from "@/components/ui/page-frame";
import { Select } from "@/components/ui/select";
import { Skeleton } from "@/components/ui/skeleton";
import type { CalendarYear, YearDay } from "@/server/domain/calendar";
import { GapAlerts } from "./calendar-notice";
import { DayDialog } from "./day-dialog";
import { calendarGaps } from "./gaps";
import { MonthGrid } from "./month-grid";
import { YearDialog } from "./year-dialog";

const MONTHS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12] as const;

export function CalendarPage() {
  const t = useTranslations("calendar");
  const can = useCan();
  const { timeZone } = useFormat();
  const trpc = useTRPC();
  const today = dateIn(new Date(), timeZone);
  const thisYear = Number(today.slice(0, 4));
  const [asked, setAsked] = useQueryState("year", parseAsInteger);
  const [adding, setAdding] = useState(false);
  const years = useQuery(trpc.calendar.years.queryOptions());
  const known = years.data?.years ?? [];
  const year = asked ?? known.find((y) => y.year === thisYear)?.year ?? known[0]?.year ?? thisYear;
  const current = known.find((y) => y.year === year);
  const gaps = calendarGaps(known, today, { ahead: true });
  const write = can("calendar:write");
  const next = gaps.find(({ kind }) => kind === "missing")?.year ?? (known[0]?.year ?? thisYear) + 1;
  const add = write ? (
    <Button icon={<CalendarPlus aria-hidden />} onClick={() => setAdding(true)}>
      {t("addYear.action")}
    </Button>
  ) : null;
  return (
    <PageFrame
      title={t("title")}
      description={t("description")}
      actions={
        <>
          {known.length > 0 ? (
            <Select
              aria-label={t("year")}
              wrapperClassName="w-28"
              value={current ? String(year) : ""}
              placeholder={current ? undefined : "–"}
              onValueChange={(value) => void setAsked(Number(value))}
              options={known.map((y) => ({ value: String(y.year), label: String(y.year) }))}
            />
          ) : null}
          {add}
        </>
      }
    >
      {years.error ? <ErrorAlert error={years.error} onRetry={() => void years.refetch()} /> : null}
      {years.isPending ? <Skeleton className="h-96 w-full rounded-lg" /> : null}
      {years.data && known.length > 0 ? <GapAlerts gaps={gaps} /> : null}
      {years.data && known.length === 0 ? (
        <EmptyState title={t("empty.title")} description={t("empty.description")} actions={add} />
      ) : null}
      {current ? <Year year={current} write={write} /> : null}
      {adding ? (
        <YearDialog
          next={next}
          published={years.data?.published ?? []}
          onClose={() => setAdding(false)}
          onAdded={(added) => void setAsked(added)}
        />
      ) : null}
    </PageFrame>
  );
}

function Year({ year, write }: { year: CalendarYear; write: boolean }) {
  const t = useTranslations("calendar");
  const trpc = useTRPC();
  const dayName = useDayName();
  const [editing, setEditing] = useState<string | null>(null);
  const { data, error, refetch } = useQuery(trpc.calendar.year.queryOptions({ year: year.year }));
  const special = useMemo(
    () => new Map<string, YearDay>((data?.days ?? []).map((d) => [d.day, { ...d, name: dayName(d.name) }])),
    [data, dayName],
  );
  if (error) return <ErrorAlert error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton className="h-96 w-full rounded-lg" />;
  const source =
    year.source === "chinese-days" ? t("sources.chinese-days") : t("enteredBy", { name: year.source });
  return (
    <>
      <div className="flex flex-wrap items-center gap-2 text-sm">
        <span className="text-muted-foreground">{t("source")}</span>
        <span>{source}</span>
        <Badge tone="danger">{t("holidays", { count: year.holidays })}</Badge>
        <Badge tone="info">{t("madeUp", { count: year.madeUp })}</Badge>
      </div>
      <Card>
        <div className="grid gap-x-8 gap-y-6 sm:grid-cols-2 lg:grid-cols-3 2xl:grid-cols-4">
          {MONTHS.map((month) => (
            <MonthGrid
              key={month}
              year={year.year}
              month={month}
              special={special}
              onDay={write ? setEditing : null}
            />
          ))}
        </div>
      </Card>
      <Card
        title={t("list")}
        flush
        actions={
          write ? (
            <Button
              size="sm"
              variant="outline"
              icon={<Plus aria-hidden />}
              onClick={() => setEditing(`${year.year}-01-01`)}
            >
              {t("day.add")}
            </Button>
          ) : null
        }
      >
        {data.days.length === 0 ? (
          <p className="px-4 py-6 text-center text-sm text-muted-foreground">{t("none")}</p>
        ) : (
          <ul className="divide-y divide-border border-t border-border">
            {[...special.values()].map((d) => (
              <li key={d.day} className="flex items-center justify-between gap-4 px-4 py-2 text-sm">
                <span className="flex flex-wrap items-center gap-x-4 gap-y-1">
                  <BusinessDate day={d.day} />
                  <span>{d.name}</span>
                </span>
                <span className="flex items-center gap-2">
                  <Badge tone={d.working ? "info" : "danger"}>
                    {t(d.working ? "legend.madeUp" : "legend.holiday")}
                  </Badge>
                  {write ? (
                    <Button
                      size="sm"
                      variant="ghost"
                      aria-label={`${t("day.edit")} ${d.day}`}
                      onClick={() => setEditing(d.day)}
                    >
                      {t("day.edit")}
                    </Button>
                  ) : null}
                </span>
              </li>
            ))}
          </ul>
        )}
      </Card>
      {editing ? (
        <DayDialog
          key={editing}
          day={editing}
          entry={data.days.find((d) => d.day === editing)}
          onClose={() => setEditing(null)}
        />
      ) : null}
    </>
  );
}

/** Names come as announced, in Chinese; those we know are told in the reader's language. */
function useDayName(): (name: string) => string {
  const t = useTranslations("calendar.names");
  return useMemo(() => {
    return (name: string) => {
      const key = name as Parameters<typeof t>[0];
      return t.has(key) ? t(key) : name;
    };
  }, [t]);
}
