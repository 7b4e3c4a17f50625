"use client";

import type { inferRouterOutputs } from "@trpc/server";
import { useLocale, useTranslations } from "next-intl";
import { formatMoneyShort } from "@/components/format/format";
import { useFormat } from "@/components/format/use-format";
import { useLegName } from "@/components/trace/leg-name";
import { Card } from "@/components/ui/card";
import { cn } from "@/components/ui/cn";
import { DescriptionList } from "@/components/ui/description-list";
import { Money } from "@/components/ui/money";
import { currencyExponent } from "@/server/core/money";
import type { AppRouter } from "@/server/trpc/root";
import { barSegments } from "./band-bar";

export type Month = inferRouterOutputs<AppRouter>["fees"]["progress"][number];

/** Where a month stands under one fee schedule: volume, rate, the next band and what it brings, what it comes to. */
export function MonthCard({ month, own }: { month: Month; own: boolean }) {
  const t = useTranslations("months");
  const format = useFormat();
  const legName = useLegName();
  const { schedule, currency, volume, count, charged, rate, leg, period } = month;
  const pays = month.pays ? "yes" : "no";
  return (
    <Card
      title={t(own ? "own" : "staff", { month: format.month(period) })}
      description={`${legName(leg)} · ${schedule.number} ${schedule.name}`}
    >
      <div className="space-y-3">
        <DescriptionList
          className="grid-cols-2 sm:grid-cols-3"
          columns={1}
          items={[
            {
              label: t("volume"),
              value: (
                <>
                  <Money amount={volume} currency={currency} className="font-semibold" />
                  <p className="text-xs text-muted-foreground">{t("count", { count })}</p>
                </>
              ),
            },
            {
              label: t("rate", { pays }),
              value: <span className="figure font-semibold">{format.rate(rate)}</span>,
            },
            { label: t("charged", { pays }), value: <Money amount={charged} currency={currency} /> },
          ]}
        />
        {month.bands.length > 1 ? <BandBar month={month} /> : null}
        <Next month={month} />
        <Ending month={month} />
      </div>
    </Card>
  );
}

function BandBar({ month: { bands, volume, currency, next, rate } }: { month: Month }) {
  const t = useTranslations("months");
  const locale = useLocale();
  const format = useFormat();
  const segments = barSegments(bands, volume);
  const current = segments.find((one) => one.current);
  const edge = (from: bigint) => formatMoneyShort(from, currencyExponent(currency), locale);
  return (
    <div
      role="progressbar"
      aria-label={t("bar")}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.floor((current?.filled ?? 0) / 10)}
      aria-valuetext={
        next
          ? t("barText", {
              rate: format.rate(rate),
              missing: format.money(next.missing, currency),
              next: format.rate(next.rate),
            })
          : t("last")
      }
    >
      <div aria-hidden className="flex gap-0.5">
        {segments.map(({ from, filled, current, rate }) => (
          <div key={`${from}`} className="min-w-0 flex-1">
            <p className={cn("figure mb-1 text-xs", current ? "font-semibold" : "text-muted-foreground")}>
              {format.rate(rate)}
            </p>
            <div className="h-2.5 overflow-hidden rounded-xs bg-secondary">
              <div className="h-full bg-primary" style={{ width: `${filled / 10}%` }} />
            </div>
            <p className="figure mt-1 text-xs text-muted-foreground">{edge(from)}</p>
          </div>
        ))}
      </div>
    </div>
  );
}

/** What is missing to the next band, and what it brings. */
function Next({ month: { next, currency, pays, bands } }: { month: Month }) {
  const t = useTranslations("months");
  const format = useFormat();
  if (!next) return bands.length > 1 ? <p className="text-sm">{t("last")}</p> : null;
  const money = (amount: bigint) => format.money(amount, currency);
  const size = next.gain < 0n ? -next.gain : next.gain;
  const better = next.gain >= 0n;
  const way = pays ? (better ? "saves" : "costs") : better ? "brings" : "loses";
  return (
    <p className="text-sm">
      {t("next", { missing: money(next.missing), from: money(next.from), rate: format.rate(next.rate) })}{" "}
      {size === 0n
        ? null
        : next.per === null
          ? t("gainWhole", { way, gain: money(size) })
          : t("gainPer", { way, gain: money(size), per: money(next.per) })}
    </p>
  );
}

/** What the month comes to as it stands, where that is not what was charged. */
function Ending({ month: { comesTo, charged, currency, pays } }: { month: Month }) {
  const t = useTranslations("months");
  const format = useFormat();
  const lacks = comesTo - charged;
  if (lacks === 0n) return null;
  const way = pays ? (lacks > 0n ? "charged" : "givenBack") : lacks > 0n ? "paid" : "takenBack";
  return (
    <p className="rounded-md bg-muted px-3 py-2 text-sm">
      {t("ending", {
        comesTo: format.money(comesTo, currency),
        way,
        amount: format.money(lacks < 0n ? -lacks : lacks, currency),
      })}
    </p>
  );
}
