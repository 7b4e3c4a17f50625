"use client";

import dynamic from "next/dynamic";
import { useTranslations } from "next-intl";
import { useMemo } from "react";
import { formatCount, rateOfMillionths } from "@/components/format/format";
import { useFormat } from "@/components/format/use-format";
import { Skeleton } from "@/components/ui/skeleton";
import { ChartFrame } from "./chart-frame";
import type { Flow } from "./flow";
import {
  BAR_ROW_HEIGHT,
  type BarRow,
  type CurveChartProps,
  type RankingChartProps,
  type TimeSeriesChartProps,
  type WaterfallChartProps,
} from "./types";
import { waterfallRows } from "./waterfall";

export type { Flow } from "./flow";
export type {
  CurveChartProps,
  CurvePoint,
  RankingChartProps,
  RankingItem,
  TimePoint,
  TimeSeries,
  TimeSeriesChartProps,
  WaterfallChartProps,
  WaterfallStep,
} from "./types";

// The drawing library comes when a chart is shown; its place is kept, so that nothing jumps.
const Loading = () => <Skeleton className="h-full w-full rounded-md" />;
const TimeSeriesPlot = dynamic(() => import("./time-series-plot"), { ssr: false, loading: Loading });
const FlowPlot = dynamic(() => import("./flow-plot"), { ssr: false, loading: Loading });
const CurvePlot = dynamic(() => import("./curve-plot"), { ssr: false, loading: Loading });
const BarRowsPlot = dynamic(() => import("./bar-rows-plot"), { ssr: false, loading: Loading });

/** Amounts by day. */
export function TimeSeriesChart(props: TimeSeriesChartProps) {
  const { title, hideTitle, data, series, currency, height = 260 } = props;
  const t = useTranslations("common.chart");
  const format = useFormat();
  const show = (value: bigint) => (currency ? format.money(value, currency) : formatCount(value));
  return (
    <ChartFrame
      title={title}
      hideTitle={hideTitle}
      height={height}
      empty={data.length === 0}
      head={[t("date"), ...series.map((one) => one.label)]}
      rows={data.map((point) => ({
        id: point.day,
        label: format.day(point.day),
        values: series.map((one) => show(point.values[one.key] ?? 0n)),
      }))}
      legend={
        series.length > 1
          ? series.map((one, i) => ({ label: one.label, color: one.color ?? (i % 5) + 1 }))
          : []
      }
    >
      <TimeSeriesPlot {...props} height={height} />
    </ChartFrame>
  );
}

/** Who has most. */
export function RankingChart({ title, hideTitle, items, currency, signed }: RankingChartProps) {
  const t = useTranslations("common.chart");
  const format = useFormat();
  const rows = useMemo<BarRow[]>(
    () =>
      items.map((item) => {
        const text = currency ? format.money(item.value, currency) : formatCount(item.value);
        return {
          id: item.id,
          label: item.label,
          text: signed && item.value > 0n ? `+${text}` : text,
          low: item.value < 0n ? item.value : 0n,
          high: item.value < 0n ? 0n : item.value,
          tone: !signed ? "plain" : item.value < 0n ? "loss" : "gain",
          href: item.href,
        };
      }),
    [items, currency, signed, format],
  );
  return <BarRows title={title} hideTitle={hideTitle} rows={rows} nameHead={t("category")} />;
}

/** From gross to net, step by step; each bar opens its rows. */
export function WaterfallChart({ title, hideTitle, steps, currency }: WaterfallChartProps) {
  const t = useTranslations("common.chart");
  const format = useFormat();
  const rows = useMemo(
    () =>
      waterfallRows(steps, (amount, signed) => {
        const text = currency ? format.money(amount, currency) : formatCount(amount);
        return signed && amount > 0n ? `+${text}` : text;
      }),
    [steps, currency, format],
  );
  return <BarRows title={title} hideTitle={hideTitle} rows={rows} nameHead={t("category")} />;
}

/** Money from who pays, through the legs, to who gets. */
export function FlowChart({
  title,
  hideTitle,
  flows,
  currency,
}: {
  title: string;
  hideTitle?: boolean;
  flows: readonly Flow[];
  currency: string;
}) {
  const t = useTranslations("common.chart");
  const format = useFormat();
  const shown = flows.filter(({ amount }) => amount > 0n);
  return (
    <ChartFrame
      title={title}
      hideTitle={hideTitle}
      height={Math.min(420, 120 + shown.length * 36)}
      empty={shown.length === 0}
      head={[t("category"), t("value")]}
      rows={shown.map(({ id, label, from, to, amount }) => ({
        id,
        label: `${label}: ${from} → ${to}`,
        values: [format.money(amount, currency)],
      }))}
      legend={[]}
    >
      <FlowPlot flows={shown} show={(amount) => format.money(amount, currency)} />
    </ChartFrame>
  );
}

/** Rates over an amount, with a line at each edge. */
export function CurveChart(props: CurveChartProps) {
  const { title, hideTitle, points, series, edges, along, currency, height = 220 } = props;
  const format = useFormat();
  const told = new Set(edges.flatMap((edge) => [edge - 1n, edge]));
  return (
    <ChartFrame
      title={title}
      hideTitle={hideTitle}
      height={height}
      empty={points.length === 0}
      head={[along, ...series]}
      rows={points
        .filter(({ at }, i) => told.has(at) || i === points.length - 1)
        .map(({ at, rates }) => ({
          id: `${at}`,
          label: format.money(at, currency),
          values: rates.map((rate) => format.rate(rateOfMillionths(rate))),
        }))}
      legend={series.map((label, i) => ({ label, color: i + 1 }))}
    >
      <CurvePlot {...props} height={height} />
    </ChartFrame>
  );
}

function BarRows(props: { title: string; hideTitle?: boolean; rows: readonly BarRow[]; nameHead: string }) {
  const t = useTranslations("common.chart");
  const height = Math.max(1, props.rows.length) * BAR_ROW_HEIGHT + 8;
  return (
    <ChartFrame
      title={props.title}
      hideTitle={props.hideTitle}
      height={height}
      empty={props.rows.length === 0}
      head={[props.nameHead, t("value")]}
      rows={props.rows.map((row) => ({ id: row.id, label: row.label, href: row.href, values: [row.text] }))}
      legend={[]}
    >
      <BarRowsPlot rows={props.rows} height={height} />
    </ChartFrame>
  );
}
