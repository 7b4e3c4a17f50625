import type { TradeFee } from "./schema/types";

/**
 * What a trade keeps of its fees, as text: a JSON array of a JSON array a fee, its values in the order of `TradeFee`.
 * Written by every posting, and hardly ever looked into by the database, which as jsonb would take it apart each time.
 * In SQL `trade_fees(fees)` tells them as rows.
 */
export function packFees(fees: readonly TradeFee[]): string;
export function packFees(fees: readonly TradeFee[] | null | undefined): string | null;
export function packFees(fees: readonly TradeFee[] | null | undefined): string | null {
  if (!fees) return null;
  return JSON.stringify(
    fees.map((f) => [f.leg, f.version, f.party, f.period, f.volume, f.count, f.charged, f.base, f.amount]),
  );
}

type PackedFee = [string, string, string, string, string, number, string, string, string];

export function unpackFees(packed: string): TradeFee[];
export function unpackFees(packed: string | null): TradeFee[] | null;
export function unpackFees(packed: string | null): TradeFee[] | null {
  if (packed === null) return null;
  return (JSON.parse(packed) as PackedFee[]).map(
    ([leg, version, party, period, volume, count, charged, base, amount]) => ({
      leg,
      version,
      party,
      period,
      volume,
      count,
      charged,
      base,
      amount,
    }),
  );
}
