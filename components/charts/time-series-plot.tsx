"use client";

import {
  Area,
  Bar,
  CartesianGrid,
  ComposedChart,
  Line,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from "recharts";
import { formatCount, formatMoneyShort } from "@/components/format/format";
import { useFormat } from "@/components/format/use-format";
import { currencyExponent } from "@/server/core/money";
import { axisOfSlightlyNegative } from "./ticks";
import type { TimePoint, TimeSeries, TimeSeriesChartProps } from "./types";

type Plotted = TimePoint & { pixel: Record<string, number> };

export default function TimeSeriesPlot(props: TimeSeriesChartProps & { height: number }) {
  const { data, series, currency, stacked, height } = props;
  const format = useFormat();
  const exponent = currency ? currencyExponent(currency) : 0;
  const show = (value: bigint) => (currency ? format.money(value, currency) : formatCount(value));
  const plotted: Plotted[] = data.map((point) => ({
    ...point,
    pixel: Object.fromEntries(series.map(({ key }) => [key, Number(point.values[key] ?? 0n)])),
  }));
  const axis = stacked ? null : axisOfSlightlyNegative(plotted.flatMap(({ pixel }) => Object.values(pixel)));
  return (
    <ResponsiveContainer width="100%" height={height}>
      <ComposedChart
        data={plotted}
        margin={{ top: 8, right: 8, bottom: 0, left: 0 }}
        accessibilityLayer={false}
        barCategoryGap="20%"
      >
        <CartesianGrid vertical={false} stroke="var(--border)" />
        <XAxis
          dataKey="day"
          tickFormatter={format.dayShort}
          tick={{ fill: "var(--muted-foreground)", fontSize: 11 }}
          tickLine={false}
          axisLine={{ stroke: "var(--border)" }}
          minTickGap={28}
          tickMargin={6}
        />
        <YAxis
          width={52}
          tickFormatter={(value: number) =>
            formatMoneyShort(BigInt(Math.round(value)), exponent, format.locale)
          }
          tick={{ fill: "var(--muted-foreground)", fontSize: 11 }}
          tickLine={false}
          axisLine={false}
          tickCount={5}
          domain={axis?.domain}
          ticks={axis?.ticks}
        />
        <Tooltip
          isAnimationActive={false}
          cursor={{ fill: "var(--accent)", stroke: "var(--border)", opacity: 0.6 }}
          content={({ active, payload }) => {
            const point = payload?.[0]?.payload as Plotted | undefined;
            if (!active || !point) return null;
            return (
              <div className="rounded-md border border-border bg-popover px-3 py-2 text-xs shadow-pop">
                <p className="mb-1 font-medium">{format.day(point.day)}</p>
                {series.map((one, i) => (
                  <p key={one.key} className="flex items-center gap-2">
                    <span className="size-2 rounded-xs" style={{ background: colorOf(one, i) }} />
                    <span className="text-muted-foreground">{one.label}</span>
                    <span className="figure ms-auto ps-3">{show(point.values[one.key] ?? 0n)}</span>
                  </p>
                ))}
              </div>
            );
          }}
        />
        {series.map((one, i) => {
          const common = {
            key: one.key,
            dataKey: (point: Plotted) => point.pixel[one.key],
            name: one.label,
            isAnimationActive: false,
            stackId: stacked ? "one" : undefined,
          };
          const color = colorOf(one, i);
          const { key, ...rest } = common;
          switch (one.kind ?? "area") {
            case "bar":
              return (
                <Bar key={key} {...rest} fill={color} radius={stacked ? 0 : [2, 2, 0, 0]} maxBarSize={36} />
              );
            case "line":
              return <Line key={key} {...rest} type="monotone" stroke={color} strokeWidth={2} dot={false} />;
            case "area":
              return (
                <Area
                  key={key}
                  {...rest}
                  type="monotone"
                  stroke={color}
                  strokeWidth={2}
                  fill={color}
                  fillOpacity={0.14}
                />
              );
          }
          return null;
        })}
      </ComposedChart>
    </ResponsiveContainer>
  );
}

function colorOf(series: TimeSeries, place: number): string {
  return `var(--chart-${series.color ?? (place % 5) + 1})`;
}
