"use client";

import {
  CartesianGrid,
  Line,
  LineChart,
  ReferenceLine,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from "recharts";
import { formatMoneyShort, rateOfMillionths } from "@/components/format/format";
import { useFormat } from "@/components/format/use-format";
import { currencyExponent } from "@/server/core/money";
import { ticksUpTo } from "./ticks";
import type { CurveChartProps, CurvePoint } from "./types";

const TICK = { fill: "var(--muted-foreground)", fontSize: 11 };

export default function CurvePlot({
  points,
  series,
  edges,
  currency,
  height,
}: CurveChartProps & { height: number }) {
  const format = useFormat();
  const exponent = currencyExponent(currency);
  const short = (amount: number | bigint) => formatMoneyShort(BigInt(amount), exponent, format.locale);
  const rate = (millionths: bigint) => format.rate(rateOfMillionths(millionths));
  // A least fee makes small volumes dear without bound: what is above twice the highest band is cut.
  const highest = points.reduce((most, { rates: [first = 0n] }) => (first > most ? first : most), 1n);
  const over = points.some(({ rates }) => rates.some((one) => one > highest));
  const ticks = ticksUpTo(Number(highest) * (over ? 2 : 1.1));
  return (
    <ResponsiveContainer width="100%" height={height}>
      <LineChart
        data={points as CurvePoint[]}
        margin={{ top: 16, right: 16, bottom: 0, left: 0 }}
        accessibilityLayer={false}
      >
        <CartesianGrid vertical={false} stroke="var(--border)" />
        <XAxis
          type="number"
          dataKey={({ at }: CurvePoint) => Number(at)}
          domain={[0, "dataMax"]}
          tickFormatter={(value: number) => short(Math.round(value))}
          tick={TICK}
          tickLine={false}
          axisLine={{ stroke: "var(--border)" }}
          tickMargin={6}
        />
        <YAxis
          width={52}
          domain={[0, ticks.at(-1) ?? 1]}
          ticks={ticks}
          allowDataOverflow
          tickFormatter={(value: number) => rate(BigInt(Math.round(value)))}
          tick={TICK}
          tickLine={false}
          axisLine={false}
          interval={0}
        />
        <Tooltip
          isAnimationActive={false}
          cursor={{ stroke: "var(--border)" }}
          content={({ active, payload }) => {
            const point = payload?.[0]?.payload as CurvePoint | undefined;
            if (!active || !point) return null;
            return (
              <div className="rounded-md border border-border bg-popover px-3 py-2 text-xs shadow-pop">
                <p className="figure mb-1 font-medium">{format.money(point.at, currency)}</p>
                {series.map((label, i) => (
                  <p key={label} className="flex items-center gap-2">
                    <span className="size-2 rounded-xs" style={{ background: `var(--chart-${i + 1})` }} />
                    <span className="text-muted-foreground">{label}</span>
                    <span className="figure ms-auto ps-3">{rate(point.rates[i] ?? 0n)}</span>
                  </p>
                ))}
              </div>
            );
          }}
        />
        {edges.map((edge) => (
          <ReferenceLine
            key={`${edge}`}
            x={Number(edge)}
            stroke="var(--muted-foreground)"
            strokeDasharray="2 3"
            label={{ value: short(edge), position: "top", ...TICK }}
          />
        ))}
        {series.map((label, i) => (
          <Line
            key={label}
            type="linear"
            dataKey={({ rates }: CurvePoint) => Number(rates[i] ?? 0n)}
            name={label}
            stroke={`var(--chart-${i + 1})`}
            strokeWidth={2}
            strokeDasharray={i === 0 ? undefined : "6 3"}
            dot={false}
            isAnimationActive={false}
          />
        ))}
      </LineChart>
    </ResponsiveContainer>
  );
}
