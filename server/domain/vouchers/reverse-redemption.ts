import { rawSql } from "@/db/client";
import { VOUCHER_STATES } from "@/db/schema";
import { type Ctx, partyScope, requirePermission, type TxCtx } from "@/server/core/context";
import { DomainError } from "@/server/core/errors";
import { referenceOf } from "@/server/core/ids";
import { SYSTEM_REASONS } from "@/server/core/system-words";
import { withTransaction } from "@/server/core/transaction";
import { record } from "../audit";
import { type ReversedTrade, reverseTrade } from "../clearing";
import { openBooks } from "../ledger";
import {
  type ReverseRedemptionInput,
  reverseRedemptionInput,
  type UndoRedemptionInput,
  undoRedemptionInput,
} from "./schemas";
import { type StoredVoucherRow, statusOf, storedVoucher } from "./stored-voucher";
import type { ReversalReceipt } from "./types";

/**
 * Takes a redemption back whole, soon after it: a merchant its own, within the time the tenant allows.
 * @throws DomainError NOT_FOUND · UNDO_TOO_LATE · TRADE_ALREADY_REVERSED
 */
export async function undoRedemption(ctx: Ctx, input: UndoRedemptionInput): Promise<ReversalReceipt> {
  requirePermission(ctx, "redemption:undo");
  const { redemptionId } = undoRedemptionInput.parse(input);
  return reverse(ctx, { redemptionId, reason: SYSTEM_REASONS.undo }, (trade) => {
    const until = trade.postedAt.getTime() + ctx.tenant.settings.undoMinutes * 60_000;
    if (ctx.clock.now().getTime() > until)
      throw new DomainError("UNDO_TOO_LATE", { minutes: ctx.tenant.settings.undoMinutes });
  });
}

/**
 * Gives back a redemption, whole or `amount` of what the customer gave, at any time: staff, and API keys for their
 * own party. A whole reversal gives the voucher back, by the tenant's policy; what a gift card gave returns to it.
 * @throws DomainError NOT_FOUND · TRADE_ALREADY_REVERSED · REVERSAL_EXCEEDS_TRADE
 */
export async function reverseRedemption(ctx: Ctx, input: ReverseRedemptionInput): Promise<ReversalReceipt> {
  requirePermission(ctx, ctx.actor.kind === "apiKey" ? "redemption:undo" : "redemption:reverse");
  const { redemptionId, amount, reason } = reverseRedemptionInput.parse(input);
  return reverse(ctx, { redemptionId, amount: amount ?? undefined, reason });
}

interface Trade {
  id: string;
  merchantId: string | null;
  voucherId: string | null;
  postedAt: Date;
}

async function reverse(
  ctx: Ctx,
  input: { redemptionId: string; amount?: bigint; reason: string },
  check: (trade: Trade) => void = () => {},
): Promise<ReversalReceipt> {
  return withTransaction(ctx, async (ctx) => {
    await openBooks(ctx);
    const trade = await findRedemption(ctx, input.redemptionId);
    check(trade);
    // The voucher before the trade, as redeeming has it.
    const voucher = trade.voucherId ? await lockVoucher(ctx, trade.voucherId) : null;
    const reversed = await reverseTrade(ctx, {
      tradeId: trade.id,
      amount: input.amount,
      reason: input.reason,
    });
    const status = voucher ? await giveBack(ctx, voucher, reversed) : null;
    await record(ctx, {
      action: "redemption.reversed",
      subject: { kind: "redemption", id: trade.id },
      partyId: trade.merchantId,
      data: {
        reversal: reversed.reversalId,
        amount: reversed.amount,
        whole: reversed.whole,
        reason: input.reason,
        voucher: trade.voucherId,
        voucherStatus: status,
      },
    });
    return {
      reversalId: reversed.reversalId,
      reference: referenceOf("RV", reversed.reversalId),
      redemptionId: trade.id,
      whole: reversed.whole,
      amount: reversed.amount,
      voucherId: trade.voucherId,
      voucherStatus: status,
    };
  });
}

/** Within the asker's scope; else NOT_FOUND. */
async function findRedemption(ctx: TxCtx, id: string): Promise<Trade> {
  const [row] = await rawSql(ctx.tx)<
    { id: string; merchant_id: string | null; voucher_id: string | null; posted_at: string }[]
  >`select id, merchant_id, voucher_id, posted_at from trades
    where tenant_id = ${ctx.tenant.id} and id = ${id} and kind = 'redemption'`;
  const scope = partyScope(ctx);
  if (!row || (scope !== null && row.merchant_id !== scope))
    throw new DomainError("NOT_FOUND", { noun: "redemption" });
  return {
    id: row.id,
    merchantId: row.merchant_id,
    voucherId: row.voucher_id,
    postedAt: new Date(row.posted_at),
  };
}

type Locked = ReturnType<typeof storedVoucher> & { isGiftCard: boolean; usesPerVoucher: number };

async function lockVoucher(ctx: TxCtx, id: string): Promise<Locked | null> {
  const [row] = await rawSql(ctx.tx)<(StoredVoucherRow & { type: string; uses_per_voucher: number })[]>`
    select v.*, c.type, c.uses_per_voucher
    from vouchers v join campaigns c on c.tenant_id = v.tenant_id and c.id = v.campaign_id
    where v.tenant_id = ${ctx.tenant.id} and v.id = ${id} for update of v`;
  return row
    ? { ...storedVoucher(row), isGiftCard: row.type === "gift_card", usesPerVoucher: row.uses_per_voucher }
    : null;
}

/** What the reversal makes of the voucher. */
async function giveBack(ctx: TxCtx, voucher: Locked, reversed: ReversedTrade) {
  const now = ctx.clock.now();
  const isVoid = voucher.state === VOUCHER_STATES.void;
  let { state, usesLeft, balance } = voucher;
  if (voucher.isGiftCard) {
    // A card is money: what it gave returns to it, whatever the policy for vouchers.
    balance = (balance ?? 0n) + (await returnedToCards(ctx, reversed.reversalId));
    usesLeft = balance > 0n ? 1 : 0;
    if (!isVoid) state = usesLeft > 0 ? VOUCHER_STATES.issued : VOUCHER_STATES.redeemed;
  } else if (reversed.whole) {
    if (ctx.tenant.settings.reversedVoucher === "issued") {
      usesLeft = Math.min(usesLeft + 1, voucher.usesPerVoucher);
      if (!isVoid) state = VOUCHER_STATES.issued;
    } else if (usesLeft === 0) {
      state = VOUCHER_STATES.void;
    }
  }
  if (state === VOUCHER_STATES.issued && voucher.validTo && voucher.validTo <= now)
    state = VOUCHER_STATES.expired;
  const unused = !voucher.isGiftCard && usesLeft === voucher.usesPerVoucher;
  await rawSql(ctx.tx)`
    update vouchers set state = ${state}, uses_left = ${usesLeft}, balance = ${balance?.toString() ?? null}::bigint,
      redeemed_at = case when ${unused} then null else redeemed_at end,
      redeemed_by = case when ${unused} then null else redeemed_by end
    where tenant_id = ${ctx.tenant.id} and id = ${voucher.id}`;
  return statusOf({ ...voucher, state }, now);
}

/** What the reversal posted back to the programme: balances of cards and ledger move by the same amounts. */
async function returnedToCards(ctx: TxCtx, reversalId: string): Promise<bigint> {
  const [row] = await rawSql(ctx.tx)<{ amount: bigint }[]>`
    select coalesce(sum(t.amount), 0)::bigint as amount from transfers t
    join accounts a on a.tenant_id = t.tenant_id and a.id = t.credit_account_id and a.kind = 'stored_value'
    where t.tenant_id = ${ctx.tenant.id} and t.trade_id = ${reversalId}`;
  return row?.amount ?? 0n;
}
