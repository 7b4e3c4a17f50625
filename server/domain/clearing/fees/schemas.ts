import { z } from "zod";
import { ROUNDING_MODES } from "@/server/core/money";
import { currencyCode, minorText, rateText } from "@/server/core/money-schemas";
import { FEE_BEARERS, legCode, type Problem } from "../schemas";

/**
 * Fee schedules (费率方案). A rule's leg of kind `fee_schedule` is priced by the schedule of the party concerned, by
 * the party's volume in the calendar month of the tenant's zone.
 *
 * "0.30 % to 100,000, 0.20 % to 500,000, 0.05 % above", for everybody:
 * ```json
 * { "method": "graduated", "bands": [{ "from": "0", "rate": "0.003" }, { "from": "10000000", "rate": "0.002" },
 *   { "from": "50000000", "rate": "0.0005" }], "appliesTo": { "everyone": true, "tiers": [], "parties": [] } }
 * ```
 */

/**
 * - `flat`: one rate on each trade.
 * - `graduated` (阶梯): each slice of the month's volume at its own band's rate.
 * - `volume`: the whole month at the rate of the band reached; charged provisionally, trued up when the month is over.
 */
export const FEE_METHODS = ["flat", "graduated", "volume"] as const;
export type FeeMethod = (typeof FEE_METHODS)[number];

/** Who can have a fee schedule. */
export const FEE_ROLES = ["merchant", "distributor", "channel"] as const;
export type FeeRole = (typeof FEE_ROLES)[number];
/** The leg that a schedule of each role prices where nothing else is said. */
export const LEG_OF_ROLE: Record<FeeRole, string> = {
  merchant: "fee.commission",
  distributor: "card.commission",
  channel: "fee.channel",
};

/** From here (minor units of volume) up to where the next band begins. */
export const feeBand = z.strictObject({ from: minorText, rate: rateText });
export type FeeBand = z.output<typeof feeBand>;

/** The most specific wins: a schedule that names the party, then one for its tier, then one for everyone; then the newest. */
export const feeAppliesTo = z.strictObject({
  everyone: z.boolean(),
  /** Of distributors. */
  tiers: z.array(z.string().min(1).max(60)).max(50),
  parties: z.array(z.uuid()).max(2000),
});
export type FeeAppliesTo = z.output<typeof feeAppliesTo>;

export const feeScheduleDefinition = z.strictObject({
  method: z.enum(FEE_METHODS),
  /** Half-open, ascending, the first from 0: no gaps and no overlaps. */
  bands: z.array(feeBand).min(1).max(50),
  /** Added to each trade, in minor units. */
  fixed: minorText.optional(),
  /** Of `flat`, bounds of each trade's fee; of the others, of the month's (the least is charged when the month is over). */
  min: minorText.optional(),
  max: minorText.optional(),
  rounding: z.enum(ROUNDING_MODES).optional(),
  /** Of a channel's fee: who bears it; wins over the rule's and the channel's own. */
  bearer: z.enum(FEE_BEARERS).optional(),
  appliesTo: feeAppliesTo,
});
export type FeeScheduleDefinition = z.output<typeof feeScheduleDefinition>;

/** What a schedule prices; fixed once it was submitted. */
export const feeScope = z.strictObject({
  role: z.enum(FEE_ROLES),
  leg: legCode,
  currency: currencyCode,
});
export type FeeScope = z.output<typeof feeScope>;

// ── drafts ──

const open = z.string().max(64).nullable();
/** A definition on its way: what is not typed yet, or cannot be read, is null. */
export const feeDraft = z.strictObject({
  method: z.enum(FEE_METHODS),
  bands: z.array(z.strictObject({ from: open, rate: open })).max(50),
  fixed: open.optional(),
  min: open.optional(),
  max: open.optional(),
  rounding: z.enum(ROUNDING_MODES).optional(),
  bearer: z.enum(FEE_BEARERS).optional(),
  appliesTo: feeAppliesTo,
});
export type FeeDraft = z.output<typeof feeDraft>;

/** Day of the tenant's zone; null: as soon as it is published. */
const effectiveFrom = z.iso.date().nullable();
export const saveFeeDraftInput = z.object({
  /** Left out: a new schedule. Name and scope of one that was submitted once stay as they are. */
  scheduleId: z.uuid().optional(),
  /** Of the draft that is written over; left out where there is none yet. */
  revision: z.number().int().optional(),
  name: z.string().trim().max(120),
  scope: feeScope,
  definition: feeDraft,
  effectiveFrom,
  note: z.string().trim().max(500),
});
export type SaveFeeDraftInput = z.output<typeof saveFeeDraftInput>;
export const submitFeeDraftInput = z.object({
  scheduleId: z.uuid(),
  revision: z.number().int(),
  /** Publishes it, without anybody's review. */
  publish: z.boolean().default(false),
});
export const discardFeeDraftInput = z.object({ scheduleId: z.uuid(), revision: z.number().int() });
export const approveFeeVersionInput = z.object({
  versionId: z.uuid(),
  /** In force at once instead of on its day. */
  atOnce: z.boolean().default(false),
});
const reason = z.string().trim().min(1).max(500);
export const refuseFeeVersionInput = z.object({ versionId: z.uuid(), reason });
export const withdrawFeeVersionInput = z.object({ versionId: z.uuid(), reason });
export const checkFeeDraftInput = z.object({
  scheduleId: z.uuid().optional(),
  scope: feeScope,
  definition: feeDraft,
  effectiveFrom,
});

/** Whom schedules are looked for: a party, or anybody, of a tier if one is given. */
export const feeSchedulesForInput = z.object({
  role: z.enum(FEE_ROLES),
  /** Left out: every leg. */
  leg: legCode.optional(),
  partyId: z.uuid().optional(),
  /** Of a distributor; left out, the one that it has. */
  tier: z.string().min(1).max(60).optional(),
});

/** A schedule's first version, published at once: for seeds and tests. `effectiveFrom` may be past only where nothing was traded since. */
export const newFeeSchedule = z.object({
  name: z.string().trim().min(1).max(120),
  scope: feeScope,
  definition: feeScheduleDefinition,
  effectiveFrom: z.union([z.date(), z.iso.date()]).optional(),
  note: z.string().trim().max(500).optional(),
});

/** All that keeps a draft from being a schedule of this role, each at its field; empty if it is one. Safe in the browser. */
export function feeDraftProblems(draft: FeeDraft, { role }: Pick<FeeScope, "role">): Problem[] {
  const missing = draft.bands.flatMap(({ from, rate }, i) => [
    ...(from === null ? [{ code: "VALUE_MISSING" as const, path: ["bands", i, "from"] }] : []),
    ...(rate === null ? [{ code: "VALUE_MISSING" as const, path: ["bands", i, "rate"] }] : []),
  ]);
  if (missing.length > 0) return missing;
  const parsed = feeScheduleDefinition.safeParse(wholeOf(draft));
  if (!parsed.success) {
    return parsed.error.issues.map(({ path, message }) => ({
      code: message === "RATE_INVALID" || message === "AMOUNT_INVALID" ? message : "SHAPE_INVALID",
      path: path.map((step) => (typeof step === "number" ? step : String(step))),
    }));
  }
  return feeProblems(parsed.data, role);
}

/** The definition that a draft without problems is; null for any other. */
export function feeDefinitionOf(
  draft: FeeDraft,
  scope: Pick<FeeScope, "role">,
): FeeScheduleDefinition | null {
  return feeDraftProblems(draft, scope).length > 0 ? null : feeScheduleDefinition.parse(wholeOf(draft));
}

/** All that is wrong with a definition of the right shape; empty if nothing. */
export function feeProblems(definition: FeeScheduleDefinition, role: FeeRole): Problem[] {
  const problems: Problem[] = [];
  const add = (code: Problem["code"], ...path: (string | number)[]) => problems.push({ code, path });
  const { method, bands, appliesTo, min, max, bearer } = definition;
  if (bands[0]?.from !== "0") add("BANDS_NOT_FROM_ZERO", "bands", 0, "from");
  bands.forEach(({ from, rate }, i) => {
    const before = bands[i - 1];
    if (before && BigInt(from) <= BigInt(before.from)) add("BANDS_NOT_ASCENDING", "bands", i, "from");
    if (Number.parseInt(rate, 10) >= 1) add("RATE_ABOVE_ONE", "bands", i, "rate");
  });
  if (method === "flat" && bands.length > 1) add("FLAT_HAS_ONE_BAND", "bands", 1);
  if (min !== undefined && max !== undefined && BigInt(min) > BigInt(max)) add("MIN_ABOVE_MAX", "min");
  // A payment is charged once, and an order's keys are sales of their own: only what is counted by volume adds up.
  if (role === "channel") {
    if (definition.fixed !== undefined) add("LIMIT_NOT_ALLOWED", "fixed");
    if (method === "flat" && min !== undefined) add("LIMIT_NOT_ALLOWED", "min");
    if (method === "flat" && max !== undefined) add("LIMIT_NOT_ALLOWED", "max");
  }
  if (bearer !== undefined && role !== "channel") add("BEARER_NOT_ALLOWED", "bearer");
  if (!appliesTo.everyone && appliesTo.tiers.length + appliesTo.parties.length === 0)
    add("APPLIES_TO_NOBODY", "appliesTo");
  if (appliesTo.tiers.length > 0 && role !== "distributor") add("TIER_NOT_ALLOWED", "appliesTo", "tiers");
  return problems;
}

function wholeOf({ fixed, min, max, ...draft }: FeeDraft): unknown {
  return {
    ...draft,
    ...(fixed != null && { fixed }),
    ...(min != null && { min }),
    ...(max != null && { max }),
  };
}
