"use client";

import { useRouter } from "next/navigation";
import { useEffect, useRef, useState } from "react";
import { Bar, BarChart, Cell, ReferenceLine, ResponsiveContainer, XAxis, YAxis } from "recharts";
import type { BarRow } from "./types";

const FILL = {
  plain: "var(--chart-1)",
  total: "var(--chart-2)",
  gain: "var(--chart-1)",
  loss: "var(--chart-5)",
} as const;

/** Bars in rows: the name on the left, the exact figure on the right, and between them what the eye compares. */
export default function BarRowsPlot({ rows, height }: { rows: readonly BarRow[]; height: number }) {
  const router = useRouter();
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const nameWidth = Math.round(Math.min(176, Math.max(84, width * 0.28)));
  const textWidth = Math.max(...rows.map((row) => textPixels(row.text))) + 14;
  const data = rows.map((row) => ({ ...row, span: [Number(row.low), Number(row.high)] }));
  const linked = rows.some((row) => row.href);
  return (
    <div ref={box} className="h-full w-full">
      <ResponsiveContainer width="100%" height={height}>
        <BarChart
          data={data}
          layout="vertical"
          margin={{ top: 2, right: 0, bottom: 2, left: 0 }}
          accessibilityLayer={false}
          barCategoryGap={7}
        >
          <XAxis
            type="number"
            hide
            domain={[(low: number) => Math.min(0, low), (high: number) => Math.max(0, high)]}
          />
          <YAxis
            type="category"
            dataKey="id"
            width={nameWidth}
            interval={0}
            axisLine={false}
            tickLine={false}
            tick={({ y, index }: { y: number | string; index: number }) => {
              const label = rows[index]?.label ?? "";
              return (
                <g>
                  <title>{label}</title>
                  <text x={0} y={Number(y)} dy="0.35em" fontSize={12} fill="var(--foreground)">
                    {cut(label, nameWidth - 10)}
                  </text>
                </g>
              );
            }}
          />
          <YAxis
            yAxisId="text"
            orientation="right"
            type="category"
            dataKey="id"
            width={textWidth}
            interval={0}
            axisLine={false}
            tickLine={false}
            tick={({ x, y, index }: { x: number | string; y: number | string; index: number }) => (
              <text
                x={Number(x) + textWidth - 8}
                y={Number(y)}
                dy="0.35em"
                fontSize={12}
                textAnchor="end"
                fill="var(--foreground)"
                style={{ fontVariantNumeric: "tabular-nums" }}
              >
                {rows[index]?.text}
              </text>
            )}
          />
          <ReferenceLine x={0} stroke="var(--border)" />
          <Bar
            dataKey="span"
            radius={2}
            minPointSize={2}
            isAnimationActive={false}
            cursor={linked ? "pointer" : undefined}
            onClick={(_, index) => {
              const href = rows[index]?.href;
              if (href) router.push(href);
            }}
          >
            {rows.map((row) => (
              <Cell
                key={row.id}
                fill={FILL[row.tone]}
                className={row.href ? "hover:opacity-80" : undefined}
              />
            ))}
          </Bar>
        </BarChart>
      </ResponsiveContainer>
    </div>
  );
}

/** About how wide a text is at 12 px: CJK is square, figures are little more than half of it. */
function textPixels(text: string): number {
  let width = 0;
  for (const char of text) width += char > "\u2e7f" ? 12 : 7;
  return width;
}

function cut(label: string, room: number): string {
  if (textPixels(label) <= room) return label;
  let kept = "";
  for (const char of label) {
    if (textPixels(kept + char) > room - 10) break;
    kept += char;
  }
  return `${kept}…`;
}

function useWidth(box: React.RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(480);
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const observer = new ResizeObserver(([entry]) => {
      if (entry) setWidth(entry.contentRect.width);
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [box]);
  return width;
}
