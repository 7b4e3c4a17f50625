"use client";

import Link from "next/link";
import { useTranslations } from "next-intl";
import { useMemo } from "react";
import { RankingChart, TimeSeriesChart, WaterfallChart } from "@/components/charts";
import { formatCount } from "@/components/format/format";
import { useFormat } from "@/components/format/use-format";
import { StatementBadge } from "@/components/statements/state";
import { useLegName } from "@/components/trace/leg-name";
import { Card } from "@/components/ui/card";
import { Money } from "@/components/ui/money";
import { StatTile } from "@/components/ui/stat-tile";
import type {
  DayPoint,
  Falling,
  PartyOverview,
  Ranked,
  Totals,
  Unpaid,
  Waterfall,
} from "@/server/domain/reports";
import { waterfallSteps } from "./steps";

/** Keeps the chosen days on the way to other pages. */
export function rangeText({ from, to }: { from: string; to: string }): string {
  return `from=${from}&to=${to}`;
}

export function TodayTiles({
  now,
  currency,
  today,
}: {
  now: { today: Totals; lastWeek: Totals };
  currency: string;
  today: string;
}) {
  const t = useTranslations("overview.today");
  const rows = `/redemptions?from=${today}&to=${today}`;
  return (
    <>
      <StatTile
        label={t("gross")}
        value={<Money amount={now.today.gross} currency={currency} />}
        detail={<Compared now={now.today.gross} before={now.lastWeek.gross} />}
        href={rows}
      />
      <StatTile
        label={t("redemptions")}
        value={formatCount(now.today.trades)}
        detail={<Compared now={BigInt(now.today.trades)} before={BigInt(now.lastWeek.trades)} />}
        href={rows}
      />
      <StatTile
        label={t("discount")}
        value={<Money amount={now.today.discount} currency={currency} />}
        detail={
          now.today.reversals > 0 ? (
            t("reversed", { count: now.today.reversals })
          ) : (
            <Compared now={now.today.discount} before={now.lastWeek.discount} />
          )
        }
        href={rows}
      />
    </>
  );
}

/** Against the same weekday's whole day, so early in the day it is below. */
function Compared({ now, before }: { now: bigint; before: bigint }) {
  const t = useTranslations("overview.today");
  if (before <= 0n) return null;
  const tenths = ((now - before) * 1000n) / before;
  const size = tenths < 0n ? -tenths : tenths;
  const percent = `${size / 10n}.${size % 10n}%`;
  return t(tenths < 0n ? "down" : "up", { percent });
}

export function UnpaidTiles({
  unpaid,
  currency,
  own,
  always = false,
}: {
  unpaid: readonly Unpaid[];
  currency: string;
  own: boolean;
  /** Says also that nothing is to be paid. */
  always?: boolean;
}) {
  const t = useTranslations("overview.unpaid");
  const of = (kind: Unpaid["kind"]) => unpaid.find((u) => u.kind === kind && !u.carried);
  const payable = of("payable");
  const receivable = of("receivable");
  const open = "f.states=draft";
  return (
    <>
      {payable || !own || always ? (
        <StatTile
          label={t(own ? "dueToYou" : "toPay")}
          value={<Money amount={payable?.total ?? 0n} currency={currency} />}
          detail={t("count", { count: payable?.statements ?? 0 })}
          href={`/statements?f.kind=payable&${open}`}
        />
      ) : null}
      {receivable || !own ? (
        <StatTile
          label={t(own ? "youOwe" : "toCollect")}
          value={<Money amount={-(receivable?.total ?? 0n)} currency={currency} />}
          detail={t("count", { count: receivable?.statements ?? 0 })}
          href={`/statements?f.kind=receivable&${open}`}
        />
      ) : null}
    </>
  );
}

export function SeriesCard({
  series,
  currency,
  show,
  brand = false,
  supplier = false,
}: {
  series: readonly DayPoint[];
  currency: string;
  show: readonly ("cleared" | "due" | "owed" | "paid" | "received")[];
  /** Told to who owes: what falls due from it, and what it paid. */
  brand?: boolean;
  /** Told to who has no redemptions: what falls due to it, and what it was paid. */
  supplier?: boolean;
}) {
  const t = useTranslations("overview.series");
  const label = (key: (typeof show)[number]) =>
    t(brand && key === "owed" ? "ownOwed" : brand && key === "received" ? "ownPaid" : key);
  const data = useMemo(
    () =>
      series.map(({ day, cleared, due, owed, paid, received }) => ({
        day,
        values: { cleared, due, owed, paid, received },
      })),
    [series],
  );
  const title = t(brand || supplier ? "ownTitle" : "title");
  return (
    <Card title={title} description={t(brand || supplier ? "ownDescription" : "description")}>
      <TimeSeriesChart
        title={title}
        hideTitle
        currency={currency}
        data={data}
        series={show.map((key, i) => ({ key, label: label(key), kind: i === 0 ? "area" : "line" }))}
      />
    </Card>
  );
}

export function CountsCard({ series }: { series: readonly DayPoint[] }) {
  const t = useTranslations("overview.counts");
  const data = useMemo(
    () => series.map(({ day, trades }) => ({ day, values: { trades: BigInt(trades) } })),
    [series],
  );
  return (
    <Card title={t("title")}>
      <TimeSeriesChart
        title={t("title")}
        hideTitle
        data={data}
        series={[{ key: "trades", label: t("series"), kind: "bar" }]}
        height={180}
      />
    </Card>
  );
}

export function WaterfallCard({
  waterfall,
  currency,
  range,
  own,
}: {
  waterfall: Waterfall;
  currency: string;
  range: { from: string; to: string };
  own: boolean;
}) {
  const t = useTranslations("overview.waterfall");
  const legName = useLegName();
  const steps = useMemo(() => {
    const kept = rangeText(range);
    return waterfallSteps(
      waterfall,
      {
        gross: t("gross"),
        merchantDiscount: t("merchantDiscount"),
        discountOf: (leg) => t("discountOf", { funder: legName(leg) }),
        paid: t("paid"),
        subsidies: t("subsidies"),
        atTheTill: t("atTheTill"),
        leg: legName,
        refunds: t("refunds"),
        net: t(own ? "ownNet" : "net"),
      },
      {
        trades: `/redemptions?${kept}`,
        reversals: `/redemptions?${kept}&f.state=reversed`,
        statements: `/statements?${kept}&f.kind=payable`,
      },
    );
  }, [waterfall, range, t, legName, own]);
  const empty = waterfall.gross === 0n && waterfall.net === 0n;
  return (
    <Card title={t("title")} description={t(own ? "ownDescription" : "houseDescription")}>
      {empty ? (
        <p className="py-8 text-center text-sm text-muted-foreground">{t("empty")}</p>
      ) : (
        <WaterfallChart title={t("title")} hideTitle steps={steps} currency={currency} />
      )}
    </Card>
  );
}

export function TopCard({
  title,
  description,
  items,
  currency,
  href,
  value = (item) => item.gross,
}: {
  title: string;
  description: string;
  items: readonly (Ranked & { cost?: bigint })[];
  currency: string;
  href?: (item: Ranked) => string;
  value?: (item: Ranked & { cost?: bigint }) => bigint;
}) {
  const t = useTranslations("overview.top");
  const rows = items.filter((item) => value(item) !== 0n);
  return (
    <Card title={title} description={description}>
      {rows.length === 0 ? (
        <p className="py-8 text-center text-sm text-muted-foreground">{t("empty")}</p>
      ) : (
        <RankingChart
          title={title}
          hideTitle
          currency={currency}
          items={rows.map((item) => ({
            id: item.id,
            label: item.name,
            value: value(item),
            href: href?.(item),
          }))}
        />
      )}
    </Card>
  );
}

/** What is posted and not stated, by the day it falls due. */
export function FallingCard({
  falling,
  currency,
  today,
  own,
  lastRun,
}: {
  falling: Falling;
  currency: string;
  today: string;
  own: boolean;
  lastRun?: { id: string; number: string; statements: number } | null;
}) {
  const t = useTranslations("overview.openDay");
  const format = useFormat();
  const days = falling.days.filter((d) => d.payable !== 0n || d.receivable !== 0n);
  const later = falling.later;
  const hasLater = later.payable !== 0n || later.receivable !== 0n;
  const shows = (kind: "payable" | "receivable") =>
    !own || later[kind] !== 0n || days.some((d) => d[kind] !== 0n);
  const kinds = (["payable", "receivable"] as const).filter(shows);
  const never = falling.closedThrough.getTime() === 0;
  const heading = {
    payable: own ? "duePayable" : "payable",
    receivable: own ? "dueReceivable" : "receivable",
  } as const;
  const amount = (sum: { payable: bigint; receivable: bigint }, kind: "payable" | "receivable") =>
    kind === "receivable" ? -sum.receivable : sum.payable;
  return (
    <Card
      title={t("title")}
      description={t("description")}
      flush
      footer={
        <div className="flex flex-wrap justify-between gap-x-4 gap-y-1 text-xs text-muted-foreground">
          <span>
            {never ? t("never") : t("closedThrough", { at: format.instant(falling.closedThrough) })}
          </span>
          {lastRun ? (
            <Link
              href={`/statements?f.runId=${lastRun.id}`}
              className="text-primary underline-offset-4 hover:underline"
            >
              {t("lastRun", { number: lastRun.number, count: lastRun.statements })}
            </Link>
          ) : null}
        </div>
      }
    >
      {days.length === 0 && !hasLater ? (
        <p className="px-4 py-8 text-center text-sm text-muted-foreground">{t("nothing")}</p>
      ) : (
        <table className="w-full text-sm">
          <caption className="sr-only">{t("title")}</caption>
          <thead className="text-xs text-muted-foreground">
            <tr className="border-y border-border">
              <th scope="col" className="py-2 ps-4 pe-2 text-start font-medium">
                {t("day")}
              </th>
              {kinds.map((kind) => (
                <th key={kind} scope="col" className="px-2 py-2 text-end font-medium last:pe-4">
                  {t(heading[kind])}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {days.map((sum) => (
              <tr key={sum.day} className="border-b border-border last:border-0">
                <th scope="row" className="py-2 ps-4 pe-2 text-start font-normal">
                  <time dateTime={sum.day} title={format.day(sum.day)} className="figure me-2">
                    {format.dayShort(sum.day)}
                  </time>
                  {sum.day < today ? <span className="text-xs text-warning">{t("waiting")}</span> : null}
                </th>
                {kinds.map((kind) => (
                  <td key={kind} className="px-2 py-2 text-end last:pe-4">
                    <Money amount={amount(sum, kind)} currency={currency} toned />
                  </td>
                ))}
              </tr>
            ))}
            {hasLater ? (
              <tr>
                <th scope="row" className="py-2 ps-4 pe-2 text-start font-normal">
                  {t("later")}
                </th>
                {kinds.map((kind) => (
                  <td key={kind} className="px-2 py-2 text-end last:pe-4">
                    <Money amount={amount(later, kind)} currency={currency} toned />
                  </td>
                ))}
              </tr>
            ) : null}
          </tbody>
        </table>
      )}
    </Card>
  );
}

export function LastStatements({
  statements,
  currency,
}: {
  statements: PartyOverview["statements"];
  currency: string;
}) {
  const t = useTranslations("overview.statements");
  const format = useFormat();
  return (
    <Card
      title={t("title")}
      flush
      footer={
        <Link href="/statements" className="text-primary underline-offset-4 hover:underline">
          {t("all")}
        </Link>
      }
    >
      {statements.length === 0 ? (
        <p className="px-4 py-8 text-center text-sm text-muted-foreground">{t("empty")}</p>
      ) : (
        <ul className="divide-y divide-border border-t border-border">
          {statements.map((s) => (
            <li key={s.id}>
              <Link
                href={`/statements/${s.id}`}
                className="flex flex-wrap items-center justify-between gap-x-3 gap-y-1 px-4 py-2.5 hover:bg-accent/40"
              >
                <span className="min-w-0">
                  <span className="figure text-sm font-medium">{s.number}</span>
                  <span className="block text-xs text-muted-foreground">
                    {s.paidAt
                      ? t("paidAt", { at: format.instant(s.paidAt) })
                      : t("through", { at: format.instant(s.dueThrough) })}
                  </span>
                </span>
                <span className="ms-auto flex items-center gap-2">
                  <Money amount={s.total} currency={currency} toned className="text-sm font-medium" />
                  <StatementBadge state={s.state} />
                </span>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
