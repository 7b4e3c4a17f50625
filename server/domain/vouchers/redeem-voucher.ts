import { type Ctx, requirePermission } from "@/server/core/context";
import { DomainError, isDomainError } from "@/server/core/errors";
import { hashInput, idempotencyScope } from "@/server/core/idempotency";
import { actingMerchant, identify, identifyAtOnce } from "./identify";
import { redeemTogether } from "./redeem-batcher";
import { REDEEM_VERB, type RedeemCall, type RedeemRequest } from "./redeem-vouchers";
import {
  idempotencyKey as keySchema,
  type RedeemBatchInput,
  type RedeemItem,
  redeemBatchInput,
  redeemItem,
} from "./schemas";
import type { RedeemOutcome, RedemptionReceipt } from "./types";

/**
 * Uses a voucher at a merchant: the change of its state and the posting of every leg are one transaction.
 * A merchant redeems at itself; the house's staff and keys name the merchant.
 * @throws DomainError why it was refused; nothing was changed then, and a key stays free
 */
export async function redeemVoucher(
  ctx: Ctx,
  input: RedeemItem,
  idempotencyKey?: string,
): Promise<{ result: RedemptionReceipt; replayed: boolean }> {
  requirePermission(ctx, "voucher:redeem");
  const item = redeemItem.parse(input);
  const { outcomes, replayed } = await redeemTogether({
    ctx,
    requests: [await requestOf(ctx, item).catch(asAnswer)],
    key: keyOf(ctx, idempotencyKey, [item]),
  });
  const [outcome] = outcomes;
  if (!outcome) throw new Error("a redemption without outcome");
  if (!outcome.ok) throw new DomainError(outcome.error.code, outcome.error.params);
  return { result: outcome.receipt, replayed };
}

/**
 * Redeems up to 500 vouchers at once: one outcome each, in order; one that is refused refuses no other. The key
 * covers all of them: asked again, it answers the same outcomes.
 */
export async function redeemBatch(
  ctx: Ctx,
  input: RedeemBatchInput,
  idempotencyKey?: string,
): Promise<{ result: RedeemOutcome[]; replayed: boolean }> {
  requirePermission(ctx, "voucher:redeem");
  const { items } = redeemBatchInput.parse(input);
  const requests: RedeemCall["requests"][number][] = [];
  for (const item of items) {
    try {
      const quick = requestAtOnce(ctx, item);
      requests.push(quick ?? (await requestOf(ctx, item)));
    } catch (error) {
      if (!isDomainError(error)) throw error;
      requests.push(error);
    }
  }
  const { outcomes, replayed } = await redeemTogether({
    ctx,
    requests,
    key: keyOf(ctx, idempotencyKey, items),
  });
  return { result: outcomes, replayed };
}

type Item = RedeemRequest["item"];

/** Null if finding out which voucher is meant needs a query. */
function requestAtOnce(ctx: Ctx, item: Item): RedeemRequest | null {
  const merchantId = actingMerchant(ctx, item.merchantId);
  const subject = identifyAtOnce(ctx, item);
  return subject === "digits" ? null : { item, merchantId, subject };
}

async function requestOf(ctx: Ctx, item: Item): Promise<RedeemRequest> {
  return { item, merchantId: actingMerchant(ctx, item.merchantId), subject: await identify(ctx, item) };
}

/** A refusal goes the same way, as the key may know an earlier answer (digits are forgotten after a minute). */
function asAnswer(error: unknown): DomainError {
  if (isDomainError(error)) return error;
  throw error;
}

function keyOf(ctx: Ctx, key: string | undefined, items: readonly Item[]): RedeemCall["key"] {
  if (key === undefined) return null;
  if (!keySchema.safeParse(key).success) throw new DomainError("IDEMPOTENCY_KEY_INVALID");
  return { scope: idempotencyScope(ctx), key, hash: hashInput(REDEEM_VERB, items) };
}
