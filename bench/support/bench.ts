import type { Say } from "@/server/ops/say";

/** What a benchmark gets: a migrated, durable database of its own. */
export interface BenchSetting {
  /** The owner's address. */
  url: string;
  /** 1 is the size that the goals speak of; KAQING_BENCH_SCALE makes it smaller. */
  scale: number;
  say: Say;
}

/** One line of the table. `ratio` is value to floor, or floor to value where less is better. */
export interface Measurement {
  name: string;
  value: number;
  unit: string;
  floor: number | null;
  ratio: number | null;
  goal: string;
  met: boolean;
  /** What the floor was, and what else a reader should know. */
  note?: string;
}

/** Each bench/<name>.ts exports one as its default. */
export type Benchmark = (setting: BenchSetting) => Promise<Measurement[]>;

export function seconds(since: bigint): number {
  return Number(process.hrtime.bigint() - since) / 1e9;
}

export function quantile(sorted: readonly number[], q: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? Number.NaN;
}

export function rounded(value: number, digits = 2): number {
  return Number(value.toFixed(digits));
}
