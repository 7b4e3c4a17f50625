/** Amounts are exact `bigint`s up to the label; a number is made only to place a pixel. */

interface ChartBase {
  /** What it shows: the caption of the figure and of its table. */
  title: string;
  /** Left out, the values are counts. */
  currency?: string;
  /** Hides the caption where a card's heading says it already. */
  hideTitle?: boolean;
}

export interface TimePoint {
  /** A business date, "2026-11-21". */
  day: string;
  values: Readonly<Record<string, bigint>>;
}

export interface TimeSeries {
  key: string;
  label: string;
  kind?: "area" | "bar" | "line";
  /** 1–5, of the palette; by place if left out. */
  color?: 1 | 2 | 3 | 4 | 5;
}

export interface TimeSeriesChartProps extends ChartBase {
  data: readonly TimePoint[];
  series: readonly TimeSeries[];
  stacked?: boolean;
  height?: number;
}

export interface RankingItem {
  id: string;
  label: string;
  value: bigint;
  href?: string;
}

export interface RankingChartProps extends ChartBase {
  items: readonly RankingItem[];
  /** What is gained and what is lost: a plus before the one, and colours of their own. */
  signed?: boolean;
}

export interface WaterfallStep {
  id: string;
  label: string;
  /** Of a `change`, what it adds (negative: takes); of `start` and `total`, the level itself. */
  amount: bigint;
  kind: "start" | "change" | "total";
  /** Opens the rows behind the bar. */
  href?: string;
}

export interface WaterfallChartProps extends ChartBase {
  steps: readonly WaterfallStep[];
}

/** Rates over an amount, in millionths. */
export interface CurvePoint {
  at: bigint;
  rates: readonly bigint[];
}

export interface CurveChartProps extends ChartBase {
  currency: string;
  /** What runs along the bottom. */
  along: string;
  /** Ascending. */
  points: readonly CurvePoint[];
  /** Names of the rates, in the order of each point's. */
  series: readonly string[];
  /** Amounts with a line of their own. */
  edges: readonly bigint[];
  height?: number;
}

/** A bar from `low` to `high`, in a row of its own. */
export interface BarRow {
  id: string;
  label: string;
  text: string;
  low: bigint;
  high: bigint;
  tone: "plain" | "gain" | "loss" | "total";
  href?: string;
}
export const BAR_ROW_HEIGHT = 34;
