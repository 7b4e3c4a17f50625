import { rateOfMillionths } from "@/components/format/format";
import { currencyExponent, isCurrency, type Rate, type RoundingMode, rateParts } from "@/server/core/money";
import {
  type FeeAppliesTo,
  type FeeDraft,
  type FeeMethod,
  type FeeRole,
  type FeeScheduleDefinition,
  type FeeScope,
  LEG_OF_ROLE,
  type SaveFeeDraftInput,
} from "@/server/domain/clearing/fees/schemas";
import { type FeeBearer, legCode } from "@/server/domain/clearing/schemas";

/** What the editor holds. Values are as they could be read: null while there is nothing, or nothing that can be. */
export interface FeeDoc {
  name: string;
  scope: FeeScope;
  method: FeeMethod;
  /** The first begins at zero, each other where the one before ends. Kept whole while `flat` is tried, which has the first. */
  bands: BandRow[];
  fixed: TypedAmount;
  min: TypedAmount;
  max: TypedAmount;
  rounding: RoundingMode;
  bearer: FeeBearer | null;
  appliesTo: FeeAppliesTo;
  /** A day of the tenant's zone; null: as soon as it is published. */
  effectiveFrom: string | null;
  note: string;
}
export interface BandRow {
  key: string;
  /** Minor units. */
  from: string | null;
  rate: Rate | null;
}
/** Minor units; null where the field is empty, "" where nobody can read it. */
export type TypedAmount = string | null;

let made = 0;
/** Keys are for the screen alone. */
const newKey = () => {
  made += 1;
  return `b${made}`;
};
const row = (from: string | null, rate: Rate | null): BandRow => ({ key: newKey(), from, rate });

// ── from and to drafts ──

export function newFeeDoc(currency: string): FeeDoc {
  return {
    name: "",
    scope: { role: "merchant", leg: LEG_OF_ROLE.merchant, currency },
    method: "graduated",
    bands: [row("0", null)],
    fixed: null,
    min: null,
    max: null,
    rounding: "half_up",
    bearer: null,
    appliesTo: { everyone: true, tiers: [], parties: [] },
    effectiveFrom: null,
    note: "",
  };
}

export function docOf(
  { method, bands, fixed, min, max, rounding, bearer, appliesTo }: FeeDraft | FeeScheduleDefinition,
  rest: Pick<FeeDoc, "name" | "scope" | "effectiveFrom" | "note">,
): FeeDoc {
  return {
    ...rest,
    method,
    bands: bands.map(({ from, rate }) => row(from, rate)),
    fixed: fixed ?? null,
    min: min ?? null,
    max: max ?? null,
    rounding: rounding ?? "half_up",
    bearer: bearer ?? null,
    appliesTo,
  };
}

export function draftOf({
  method,
  bands,
  fixed,
  min,
  max,
  rounding,
  bearer,
  appliesTo,
  scope,
}: FeeDoc): FeeDraft {
  const parts = partsOf({ method, scope });
  const has = (part: Part) => parts.includes(part);
  return {
    method,
    bands: (method === "flat" ? bands.slice(0, 1) : bands).map(({ key: _, ...band }) => band),
    ...(fixed !== null && has("fixed") && { fixed }),
    ...(min !== null && has("min") && { min }),
    ...(max !== null && has("max") && { max }),
    ...(rounding !== "half_up" && { rounding }),
    ...(bearer !== null && scope.role === "channel" && { bearer }),
    appliesTo: { ...appliesTo, tiers: scope.role === "distributor" ? appliesTo.tiers : [] },
  };
}

/** For a leg or a currency that is being typed, the usual one stands in; `usual` is the currency. */
export function inputOf(doc: FeeDoc, usual: string): SaveFeeDraftInput {
  const { name, scope, effectiveFrom, note } = doc;
  const currency = isCurrency(scope.currency) ? scope.currency : usual;
  const leg = legCode.safeParse(scope.leg).success ? scope.leg : LEG_OF_ROLE[scope.role];
  return { name, scope: { ...scope, leg, currency }, definition: draftOf(doc), effectiveFrom, note };
}

/** What a schedule can have besides its rates: a channel's fee has no part that counts trades. */
export function partsOf({ method, scope: { role } }: Pick<FeeDoc, "method" | "scope">): readonly Part[] {
  if (role !== "channel") return ["fixed", "min", "max"];
  return method === "flat" ? [] : ["min", "max"];
}
export type Part = "fixed" | "min" | "max";

// ── changes ──

/** Another role has other legs, and other parties. */
export function changeRole(doc: FeeDoc, role: FeeRole): FeeDoc {
  return {
    ...doc,
    scope: { ...doc.scope, role, leg: LEG_OF_ROLE[role] },
    appliesTo: { ...doc.appliesTo, tiers: [], parties: [] },
  };
}

/** Parts a band in two of the same rate, half-way or, without an end, at twice its beginning: no fee changes by it. */
export function splitBand(doc: FeeDoc, key: string): { doc: FeeDoc; key: string | null } {
  const i = doc.bands.findIndex((band) => band.key === key);
  const band = doc.bands[i];
  if (!band || band.from === null || !/^\d+$/.test(band.from)) return { doc, key: null };
  const from = BigInt(band.from);
  const next = doc.bands[i + 1]?.from;
  const one = 10n ** BigInt(exponentOf(doc));
  const edge =
    next != null && /^\d+$/.test(next)
      ? from + (BigInt(next) - from) / 2n
      : from === 0n
        ? 100_000n * one
        : from * 2n;
  if (edge <= from) return { doc, key: null };
  // whole units of the currency, where there is room for them
  const whole = (edge / one) * one;
  const made = row(`${whole > from ? whole : edge}`, band.rate);
  return { doc: { ...doc, bands: doc.bands.toSpliced(i + 1, 0, made) }, key: made.key };
}

/** The band before takes its place; of the first, the one behind. */
export function removeBand(doc: FeeDoc, key: string): FeeDoc {
  if (doc.bands.length < 2) return doc;
  const bands = doc.bands.filter((band) => band.key !== key);
  return { ...doc, bands: bands.map((band, i) => (i === 0 ? { ...band, from: "0" } : band)) };
}

export function changeBand(doc: FeeDoc, key: string, part: Partial<BandRow>): FeeDoc {
  return { ...doc, bands: doc.bands.map((band) => (band.key === key ? { ...band, ...part } : band)) };
}

// ── presets from the trade ──

export const PRESETS = ["off", "above", "graduated", "volume", "flat"] as const;
export type Preset = (typeof PRESETS)[number];

/** What people of the trade say, as bands; "off" and "above" build on the bands that there are. */
export function preset(doc: FeeDoc, which: Preset): FeeDoc {
  const one = 10n ** BigInt(exponentOf(doc));
  const at = (units: bigint) => `${units * one}`;
  const first = doc.bands[0]?.rate ?? "0.006";
  switch (which) {
    case "off":
      return {
        ...doc,
        method: counting(doc.method),
        bands: [row("0", first), row(at(100_000n), lower(first))],
      };
    case "above": {
      const edge = 500_000n * one;
      const below = doc.bands.filter(({ from }, i) => i === 0 || (from && BigInt(from) < edge));
      return {
        ...doc,
        method: counting(doc.method),
        bands: [
          ...below.map((band) => (band.rate === null ? { ...band, rate: first } : band)),
          row(`${edge}`, "0.0005"),
        ],
      };
    }
    case "graduated":
      return {
        ...doc,
        method: "graduated",
        bands: [row("0", "0.003"), row(at(100_000n), "0.002"), row(at(500_000n), "0.0005")],
      };
    case "volume":
      return { ...doc, method: "volume", bands: [row("0", "0.006"), row(at(100_000n), "0.005")] };
    case "flat":
      return { ...doc, method: "flat", bands: [row("0", "0.006")] };
  }
}

const counting = (method: FeeMethod): FeeMethod => (method === "flat" ? "graduated" : method);

/** A tenth of a percent less, and never below nothing. */
function lower(rate: Rate): Rate {
  const { numerator, denominator } = rateParts(rate);
  const millionths = (numerator * 1_000_000n) / denominator - 1_000n;
  return rateOfMillionths(millionths > 0n ? millionths : 0n);
}

const exponentOf = ({ scope: { currency } }: FeeDoc) =>
  isCurrency(currency) ? currencyExponent(currency) : 2;
