import { rawSql } from "@/db/client";
import type { TxCtx } from "@/server/core/context";
import { DomainError } from "@/server/core/errors";
import { newId } from "@/server/core/ids";
import { NUMBER_PREFIX, nextNumber } from "../parties";

export interface Wallet {
  balance: bigint;
  /** How far below zero it may go. */
  creditLimit: bigint;
  /** What can be spent: balance and credit limit. */
  available: bigint;
  currency: string;
}

/** A distributor's wallet in the tenant's currency. Throws NOT_FOUND. */
export async function walletOf(ctx: TxCtx, distributorId: string): Promise<Wallet> {
  const [row] = await rawSql(ctx.tx)<{ balance: bigint | null; floor: bigint | null }[]>`
    select b.credits - b.debits as balance, a.floor
    from parties p
    left join accounts a on a.tenant_id = p.tenant_id and a.party_id = p.id and a.kind = 'wallet'
      and a.currency = ${ctx.tenant.currency} and a.ref = ''
    left join account_balances b on b.tenant_id = a.tenant_id and b.account_id = a.id
    where p.tenant_id = ${ctx.tenant.id} and p.id = ${distributorId} and p.kind = 'distributor'`;
  if (!row) throw new DomainError("NOT_FOUND", { noun: "distributor" });
  const balance = row.balance ?? 0n;
  const creditLimit = -(row.floor ?? 0n);
  return { balance, creditLimit, available: balance + creditLimit, currency: ctx.tenant.currency };
}

const WALLET_EXTERNAL_ID = "kaqing-wallet";

/**
 * The tenant's wallet channel: the party that orders paid from a wallet name as their channel. Made on first use;
 * there is one, however many ask at once.
 */
export async function walletChannel(ctx: TxCtx): Promise<string> {
  const found = await findWalletChannel(ctx);
  if (found) return found;
  const sql = rawSql(ctx.tx);
  await sql`select pg_advisory_xact_lock(hashtextextended(${`wallet-channel/${ctx.tenant.id}`}, 0))`;
  const made = await findWalletChannel(ctx);
  if (made) return made;
  const id = newId();
  const now = ctx.clock.now().toISOString();
  const [number = ""] = await nextNumber(ctx, "party.channel", NUMBER_PREFIX.channel);
  await sql`
    insert into parties (tenant_id, id, number, kind, name, external_id, locale, cycle, channel_fee_rate,
      channel_refunds_fee, created_at, updated_at)
    select ${ctx.tenant.id}, ${id}, ${number}, 'channel', case p.locale when 'en' then 'Wallet' else '钱包' end,
      ${WALLET_EXTERNAL_ID}, p.locale,
      '{"kind":"immediate"}', '0', true, ${now}::timestamptz, ${now}::timestamptz
    from parties p where p.tenant_id = ${ctx.tenant.id} and p.id = ${ctx.tenant.platformPartyId}`;
  await sql`
    insert into payment_channels (tenant_id, party_id, provider, enabled, created_at, updated_at)
    values (${ctx.tenant.id}, ${id}, 'wallet', true, ${now}::timestamptz, ${now}::timestamptz)`;
  return id;
}

async function findWalletChannel(ctx: TxCtx): Promise<string | null> {
  const [row] = await rawSql(ctx.tx)<{ party_id: string }[]>`
    select party_id from payment_channels where tenant_id = ${ctx.tenant.id} and provider = 'wallet'`;
  return row?.party_id ?? null;
}
