import type { z } from "zod";
import { rawSql } from "@/db/client";
import {
  type Ctx,
  partyScope,
  requirePartyScope,
  requirePermission,
  type TxCtx,
} from "@/server/core/context";
import { containing, decodeCursor, encodeCursor } from "@/server/core/cursor";
import { DomainError } from "@/server/core/errors";
import { withSnapshot } from "@/server/core/transaction";
import { listPrepaymentsInput, listSuppliersInput, type SupplierTerms, supplierIdInput } from "./schemas";
import { PREPAYMENT_LEG, requireSupplier } from "./suppliers";
import type { Prepayment, SupplierRow } from "./types";

/** Suppliers with their accounts in the tenant's currency, by number. A supplier sees itself. */
export async function listSuppliers(
  ctx: Ctx,
  input: z.input<typeof listSuppliersInput>,
): Promise<{ items: SupplierRow[]; nextCursor: string | null }> {
  requirePermission(ctx, "supplier:read");
  const { cursor, limit, search } = listSuppliersInput.parse(input);
  const [afterNumber, afterId] = decodeCursor(cursor, ["text", "id"]) ?? [null, null];
  return withSnapshot(ctx, async (ctx) => {
    const sql = rawSql(ctx.tx);
    const scope = partyScope(ctx);
    const like = search ? containing(search) : null;
    const rows = await supplierRows(
      ctx,
      await sql<StoredSupplier[]>`
        ${selectSuppliers(ctx)}
        ${scope === null ? sql`` : sql`and p.id = ${scope}`}
        ${like ? sql`and (p.name ilike ${like} or p.number ilike ${like})` : sql``}
        ${afterNumber === null ? sql`` : sql`and (p.number, p.id) > (${afterNumber}, ${afterId}::uuid)`}
        order by p.number, p.id limit ${limit + 1}`,
    );
    const items = rows.slice(0, limit);
    const last = items.at(-1);
    return {
      items,
      nextCursor: rows.length > limit && last ? encodeCursor([last.number, last.partyId]) : null,
    };
  });
}

/** One supplier's account. Throws NOT_FOUND. */
export async function getSupplier(ctx: Ctx, input: z.input<typeof supplierIdInput>): Promise<SupplierRow> {
  requirePermission(ctx, "supplier:read");
  const { partyId } = supplierIdInput.parse(input);
  requirePartyScope(ctx, partyId);
  return withSnapshot(ctx, async (ctx) => {
    const sql = rawSql(ctx.tx);
    const found = await sql<StoredSupplier[]>`${selectSuppliers(ctx)} and p.id = ${partyId}`;
    const [row] = await supplierRows(ctx, found);
    if (!row) throw new DomainError("NOT_FOUND", { noun: "supplier" });
    return row;
  });
}

/** What a supplier was paid beforehand, newest first. */
export async function listPrepayments(
  ctx: Ctx,
  input: z.input<typeof listPrepaymentsInput>,
): Promise<{ items: Prepayment[]; nextCursor: string | null }> {
  requirePermission(ctx, "supplier:read");
  const { partyId, cursor, limit } = listPrepaymentsInput.parse(input);
  requirePartyScope(ctx, partyId);
  const before = decodeCursor(cursor, ["id"])?.[0];
  return withSnapshot(ctx, async (ctx) => {
    const sql = rawSql(ctx.tx);
    await requireSupplier(ctx, partyId);
    const rows = await sql<
      {
        id: string;
        paid: bigint;
        currency: string;
        reason: string | null;
        traded_at: string;
        posted_at: string;
      }[]
    >`
      select d.id, d.paid, d.currency, d.reason, d.traded_at, d.posted_at
      from trades d join transfers t on t.tenant_id = d.tenant_id and t.trade_id = d.id
      where d.tenant_id = ${ctx.tenant.id} and d.kind = 'top_up' and d.external_ref like 'bank/%'
        and t.leg = ${PREPAYMENT_LEG} and t.party_id = ${partyId} ${before ? sql`and d.id < ${before}` : sql``}
      order by d.id desc limit ${limit + 1}`;
    const items = rows.slice(0, limit).map((row) => ({
      tradeId: row.id,
      amount: row.paid,
      currency: row.currency,
      bankReference: row.reason ?? "",
      paidAt: new Date(row.traded_at),
      recordedAt: new Date(row.posted_at),
    }));
    return { items, nextCursor: rows.length > limit ? encodeCursor([items.at(-1)?.tradeId ?? ""]) : null };
  });
}

interface StoredSupplier {
  id: string;
  number: string;
  name: string;
  terms: SupplierTerms;
  warn_below: bigint;
  products: bigint;
}

function selectSuppliers(ctx: TxCtx) {
  return rawSql(ctx.tx)`
    select p.id, p.number, p.name, coalesce(s.terms, 'credit') as terms, coalesce(s.warn_below, 0)::bigint as warn_below,
      (select count(*) from products d where d.tenant_id = p.tenant_id and d.supplier_id = p.id) as products
    from parties p left join suppliers s on s.tenant_id = p.tenant_id and s.party_id = p.id
    where p.tenant_id = ${ctx.tenant.id} and p.kind = 'supplier'`;
}

async function supplierRows(ctx: TxCtx, rows: readonly StoredSupplier[]): Promise<SupplierRow[]> {
  const sums = await sumsOf(
    ctx,
    rows.map((row) => row.id),
  );
  return rows.map((row) => {
    const { payable = 0n, topped_up: toppedUp = 0n, consumed = 0n } = sums.get(row.id) ?? {};
    const remaining = toppedUp - consumed;
    return {
      partyId: row.id,
      number: row.number,
      name: row.name,
      terms: row.terms,
      currency: ctx.tenant.currency,
      payable,
      toppedUp,
      consumed,
      remaining,
      warnBelow: row.warn_below,
      warn: row.terms === "prepaid" && remaining < row.warn_below,
      products: Number(row.products),
    };
  });
}

interface Sums {
  party_id: string;
  payable: bigint;
  topped_up: bigint;
  consumed: bigint;
}

/** From the ledger: its roll-ups, and what they have not taken in yet. A returned card's cost counts against. */
async function sumsOf(ctx: TxCtx, partyIds: readonly string[]): Promise<Map<string, Sums>> {
  if (partyIds.length === 0) return new Map();
  const rows = await rawSql(ctx.tx)<Sums[]>`
    with own as (
      select id, party_id, kind from accounts where tenant_id = ${ctx.tenant.id} and party_id = any(${[...partyIds]}::uuid[])
        and kind in ('prepaid', 'payable') and currency = ${ctx.tenant.currency}),
    sides as (
      select d.account_id, d.leg, d.debits, d.credits from own
      join leg_days d on d.tenant_id = ${ctx.tenant.id} and d.account_id = own.id
      union all
      select s.account_id, t.leg, s.debit, s.credit from trades d
      join transfers t on t.tenant_id = d.tenant_id and t.trade_id = d.id
      cross join lateral (values (t.debit_account_id, t.amount, 0::bigint), (t.credit_account_id, 0::bigint, t.amount))
        s (account_id, debit, credit)
      where d.tenant_id = ${ctx.tenant.id} and d.xid >= coalesce(
        (select xid from rollup_marks where tenant_id = ${ctx.tenant.id}), 0)::text::xid8)
    select own.party_id,
      coalesce(sum(credits - debits) filter (where kind = 'payable'), 0)::bigint as payable,
      coalesce(sum(debits - credits) filter (where kind = 'prepaid' and leg = ${PREPAYMENT_LEG}), 0)::bigint as topped_up,
      coalesce(sum(credits - debits) filter (where kind = 'prepaid' and leg <> ${PREPAYMENT_LEG}), 0)::bigint as consumed
    from own join sides on sides.account_id = own.id group by 1`;
  return new Map(rows.map((row) => [row.party_id, row]));
}
