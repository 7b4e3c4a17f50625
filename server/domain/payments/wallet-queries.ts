import { rawSql } from "@/db/client";
import { type Ctx, partyScope, requirePartyScope, requirePermission } from "@/server/core/context";
import { containing, decodeCursor, encodeCursor } from "@/server/core/cursor";
import { DomainError } from "@/server/core/errors";
import { referenceOf } from "@/server/core/ids";
import { withSnapshot } from "@/server/core/transaction";
import { tradeReference } from "../clearing";
import { listWalletsInput, walletIdInput, walletMovementsInput } from "./schemas";
import { type Wallet, walletOf } from "./wallet";

export interface WalletRow extends Wallet {
  distributor: { id: string; number: string; name: string; status: "active" | "suspended" };
}

export interface WalletDetail extends WalletRow {
  /** All that ever came in by bank transfer, and the last of it. */
  toppedUp: { count: number; total: bigint; last: Date | null };
}

/** What one trade did to the wallet. */
export interface WalletMovement {
  tradeId: string;
  reference: string;
  kind: string;
  /** Positive: into the wallet. */
  amount: bigint;
  /** After it. */
  balance: bigint;
  tradedAt: Date;
  postedAt: Date;
  order: { id: string; reference: string } | null;
  product: string | null;
  /** Of a top-up, the bank's number; of a reversal, why. */
  note: string | null;
}

interface RowSql {
  id: string;
  number: string;
  name: string;
  status: "active" | "suspended";
  balance: bigint | null;
  floor: bigint | null;
}

/** Wallets of all distributors, by number, also of those that were never topped up. A distributor sees its own. */
export async function listWallets(
  ctx: Ctx,
  input: { q?: string; cursor?: string | null; limit?: number } = {},
): Promise<{ items: WalletRow[]; nextCursor: string | null }> {
  requirePermission(ctx, "wallet:read");
  const { q, cursor, limit } = listWalletsInput.parse(input);
  const after = decodeCursor(cursor, ["text"]);
  const scope = partyScope(ctx);
  const { currency } = ctx.tenant;
  return withSnapshot(ctx, async (ctx) => {
    const sql = rawSql(ctx.tx);
    const rows = await sql<RowSql[]>`
      select p.id, p.number, p.name, p.status, b.credits - b.debits as balance, a.floor
      from parties p
      left join accounts a on a.tenant_id = p.tenant_id and a.party_id = p.id and a.kind = 'wallet'
        and a.currency = ${currency} and a.ref = ''
      left join account_balances b on b.tenant_id = a.tenant_id and b.account_id = a.id
      where p.tenant_id = ${ctx.tenant.id} and p.kind = 'distributor'
        ${scope ? sql`and p.id = ${scope}` : sql``}
        ${q ? sql`and (p.name ilike ${containing(q)} or p.number ilike ${containing(q)})` : sql``}
        ${after ? sql`and p.number > ${after[0]}` : sql``}
      order by p.number limit ${limit + 1}`;
    const items = rows.slice(0, limit).map((row) => rowOf(row, currency));
    const last = items.at(-1);
    const more = rows.length > limit && last;
    return { items, nextCursor: more ? encodeCursor([last.distributor.number]) : null };
  });
}

function rowOf({ id, number, name, status, balance, floor }: RowSql, currency: string): WalletRow {
  const now = balance ?? 0n;
  const creditLimit = -(floor ?? 0n);
  return {
    distributor: { id, number, name, status },
    balance: now,
    creditLimit,
    available: now + creditLimit,
    currency,
  };
}

/** Throws NOT_FOUND, also for another distributor's. */
export async function getWallet(ctx: Ctx, input: { distributorId: string }): Promise<WalletDetail> {
  requirePermission(ctx, "wallet:read");
  const { distributorId } = walletIdInput.parse(input);
  requirePartyScope(ctx, distributorId);
  return withSnapshot(ctx, async (ctx) => {
    const wallet = await walletOf(ctx, distributorId);
    const [row] = await rawSql(ctx.tx)<
      (WalletRow["distributor"] & { count: bigint; total: bigint | null; last: string | null })[]
    >`select p.id, p.number, p.name, p.status, count(t.id) as count, sum(t.paid)::bigint as total, max(t.traded_at) as last
      from parties p
      left join trades t on t.tenant_id = p.tenant_id and t.distributor_id = p.id and t.kind = 'top_up'
        and t.currency = ${wallet.currency}
      where p.tenant_id = ${ctx.tenant.id} and p.id = ${distributorId}
      group by p.id, p.number, p.name, p.status`;
    if (!row) throw new DomainError("NOT_FOUND", { noun: "distributor" });
    const { count, total, last, ...distributor } = row;
    return {
      ...wallet,
      distributor,
      toppedUp: { count: Number(count), total: total ?? 0n, last: last ? new Date(last) : null },
    };
  });
}

interface MovementSql {
  id: string;
  kind: string;
  traded_at: string;
  posted_at: string;
  reason: string | null;
  order_id: string | null;
  product: string | null;
  amount: bigint;
}

/**
 * The wallet's statement: its movements, the latest first, each with the balance after it. Balances are counted
 * back from what the account holds now, in the same snapshot.
 */
export async function walletMovements(
  ctx: Ctx,
  input: { distributorId: string; cursor?: string | null; limit?: number },
): Promise<{ items: WalletMovement[]; nextCursor: string | null; currency: string }> {
  requirePermission(ctx, "wallet:read");
  const { distributorId, cursor, limit } = walletMovementsInput.parse(input);
  requirePartyScope(ctx, distributorId);
  const after = decodeCursor(cursor, ["id"]);
  return withSnapshot(ctx, async (ctx) => {
    const sql = rawSql(ctx.tx);
    const { currency } = await walletOf(ctx, distributorId);
    // The trades that can have moved a wallet, which an index lists by it, with what they did to it.
    const moved = sql`
      from trades d
      cross join lateral (
        select sum(case when f.credit_account_id = a.id then f.amount else -f.amount end)::bigint as amount
        from transfers f where f.tenant_id = d.tenant_id and f.trade_id = d.id
          and a.id in (f.credit_account_id, f.debit_account_id)) m`;
    const rows = await sql<(MovementSql & { balance: bigint; newer: bigint | null })[]>`
      with a as (
        select a.id, coalesce(b.credits - b.debits, 0) as balance
        from accounts a left join account_balances b on b.tenant_id = a.tenant_id and b.account_id = a.id
        where a.tenant_id = ${ctx.tenant.id} and a.party_id = ${distributorId} and a.kind = 'wallet'
          and a.currency = ${currency} and a.ref = ''),
      newer as (
        ${
          after
            ? sql`select sum(m.amount)::bigint as total from a cross join lateral (select m.amount ${moved}
                where d.tenant_id = ${ctx.tenant.id} and d.distributor_id = ${distributorId}
                  and (d.collected_by = 'wallet' or d.kind = 'top_up') and d.id >= ${after[0]}::uuid) m`
            : sql`select 0::bigint as total`
        }),
      page as (
        select p.* from a cross join lateral (
          select d.id, d.kind, d.traded_at, d.posted_at, d.reason, d.order_id, d.product_id, m.amount ${moved}
          where d.tenant_id = ${ctx.tenant.id} and d.distributor_id = ${distributorId}
            and (d.collected_by = 'wallet' or d.kind = 'top_up') and m.amount <> 0
            ${after ? sql`and d.id < ${after[0]}::uuid` : sql``}
          order by d.id desc limit ${limit + 1}) p)
      select page.id, page.kind, page.traded_at, page.posted_at, page.reason, page.order_id, page.amount,
        g.name as product, a.balance, newer.total as newer
      from page cross join a cross join newer
      left join products g on g.tenant_id = ${ctx.tenant.id} and g.id = page.product_id
      order by page.id desc`;
    let balance = (rows[0]?.balance ?? 0n) - (rows[0]?.newer ?? 0n);
    const items = rows.slice(0, limit).map((row): WalletMovement => {
      const balanceAfter = balance;
      balance -= row.amount;
      return {
        tradeId: row.id,
        reference: tradeReference(row.kind, row.id),
        kind: row.kind,
        amount: row.amount,
        balance: balanceAfter,
        tradedAt: new Date(row.traded_at),
        postedAt: new Date(row.posted_at),
        order: row.order_id ? { id: row.order_id, reference: referenceOf("ORD", row.order_id) } : null,
        product: row.product,
        note: row.reason,
      };
    });
    const last = items.at(-1);
    return { items, nextCursor: rows.length > limit && last ? encodeCursor([last.tradeId]) : null, currency };
  });
}
