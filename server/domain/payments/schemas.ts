import { z } from "zod";
import { positiveMinorText } from "@/server/core/money-schemas";

/** Inputs of the verbs on channels and wallets. Safe in the browser. Amounts in minor units of the tenant's currency. */

export const CHANNEL_FEE_BEARERS = ["platform", "distributor", "proportional"] as const;
export type ChannelFeeBearer = (typeof CHANNEL_FEE_BEARERS)[number];

/** What became of a channel in a comparison; `chosen` is the cheapest of those that fit. */
export const ROUTING_VERDICTS = [
  "chosen",
  "dearer",
  "same_fee",
  "off",
  "below_min",
  "above_max",
  "other_currency",
] as const;
export type RoutingVerdict = (typeof ROUTING_VERDICTS)[number];

const MAX = 9_223_372_036_854_775_807n;
const amount = z.bigint().positive().max(MAX);
const amountOrZero = z.bigint().nonnegative().max(MAX);
const line = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .regex(/^[^\p{Cc}]*$/u);
const page = { cursor: z.string().max(500).nullish(), limit: z.number().int().min(1).max(200).default(50) };
const cycle = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("immediate") }),
  z.object({
    kind: z.literal("windows"),
    windowsPerDay: z.union([z.literal(1), z.literal(2)]),
    delay: z.number().int().min(1).max(366),
    dayCount: z.enum(["calendar", "business"]),
  }),
  z.object({ kind: z.literal("weekly"), weekStart: z.number().int().min(1).max(7) }),
  z.object({ kind: z.literal("monthly") }),
]);

/** Where a channel's service is: an http(s) address without credentials, query or fragment. */
export const endpoint = z
  .string()
  .trim()
  .max(300)
  .pipe(z.url({ protocol: /^https?$/ }))
  .refine((text) => {
    if (!URL.canParse(text)) return false;
    const url = new URL(text);
    return !url.username && !url.password && !url.search && !url.hash;
  });

/** An account at a sandbox service elsewhere. */
const account = z.object({
  endpoint,
  merchantNo: line(64).regex(/^[\w.-]+$/),
  /** Absent in a change: as it was. It is never shown again. */
  secret: z.string().min(16).max(200).optional(),
});

const channelFields = {
  name: line(120),
  feeRate: z
    .string()
    .trim()
    .regex(/^0(\.\d{1,6})?$/, { message: "RATE_INVALID" }),
  feeMin: amountOrZero.nullable(),
  feeMax: amountOrZero.nullable(),
  /** Null: as the split rule says. */
  feeBearer: z.enum(CHANNEL_FEE_BEARERS).nullable(),
  /** Whether the channel gives its fee back with a refund. */
  refundsFee: z.boolean(),
  /** When the channel pays over what it collected. */
  cycle,
  minAmount: amount.nullable(),
  maxAmount: amount.nullable(),
  enabled: z.boolean(),
  /** Null: the service that comes with Kaqing, where an account is opened by itself. */
  account: account.nullable(),
};
const ordered = (low: bigint | null, high: bigint | null) => low === null || high === null || low <= high;
const boundsFit = <T extends { feeMin: bigint | null; feeMax: bigint | null }>(c: T) =>
  ordered(c.feeMin, c.feeMax);
const amountsFit = <T extends { minAmount: bigint | null; maxAmount: bigint | null }>(c: T) =>
  ordered(c.minAmount, c.maxAmount);

export const createChannelInput = z
  .object(channelFields)
  .refine(boundsFit, { path: ["feeMax"] })
  .refine(amountsFit, { path: ["maxAmount"] })
  .refine((c) => c.account === null || c.account.secret !== undefined, { path: ["account", "secret"] });
export const updateChannelInput = z
  .object({
    id: z.uuid(),
    /** `updatedAt` of what was edited: another's change in between is a CONFLICT. */
    version: z.date().optional(),
    ...channelFields,
  })
  .refine(boundsFit, { path: ["feeMax"] })
  .refine(amountsFit, { path: ["maxAmount"] });
/** What the form holds, of a new channel and a known one alike. */
export const channelForm = z
  .object(channelFields)
  .refine(boundsFit, { path: ["feeMax"] })
  .refine(amountsFit, { path: ["maxAmount"] });
export type CreateChannelInput = z.input<typeof createChannelInput>;
export type UpdateChannelInput = z.input<typeof updateChannelInput>;
export const channelIdInput = z.object({ id: z.uuid() });
export const setChannelEnabledInput = z.object({ id: z.uuid(), enabled: z.boolean() });
/** The amount as text: it stands in the key of a query, which a bigint cannot. */
export const tryRouteInput = z.object({ amount: positiveMinorText });

export const walletIdInput = z.object({ distributorId: z.uuid() });
export const listWalletsInput = z.object({ q: z.string().trim().max(100).optional(), ...page });
export const walletMovementsInput = z.object({ distributorId: z.uuid(), ...page });
export const topUpWalletInput = z.object({
  distributorId: z.uuid(),
  amount,
  /** The bank's own number of the transfer: booked once, whoever records it. */
  bankReference: line(100),
  /** When the bank booked it. */
  receivedAt: z.date(),
  /** Repeating a call under its key answers the first one's result. */
  requestKey: z.uuid().optional(),
});
export type TopUpWalletInput = z.output<typeof topUpWalletInput>;
export const setCreditLimitInput = z.object({ distributorId: z.uuid(), creditLimit: amountOrZero });
