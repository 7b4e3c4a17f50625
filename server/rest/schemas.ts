import { z } from "zod";
import {
  MAX_ISSUE,
  MAX_REDEEM_BATCH,
  MAX_VOID,
  VOUCHER_STATUSES,
  VOUCHER_TYPES,
} from "../domain/vouchers/schemas";
import { amount, currency, instant, positiveAmount } from "./wire";

/** What the API takes and answers. Objects are strict: a field that is not known is refused by its path. */

const uuid = z.uuid();
const id = (description: string) => uuid.meta({ description });
/** No control characters, which PostgreSQL's text and jsonb refuse, and no half of a surrogate pair. */
const PLAIN = /^[^\p{Cc}\p{Cs}]*$/u;
const text = (max: number, description: string, example: string) =>
  z.string().trim().min(1).max(max).regex(PLAIN).meta({ description, example });
const money = (description: string, example: number) =>
  positiveAmount.meta({ description: `${description}, in minor units.`, example });

// ── requests ──

const campaignId = id("The campaign's id.");
const sourceId = text(
  128,
  "Your own id of this issue. Asked again with it, the campaign answers the same voucher.",
  "order-20261121-0007",
);
const customerId = text(
  128,
  "Your id of the customer. Needed where the campaign limits vouchers per customer.",
  "c-1029",
);
const code = text(
  200,
  "What was typed or scanned: the code, the payload of a rotating QR, or its 8 digits.",
  "7K2M-9QXA-41TD-W8ZR",
);
const voucherId = id(
  "The voucher's id, in place of its code: for keys of the platform, or with the lock's reference.",
);
const dynamicCode = text(200, "With `voucherId`, the rotating code of the moment.", "48120973");
const merchantId = id("Where it is used. Keys of a merchant act for that merchant and leave it out.");
const orderAmount = money("What the order is worth before the discount", 10_000);
const currencyCode = currency.meta({
  description: "ISO 4217 code (or a registered token) of the amounts beside it; the campaign's.",
  example: "CNY",
});
const productCode = text(64, "What is bought, for campaigns that name products.", "LATTE");
const lines = z
  .array(
    z.strictObject({
      productCode: text(64, "Your code of the product.", "LATTE"),
      amount: money("Worth of the line", 3_200),
      quantity: z.int().min(1).max(1_000_000).optional(),
    }),
  )
  .max(500)
  .meta({ description: "The order's lines, for campaigns that name products." });
const takeAmount = money("Of a gift card: how much to take from it; as much as possible by default", 5_000);
const paid = amount.meta({
  description:
    "Of a gift card: what its buyer paid through the campaign's channel, in minor units. By default its balance, or, without a channel, nothing.",
  example: 10_000,
});
const lockRef = text(128, "Your name of the lock.", "cart-5521");
const orderRef = text(128, "The order's id at the till or shop.", "POS-3-000451");
const reason = text(500, "Why; kept in the audit log.", "Customer returned the goods");

const subject = {
  code: code.optional(),
  voucherId: voucherId.optional(),
  dynamicCode: dynamicCode.optional(),
};
const oneSubject = <T extends { code?: string | undefined; voucherId?: string | undefined }>(input: T) =>
  (input.code === undefined) !== (input.voucherId === undefined);
const ONE_SUBJECT = { error: "VOUCHER_SUBJECT", path: ["code"] };

export const issueBody = z
  .strictObject({
    campaignId,
    sourceId: sourceId.optional(),
    customerId: customerId.optional(),
    paid: paid.optional(),
  })
  .meta({ id: "IssueVoucher" });

export const issueBatchBody = z
  .strictObject({
    campaignId,
    paid: paid.optional(),
    items: z
      .array(z.strictObject({ sourceId: sourceId.optional(), customerId: customerId.optional() }))
      .min(1)
      .max(MAX_ISSUE),
  })
  .meta({ id: "IssueVouchers" });

export const lookupBody = z
  .strictObject({ ...subject, merchantId: merchantId.optional() })
  .refine(oneSubject, ONE_SUBJECT)
  .meta({ id: "LookUpVoucher" });

const order = {
  orderAmount,
  currency: currencyCode,
  productCode: productCode.optional(),
  lines: lines.optional(),
  amount: takeAmount.optional(),
};

export const validateBody = z
  .strictObject({ ...subject, ...order, merchantId: merchantId.optional(), lockRef: lockRef.optional() })
  .refine(oneSubject, ONE_SUBJECT)
  .meta({ id: "ValidateVoucher" });

export const lockBody = z
  .strictObject({
    ...subject,
    merchantId: merchantId.optional(),
    lockRef,
    minutes: z
      .int()
      .min(1)
      .max(1_440)
      .optional()
      .meta({ description: "How long it holds; the tenant's setting by default.", example: 15 }),
  })
  .refine(oneSubject, ONE_SUBJECT)
  .meta({ id: "LockVoucher" });

export const unlockBody = z
  .strictObject({ voucherId, merchantId: merchantId.optional(), lockRef })
  .meta({ id: "UnlockVoucher" });

export const voidBody = z
  .strictObject({ voucherIds: z.array(voucherId).min(1).max(MAX_VOID), reason })
  .meta({ id: "VoidVouchers" });

const redemptionFields = {
  ...subject,
  ...order,
  merchantId: merchantId.optional(),
  orderRef: orderRef.optional(),
  lockRef: lockRef.optional(),
  redeemedAt: instant.optional().meta({
    description: "When it happened, for tills that were offline. Now by default.",
    example: "2026-11-21T12:30:00+08:00",
  }),
};
export const redeemBody = z
  .strictObject(redemptionFields)
  .refine(oneSubject, ONE_SUBJECT)
  .meta({ id: "Redeem" });

export const redeemBatchBody = z
  .strictObject({ items: z.array(redeemBody).min(1).max(MAX_REDEEM_BATCH) })
  .meta({ id: "RedeemBatch" });

export const reversalBody = z
  .strictObject({
    amount: money("How much of what the customer paid is given back; all of it by default", 4_000).optional(),
    reason,
  })
  .meta({ id: "Reverse" });

export const redemptionParams = z.strictObject({
  redemption: z
    .string()
    .min(1)
    .max(64)
    .meta({ description: "The redemption's id or its reference.", example: "RD-1KQX-7M2P-9TAB" }),
});

const page = {
  cursor: z.string().max(500).optional().meta({ description: "`nextCursor` of the page before." }),
  limit: z.coerce.number().int().min(1).max(200).default(50).meta({ description: "Rows of a page." }),
};

export const redemptionsQuery = z.strictObject({
  ...page,
  from: instant.optional().meta({ description: "Redeemed at or after." }),
  to: instant.optional().meta({ description: "Redeemed before." }),
  merchantId: merchantId.optional(),
  campaignId: campaignId.optional(),
  voucherId: uuid.optional(),
  state: z.enum(["standing", "part_reversed", "reversed"]).optional(),
  orderRef: orderRef.optional(),
});

export const campaignsQuery = z.strictObject({
  ...page,
  status: z.enum(["draft", "active", "paused", "ended"]).optional(),
});

// ── replies ──

const wireAmount = z.int().meta({ description: "In minor units." });
const wireInstant = z.iso.datetime({ offset: true });
const status = z.enum(VOUCHER_STATUSES);
const params = z.record(z.string(), z.unknown());

export const refusal = z
  .strictObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string(),
    params,
  })
  .meta({ id: "Refusal", description: "Why one item was refused; as a problem document says it." });

export const issuedVoucher = z
  .strictObject({
    voucherId: uuid,
    reference: z
      .string()
      .meta({ description: "What people read; not the code.", example: "VC-1KQX-7M2P-9TAB" }),
    campaignId: uuid,
    code: z
      .string()
      .nullable()
      .meta({ description: "A bearer secret. Null for rotating codes: give their holder `walletUrl`." }),
    walletUrl: z.string().meta({ description: "The holder's page." }),
    sourceId: z.string().nullable(),
    customerId: z.string().nullable(),
    validFrom: wireInstant.nullable(),
    validTo: wireInstant.nullable(),
    balance: wireAmount.nullable().meta({ description: "Of a gift card, in minor units." }),
    issuedAt: wireInstant,
    existing: z.boolean().meta({ description: "An earlier request with this `sourceId` has issued it." }),
  })
  .meta({ id: "IssuedVoucher" });

export const issuedVouchers = z
  .strictObject({ vouchers: z.array(issuedVoucher) })
  .meta({ id: "IssuedVouchers" });

const voucherFields = {
  voucherId: uuid,
  reference: z.string(),
  campaignId: uuid,
  campaignName: z.string(),
  type: z.enum(VOUCHER_TYPES),
  currency: z.string(),
  verification: z.enum(["static", "dynamic"]),
  status,
  validFrom: wireInstant.nullable(),
  validTo: wireInstant.nullable(),
  usesLeft: z.int(),
  balance: wireAmount.nullable().meta({ description: "Of a gift card." }),
  lockedUntil: wireInstant.nullable(),
  redeemed: z
    .strictObject({ at: wireInstant, merchantName: z.string().nullable() })
    .nullable()
    .meta({ description: "When and where it was last redeemed." }),
};
export const voucher = z.strictObject(voucherFields).meta({ id: "Voucher" });

export const offer = z
  .strictObject({
    orderAmount: wireAmount,
    discount: wireAmount,
    storedValue: wireAmount,
    payable: wireAmount.meta({ description: "What the customer still pays, in minor units." }),
    balanceAfter: wireAmount.nullable(),
  })
  .meta({ id: "Offer" });

export const validation = z
  .strictObject({
    ...voucherFields,
    valid: z.boolean(),
    offer: offer.nullable(),
    refusal: refusal.nullable(),
  })
  .meta({ id: "Validation" });

export const lock = z
  .strictObject({ voucherId: uuid, lockRef: z.string(), lockedUntil: wireInstant })
  .meta({ id: "Lock" });
export const unlocked = z.strictObject({ voucherId: uuid }).meta({ id: "Unlocked" });
export const voided = z
  .strictObject({
    voided: z.array(uuid),
    refused: z.array(z.strictObject({ voucherId: uuid, refusal })),
  })
  .meta({ id: "Voided" });

export const redemption = z
  .strictObject({
    redemptionId: uuid,
    reference: z.string().meta({ example: "RD-1KQX-7M2P-9TAB" }),
    redeemedAt: wireInstant,
    voucherId: uuid,
    voucherStatus: status,
    usesLeft: z.int(),
    balance: wireAmount.nullable(),
    campaignId: uuid,
    campaignName: z.string(),
    merchantId: uuid,
    merchantName: z.string(),
    orderRef: z.string().nullable(),
    currency: z.string(),
    orderAmount: wireAmount,
    discount: wireAmount,
    storedValue: wireAmount,
    payable: wireAmount,
    merchantDue: wireAmount.meta({ description: "What the merchant will be paid for it, in minor units." }),
    legs: z.array(z.strictObject({ code: z.string(), amount: wireAmount, partyId: uuid })),
    undoUntil: wireInstant.meta({ description: "Until when the merchant may reverse it by itself." }),
  })
  .meta({ id: "Redemption" });

export const batchResult = z
  .strictObject({
    redeemed: z.int(),
    refused: z.int(),
    items: z.array(
      z.union([
        z.strictObject({ ok: z.literal(true), redemption }),
        z.strictObject({ ok: z.literal(false), problem: refusal }),
      ]),
    ),
  })
  .meta({ id: "RedemptionBatch" });

export const redemptionRow = z
  .strictObject({
    redemptionId: uuid,
    reference: z.string(),
    redeemedAt: wireInstant,
    bookedAt: wireInstant,
    merchantId: uuid.nullable(),
    merchantName: z.string().nullable(),
    campaignId: uuid.nullable(),
    campaignName: z.string().nullable(),
    voucherId: uuid.nullable(),
    orderRef: z.string().nullable(),
    currency: z.string(),
    orderAmount: wireAmount,
    discount: wireAmount,
    storedValue: wireAmount,
    payable: wireAmount,
    merchantDue: wireAmount.nullable().meta({
      description: "What the merchant is due of it so far, in minor units; null for a brand's key.",
    }),
    ownCost: wireAmount.nullable().meta({
      description: "What the brand whose key asks pays of it so far, in minor units; null for all others.",
    }),
    state: z.enum(["standing", "part_reversed", "reversed"]),
    reversedAmount: wireAmount,
  })
  .meta({ id: "RedemptionRow" });

export const redemptionDetail = redemptionRow
  .extend({
    legs: z.array(
      z.strictObject({ code: z.string(), amount: wireAmount, partyId: uuid, partyName: z.string() }),
    ),
    reversals: z.array(
      z.strictObject({
        reversalId: uuid,
        reference: z.string(),
        at: wireInstant,
        amount: wireAmount,
        reason: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: "RedemptionDetail" });

export const redemptionPage = z
  .strictObject({ items: z.array(redemptionRow), nextCursor: z.string().nullable() })
  .meta({ id: "RedemptionPage" });

export const reversal = z
  .strictObject({
    reversalId: uuid,
    reference: z.string().meta({ example: "RV-1KQX-7M2P-9TAB" }),
    redemptionId: uuid,
    whole: z.boolean(),
    amount: wireAmount,
    voucherId: uuid.nullable(),
    voucherStatus: status.nullable(),
  })
  .meta({ id: "Reversal" });

const terms = z
  .discriminatedUnion("type", [
    z.strictObject({ type: z.literal("fixed"), amount: wireAmount }),
    z.strictObject({
      type: z.literal("threshold"),
      threshold: wireAmount,
      amount: wireAmount,
      every: z.boolean(),
      ceiling: wireAmount.optional(),
    }),
    z.strictObject({
      type: z.literal("percent"),
      off: z.string().meta({ description: "Exact decimal: 0.2 is 20 % off.", example: "0.2" }),
      minimum: wireAmount.optional(),
      ceiling: wireAmount.optional(),
      rounding: z.string(),
    }),
    z.strictObject({
      type: z.literal("exchange"),
      productCodes: z.array(z.string()),
      ceiling: wireAmount.optional(),
    }),
    z.strictObject({ type: z.literal("gift_card"), balance: wireAmount }),
  ])
  .meta({ id: "Terms", description: "What a voucher gives, by type." });

export const campaign = z
  .strictObject({
    campaignId: uuid,
    number: z.string().meta({ example: "CP-0007" }),
    name: z.string(),
    status: z.enum(["draft", "active", "paused", "ended"]),
    type: z.enum(VOUCHER_TYPES),
    currency: z.string(),
    terms,
    verification: z.enum(["static", "dynamic"]),
    merchantIds: z.array(uuid).meta({ description: "Where it may be used; empty: at every merchant." }),
    productCodes: z.array(z.string()),
    validFrom: wireInstant.nullable(),
    validTo: wireInstant.nullable(),
    validDays: z.int().nullable(),
    quota: z.int().nullable(),
    issued: z.int(),
    perCustomerLimit: z.int().nullable(),
  })
  .meta({ id: "Campaign" });
export const campaignPage = z
  .strictObject({ items: z.array(campaign), nextCursor: z.string().nullable() })
  .meta({ id: "CampaignPage" });

export const problem = z
  .object({
    type: z.string().meta({ description: "`urn:kaqing:problem:…`, from the code." }),
    title: z.string(),
    status: z.int(),
    detail: z.string().meta({ description: "What happened, in the language of Accept-Language." }),
    code: z.string().meta({ description: "Stable; branch on this." }),
    params: params.meta({ description: "What the sentence names." }),
    instance: z.string().meta({ description: "Finds the log line." }),
    errors: z
      .array(z.strictObject({ path: z.string(), code: z.string(), message: z.string() }))
      .optional()
      .meta({ description: "Fields that do not fit." }),
  })
  .meta({ id: "Problem", description: "RFC 9457." });
