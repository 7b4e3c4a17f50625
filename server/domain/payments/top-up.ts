import { rawSql } from "@/db/client";
import { actorId, type Ctx, requirePermission, type TxCtx } from "@/server/core/context";
import { DomainError } from "@/server/core/errors";
import { withIdempotency } from "@/server/core/idempotency";
import { newId } from "@/server/core/ids";
import { withTransaction } from "@/server/core/transaction";
import { record } from "../audit";
import { type AccountRef, findAccounts, openBooks, post } from "../ledger";
import { type TopUpWalletInput, topUpWalletInput } from "./schemas";
import { walletOf } from "./wallet";

/** The `externalRef` of what came by bank transfer: a reference is booked once, for whomever. */
export function bankTransferRef(bankReference: string): string {
  return `bank/${bankReference}`;
}

/**
 * Records a bank transfer that a distributor made into its wallet. Under a `requestKey`, repeating it answers the
 * first result.
 * @throws DomainError NOT_FOUND · INPUT_INVALID for a time to come · BANK_REF_USED · IDEMPOTENCY_KEY_REUSED
 */
export async function topUpWallet(
  ctx: Ctx,
  input: TopUpWalletInput,
): Promise<{ tradeId: string; balance: bigint }> {
  requirePermission(ctx, "wallet:top_up");
  const { requestKey, ...asked } = topUpWalletInput.parse(input);
  if (asked.receivedAt > ctx.clock.now()) throw new DomainError("INPUT_INVALID", { path: "receivedAt" });
  try {
    if (!requestKey) return await withTransaction(ctx, (ctx) => book(ctx, asked));
    const call = { key: requestKey, verb: "topUpWallet", input: asked };
    return (await withIdempotency(ctx, call, (ctx) => book(ctx, asked))).result;
  } catch (error) {
    // Two people at once: the database lets the first one through.
    if (isTaken(error))
      throw new DomainError("BANK_REF_USED", { reference: asked.bankReference }, { cause: error });
    throw error;
  }
}

async function book(ctx: TxCtx, asked: Omit<TopUpWalletInput, "requestKey">) {
  const { distributorId, amount, bankReference, receivedAt } = asked;
  const { currency } = await walletOf(ctx, distributorId);
  const externalRef = bankTransferRef(bankReference);
  await requireFree(ctx, externalRef, bankReference);
  const books = await openBooks(ctx);
  const cash: AccountRef = { partyId: ctx.tenant.platformPartyId, kind: "cash" };
  const wallet: AccountRef = { partyId: distributorId, kind: "wallet" };
  const find = await findAccounts(ctx, currency, [cash, wallet]);
  const tradeId = newId();
  await post(
    ctx,
    books.closedThrough,
    [
      {
        id: tradeId,
        kind: "top_up",
        tradedAt: receivedAt,
        currency,
        gross: amount,
        discount: 0n,
        paid: amount,
        collectedBy: "platform",
        card: { distributorId },
        externalRef,
        actorId: actorId(ctx.actor),
        reason: bankReference,
      },
    ],
    [
      {
        tradeId,
        leg: "wallet.top_up",
        debit: find(cash),
        credit: find(wallet),
        amount,
        currency,
        partyId: distributorId,
        tradedAt: receivedAt,
        debitDueAt: null,
        creditDueAt: null,
      },
    ],
  );
  const { balance } = await walletOf(ctx, distributorId);
  await record(ctx, {
    action: "wallet.topped_up",
    subject: { kind: "wallet", id: distributorId },
    partyId: distributorId,
    data: { amount, currency, bankReference, receivedAt: receivedAt.toISOString(), tradeId },
  });
  return { tradeId, balance };
}

async function requireFree(ctx: TxCtx, externalRef: string, reference: string): Promise<void> {
  const [used] = await rawSql(ctx.tx)`
    select 1 from trades where tenant_id = ${ctx.tenant.id} and external_ref = ${externalRef}`;
  if (used) throw new DomainError("BANK_REF_USED", { reference });
}

function isTaken(error: unknown): boolean {
  const { code, constraint_name } = (error ?? {}) as { code?: unknown; constraint_name?: unknown };
  return code === "23505" && constraint_name === "trades_external_ref";
}
