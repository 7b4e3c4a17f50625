import { rawSql } from "@/db/client";
import { actorId, type Ctx, requirePermission } from "@/server/core/context";
import { DomainError } from "@/server/core/errors";
import { newId } from "@/server/core/ids";
import { withTransaction } from "@/server/core/transaction";
import { record } from "../audit";
import { type AccountRef, findAccounts, type NewTrade, type NewTransfer, openBooks, post } from "../ledger";
import { type RecordPaymentInput, recordPaymentInput, recordPaymentsInput, type StatedKind } from "./schemas";

/** What the ledger calls a payment: out to a payee, or in from a party that owed. */
export const PAYMENT_LEGS: Record<StatedKind, string> = { payable: "payout", receivable: "receipt" };

/**
 * Notes that a statement was paid: by us, of what a party was due; to us, of what it owed. Posts the payment
 * against the statement's account in the same transaction.
 * @throws DomainError STATEMENT_NOT_PAYABLE when it is paid already, or carried
 */
export async function recordPayment(ctx: Ctx, input: RecordPaymentInput): Promise<{ tradeId: string }> {
  requirePermission(ctx, "statement:pay");
  const [tradeId = ""] = await recordPayments(ctx, { payments: [recordPaymentInput.parse(input)] });
  return { tradeId };
}

interface Payable {
  id: string;
  number: string;
  state: string;
  total: bigint;
  currency: string;
  party_id: string;
  kind: StatedKind;
  ref: string;
}

/** The same of many statements, all or none. Returns the trades in the order of the payments. */
export async function recordPayments(
  ctx: Ctx,
  input: { payments: readonly RecordPaymentInput[] },
): Promise<string[]> {
  requirePermission(ctx, "statement:pay");
  const { payments } = recordPaymentsInput.parse(input);
  const now = ctx.clock.now();
  if (payments.some((p) => p.paidAt > now)) throw new DomainError("INPUT_INVALID", { path: "paidAt" });
  const ids = payments.map((p) => p.statementId);
  if (new Set(ids).size < ids.length) throw new DomainError("INPUT_INVALID", { path: "statementId" });
  return withTransaction(ctx, async (ctx) => {
    const { closedThrough } = await openBooks(ctx);
    const sql = rawSql(ctx.tx);
    const rows = await sql<Payable[]>`
      select s.id, s.number, s.state, s.total, s.currency, s.party_id, a.kind, a.ref
      from statements s join accounts a on a.tenant_id = s.tenant_id and a.id = s.account_id
      where s.tenant_id = ${ctx.tenant.id} and s.id = any(${ids}::uuid[]) order by s.id for update of s`;
    const found = new Map(rows.map((row) => [row.id, row]));
    const paid = payments.map((payment) => {
      const statement = found.get(payment.statementId);
      if (!statement) throw new DomainError("NOT_FOUND", { noun: "statement" });
      if (statement.state !== "draft") {
        throw new DomainError("STATEMENT_NOT_PAYABLE", {
          statement: statement.number,
          state: statement.state,
        });
      }
      return { payment, statement, tradeId: newId() };
    });

    const cash: AccountRef = { partyId: ctx.tenant.platformPartyId, kind: "cash" };
    const ownAccount = (s: Payable): AccountRef => ({ partyId: s.party_id, kind: s.kind, ref: s.ref });
    const accounts = new Map<string, Awaited<ReturnType<typeof findAccounts>>>();
    for (const currency of new Set(rows.map((row) => row.currency))) {
      const own = rows.filter((row) => row.currency === currency).map(ownAccount);
      accounts.set(currency, await findAccounts(ctx, currency, [cash, ...own]));
    }
    const trades: NewTrade[] = [];
    const transfers: NewTransfer[] = [];
    for (const { payment, statement, tradeId } of paid) {
      const account = accounts.get(statement.currency);
      if (!account) throw new Error("account not looked up");
      const amount = statement.total < 0n ? -statement.total : statement.total;
      const [own, ours] = [account(ownAccount(statement)), account(cash)];
      const [debit, credit] = statement.kind === "payable" ? [own, ours] : [ours, own];
      trades.push({
        id: tradeId,
        kind: "payout",
        tradedAt: payment.paidAt,
        currency: statement.currency,
        gross: amount,
        discount: 0n,
        paid: amount,
        collectedBy: "platform",
        externalRef: `payment:${statement.id}`,
        actorId: actorId(ctx.actor),
        reason: payment.bankReference,
      });
      transfers.push({
        tradeId,
        leg: PAYMENT_LEGS[statement.kind],
        debit,
        credit,
        amount,
        currency: statement.currency,
        partyId: statement.party_id,
        tradedAt: payment.paidAt,
        debitDueAt: null,
        creditDueAt: null,
      });
    }
    await post(ctx, closedThrough, trades, transfers);
    await sql`
      update statements s set state = 'paid', paid_at = n.paid_at, paid_ref = n.ref, payout_trade_id = n.trade_id
      from unnest(${paid.map((p) => p.statement.id)}::uuid[], ${paid.map((p) => p.payment.paidAt.toISOString())}::timestamptz[],
        ${paid.map((p) => p.payment.bankReference)}::text[], ${paid.map((p) => p.tradeId)}::uuid[]) as n (id, paid_at, ref, trade_id)
      where s.tenant_id = ${ctx.tenant.id} and s.id = n.id`;
    await record(
      ctx,
      ...paid.map(({ payment, statement, tradeId }) => ({
        action: "statement.paid",
        subject: { kind: "statement", id: statement.id },
        partyId: statement.party_id,
        data: {
          number: statement.number,
          total: statement.total.toString(),
          currency: statement.currency,
          bankReference: payment.bankReference,
          paidAt: payment.paidAt.toISOString(),
          tradeId,
        },
      })),
    );
    return paid.map((p) => p.tradeId);
  });
}
