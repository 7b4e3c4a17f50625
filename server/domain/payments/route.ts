import { channelFeeOf, type FeeTerms, type ScheduledFee } from "../clearing";
import type { RoutingVerdict } from "./schemas";

/** What the router needs to know of a channel. */
export interface Candidate extends FeeTerms {
  channelId: string;
  name: string;
  enabled: boolean;
  minAmount: bigint | null;
  maxAmount: bigint | null;
  currency: string;
  /** What its fee schedule would charge now, where it has one. */
  scheduled?: ScheduledFee | null;
}

/** One channel compared. */
export interface Considered {
  channelId: string;
  name: string;
  verdict: RoutingVerdict;
  /** What it would charge, in minor units. */
  fee: string;
  /** Why the fee is not rate × amount, if it is not. */
  bound: "min" | "max" | null;
  feeRate: string;
  /** Number of the fee schedule that it is charged by, if it is. */
  schedule: string | null;
}

export interface Routing {
  channelId: string | null;
  /** Those that fit, cheapest first; then the others. */
  considered: Considered[];
}

/** The cheapest channel that takes the amount; of equally cheap ones the first by name, then by id. */
export function route(amount: bigint, currency: string, candidates: readonly Candidate[]): Routing {
  const compared = candidates.map((candidate) => {
    const fee = candidate.scheduled?.amount ?? channelFeeOf(amount, candidate);
    return { candidate, fee, misfit: misfitOf(candidate, amount, currency) };
  });
  compared.sort(
    (a, b) =>
      Number(a.misfit !== null) - Number(b.misfit !== null) ||
      order(a.fee, b.fee) ||
      order(a.candidate.name, b.candidate.name) ||
      order(a.candidate.channelId, b.candidate.channelId),
  );
  const best = compared[0]?.misfit === null ? compared[0] : null;
  return {
    channelId: best?.candidate.channelId ?? null,
    considered: compared.map((one) => ({
      channelId: one.candidate.channelId,
      name: one.candidate.name,
      verdict: one.misfit ?? (one === best ? "chosen" : one.fee === best?.fee ? "same_fee" : "dearer"),
      fee: one.fee.toString(),
      bound:
        one.candidate.scheduled || one.fee === channelFeeOf(amount, unbounded(one.candidate))
          ? null
          : boundOf(one),
      feeRate: one.candidate.feeRate,
      schedule: one.candidate.scheduled?.schedule ?? null,
    })),
  };
}

function misfitOf(c: Candidate, amount: bigint, currency: string): RoutingVerdict | null {
  if (!c.enabled) return "off";
  if (c.currency !== currency) return "other_currency";
  if (c.minAmount !== null && amount < c.minAmount) return "below_min";
  if (c.maxAmount !== null && amount > c.maxAmount) return "above_max";
  return null;
}

function unbounded(terms: FeeTerms): FeeTerms {
  return { feeRate: terms.feeRate, feeMin: null, feeMax: null };
}

function boundOf({ candidate, fee }: { candidate: Candidate; fee: bigint }): "min" | "max" {
  return fee === candidate.feeMin ? "min" : "max";
}

function order<T extends bigint | string>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
