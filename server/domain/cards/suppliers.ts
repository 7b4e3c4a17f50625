import { and, eq } from "drizzle-orm";
import { rawSql } from "@/db/client";
import { parties, suppliers } from "@/db/schema";
import { actorId, type Ctx, requirePermission, type TxCtx } from "@/server/core/context";
import { DomainError } from "@/server/core/errors";
import { newId } from "@/server/core/ids";
import { withTransaction } from "@/server/core/transaction";
import { record } from "../audit";
import { type AccountRef, findAccounts, openBooks, post } from "../ledger";
import {
  type RecordPrepaymentInput,
  recordPrepaymentInput,
  type SetSupplierTermsInput,
  setSupplierTermsInput,
} from "./schemas";

export const PREPAYMENT_LEG = "prepaid.top_up";

/** How a supplier is paid. Sales already made keep the terms of their time. Throws NOT_FOUND of the supplier. */
export async function setSupplierTerms(ctx: Ctx, input: SetSupplierTermsInput): Promise<void> {
  requirePermission(ctx, "supplier:write");
  const { partyId, terms, warnBelow } = setSupplierTermsInput.parse(input);
  await withTransaction(ctx, async (ctx) => {
    await requireSupplier(ctx, partyId);
    const now = ctx.clock.now();
    const [before] = await ctx.tx
      .select()
      .from(suppliers)
      .where(and(eq(suppliers.tenantId, ctx.tenant.id), eq(suppliers.partyId, partyId)))
      .for("update");
    if (before && before.terms === terms && before.warnBelow === warnBelow) return;
    await ctx.tx
      .insert(suppliers)
      .values({ tenantId: ctx.tenant.id, partyId, terms, warnBelow, createdAt: now, updatedAt: now })
      .onConflictDoUpdate({
        target: [suppliers.tenantId, suppliers.partyId],
        set: { terms, warnBelow, updatedAt: now },
      });
    await record(ctx, {
      action: "supplier.terms_set",
      subject: { kind: "party", id: partyId },
      partyId,
      data: { from: before?.terms ?? "credit", terms, warnBelow },
    });
  });
}

/**
 * Notes that a supplier was paid before its goods: what it then sells is taken from there. A bank's number is booked
 * once, however often and from however many servers it is told.
 * @throws DomainError NOT_FOUND of the supplier; BANK_REF_USED; INPUT_INVALID (paid in the future)
 */
export async function recordPrepayment(ctx: Ctx, input: RecordPrepaymentInput): Promise<{ tradeId: string }> {
  requirePermission(ctx, "supplier:top_up");
  const given = recordPrepaymentInput.parse(input);
  if (given.paidAt > ctx.clock.now()) throw new DomainError("INPUT_INVALID", { path: "paidAt" });
  const currency = given.currency ?? ctx.tenant.currency;
  return withTransaction(ctx, async (ctx) => {
    const supplier = await requireSupplier(ctx, given.partyId);
    const externalRef = `bank/${given.bankReference}`;
    await claimBankReference(ctx, externalRef);
    const { closedThrough } = await openBooks(ctx);
    const prepaid: AccountRef = { partyId: given.partyId, kind: "prepaid" };
    const cash: AccountRef = { partyId: ctx.tenant.platformPartyId, kind: "cash" };
    const find = await findAccounts(ctx, currency, [prepaid, cash]);
    const tradeId = newId();
    await post(
      ctx,
      closedThrough,
      [
        {
          id: tradeId,
          kind: "top_up",
          tradedAt: given.paidAt,
          currency,
          gross: given.amount,
          discount: 0n,
          paid: given.amount,
          collectedBy: "platform",
          externalRef,
          actorId: actorId(ctx.actor),
          reason: given.bankReference,
        },
      ],
      [
        {
          tradeId,
          leg: PREPAYMENT_LEG,
          debit: find(prepaid),
          credit: find(cash),
          amount: given.amount,
          currency,
          partyId: given.partyId,
          tradedAt: given.paidAt,
          debitDueAt: null,
          creditDueAt: null,
        },
      ],
    );
    await record(ctx, {
      action: "supplier.prepaid",
      subject: { kind: "party", id: given.partyId },
      partyId: given.partyId,
      data: {
        supplier: supplier.number,
        amount: given.amount,
        currency,
        bankReference: given.bankReference,
        paidAt: given.paidAt.toISOString(),
        tradeId,
      },
    });
    return { tradeId };
  });
}

/** Of two at once, the second waits here and finds the first. */
async function claimBankReference(ctx: TxCtx, externalRef: string): Promise<void> {
  const sql = rawSql(ctx.tx);
  await sql`select pg_advisory_xact_lock(hashtextextended(${`${ctx.tenant.id}/${externalRef}`}, 0))`;
  const [used] = await sql`
    select 1 from trades where tenant_id = ${ctx.tenant.id} and external_ref = ${externalRef}`;
  if (used) throw new DomainError("BANK_REF_USED", { reference: externalRef.slice("bank/".length) });
}

/** Throws NOT_FOUND for whoever is none. */
export async function requireSupplier(ctx: TxCtx, partyId: string): Promise<{ number: string }> {
  const [row] = await ctx.tx
    .select({ kind: parties.kind, number: parties.number })
    .from(parties)
    .where(and(eq(parties.tenantId, ctx.tenant.id), eq(parties.id, partyId)));
  if (row?.kind !== "supplier") throw new DomainError("NOT_FOUND", { noun: "supplier" });
  return row;
}
