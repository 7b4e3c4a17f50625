"use client";

import { ResponsiveContainer, Sankey, type SankeyNodeProps } from "recharts";
import { type Flow, type FlowNode, flowGraph } from "./flow";

/** Who pays on the left, who gets on the right, the flows between them; a party that does both stands on both sides. */
export default function FlowPlot({
  flows,
  show,
}: {
  flows: readonly Flow[];
  show: (amount: bigint) => string;
}) {
  const graph = flowGraph(flows);
  return (
    <ResponsiveContainer width="100%" height="100%">
      <Sankey
        data={graph}
        nodePadding={26}
        nodeWidth={8}
        iterations={32}
        sort={false}
        accessibilityLayer={false}
        margin={{ top: 14, right: 8, bottom: 14, left: 8 }}
        link={{ stroke: "var(--chart-1)", strokeOpacity: 0.28 }}
        node={({ x, y, width, height, payload }: SankeyNodeProps) => (
          <Node box={{ x, y, width, height }} of={payload as unknown as FlowNode} show={show} />
        )}
      />
    </ResponsiveContainer>
  );
}

/** Legs and payees share the right half: the ones stand a little above their line, the others below. */
const SHIFT = { from: 0, leg: -7, to: 7 } as const;

function Node({
  box: { x, y, width, height },
  of: payload,
  show,
}: {
  box: { x: number; y: number; width: number; height: number };
  of: FlowNode;
  show: (amount: bigint) => string;
}) {
  const right = payload.side === "to";
  const middle = y + height / 2;
  return (
    <g>
      <rect
        x={x}
        y={y}
        width={width}
        height={Math.max(1, height)}
        rx={2}
        fill={payload.side === "leg" ? "var(--chart-2)" : "var(--chart-1)"}
      />
      <text
        x={right ? x - 6 : x + width + 6}
        y={middle + SHIFT[payload.side]}
        dy="0.35em"
        fontSize={11}
        textAnchor={right ? "end" : "start"}
        fill="var(--foreground)"
        stroke="var(--card)"
        strokeWidth={3}
        strokeLinejoin="round"
        paintOrder="stroke"
        style={{ fontVariantNumeric: "tabular-nums" }}
      >
        {payload.name}
        {payload.side === "leg" ? null : ` ${show(payload.amount)}`}
      </text>
    </g>
  );
}
