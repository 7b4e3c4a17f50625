import { rawSql } from "@/db/client";
import type { TxCtx } from "@/server/core/context";
import { newId } from "@/server/core/ids";

export const ACCOUNT_KINDS = [
  "cash",
  "channel_receivable",
  "channel_fee",
  "marketing_expense",
  "receivable",
  "prepaid",
  "payable",
  "wallet",
  "stored_value",
  "reserve",
  "commission_revenue",
  "margin",
  "interest_income",
  "suspense",
] as const;
export type AccountKind = (typeof ACCOUNT_KINDS)[number];

/** Account kinds that settlement states to their party: each transfer on them has a due date. */
export const SETTLED_KINDS: readonly AccountKind[] = ["payable", "receivable"];
/** Account kinds whose balance may never pass its floor, at any moment. */
export const STRICT_KINDS: readonly AccountKind[] = ["wallet", "stored_value"];

export interface AccountRef {
  partyId: string;
  kind: AccountKind;
  /** Tells accounts of one kind apart; empty for most. */
  ref?: string;
}
export interface Account {
  id: string;
  partyId: string;
  kind: AccountKind;
  currency: string;
  ref: string;
  strict: boolean;
  settled: boolean;
}

/** Accounts of one tenant and currency, by party, then by kind and ref: found without putting a key together. */
class AccountBook {
  readonly #parties = new Map<string, Map<string, Account>>();
  size = 0;

  get(ref: AccountRef): Account | undefined {
    return this.#parties.get(ref.partyId)?.get(slot(ref));
  }
  set(account: Account): void {
    let ofParty = this.#parties.get(account.partyId);
    if (!ofParty) {
      ofParty = new Map();
      this.#parties.set(account.partyId, ofParty);
    }
    ofParty.set(slot(account), account);
    this.size += 1;
  }
}
const slot = ({ kind, ref }: AccountRef) => (ref ? `${kind}/${ref}` : kind);

/** Accounts never change once made, so a process may remember them. */
const known = new Map<string, AccountBook>();
const KNOWN_MAX = 200_000;

function knownBook(tenantId: string, currency: string): AccountBook {
  const key = `${tenantId}/${currency}`;
  let book = known.get(key);
  if (!book || book.size > KNOWN_MAX) {
    book = new AccountBook();
    known.set(key, book);
  }
  return book;
}

/**
 * Finds the accounts of `refs`, opening those that do not exist yet. Returns a look-up by ref.
 * Opening is idempotent under concurrency.
 */
export async function findAccounts(
  ctx: TxCtx,
  currency: string,
  refs: readonly AccountRef[],
): Promise<(ref: AccountRef) => Account> {
  const accounts = new AccountBook();
  for (const account of await accountsOf(ctx, currency, refs)) accounts.set(account);
  return (ref) => {
    const account = accounts.get(ref);
    if (!account) throw new Error(`account not looked up: ${ref.partyId}/${slot(ref)}`);
    return account;
  };
}

/** The same, one account a ref, in their order. */
export async function accountsOf(
  ctx: TxCtx,
  currency: string,
  refs: readonly AccountRef[],
): Promise<readonly Account[]> {
  const book = knownBook(ctx.tenant.id, currency);
  const accounts: Account[] = [];
  const missing = new Map<string, AccountRef>();
  for (const ref of refs) {
    const account = book.get(ref);
    if (account) accounts.push(account);
    else missing.set(`${ref.partyId}/${slot(ref)}`, ref);
  }
  if (missing.size === 0) return accounts;
  // An account opened by a transaction that rolls back must not be remembered: remember only what a later
  // look finds committed, and use what this transaction opened for this call alone.
  const opened = new AccountBook();
  await openAccounts(ctx, currency, missing, book, opened);
  return refs.map((ref) => {
    const account = book.get(ref) ?? opened.get(ref);
    if (!account) throw new Error(`account not opened: ${ref.partyId}/${slot(ref)}`);
    return account;
  });
}

interface AccountRow {
  id: string;
  party_id: string;
  kind: AccountKind;
  currency: string;
  ref: string;
  strict: boolean;
}

async function openAccounts(
  ctx: TxCtx,
  currency: string,
  missing: ReadonlyMap<string, AccountRef>,
  book: AccountBook,
  opened: AccountBook,
): Promise<void> {
  const sql = rawSql(ctx.tx);
  // Sorted, so that two transactions opening the same accounts wait for each other in one order.
  const refs = [...missing.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, ref]) => ref);
  const partyIds = refs.map((r) => r.partyId);
  const kinds = refs.map((r) => r.kind);
  const names = refs.map((r) => r.ref ?? "");
  const find = () => sql<AccountRow[]>`
    select a.id, a.party_id, a.kind, a.currency, a.ref, a.strict
    from unnest(${partyIds}::uuid[], ${kinds}::text[], ${names}::text[]) as wanted (party_id, kind, ref)
    join accounts a on a.tenant_id = ${ctx.tenant.id} and a.party_id = wanted.party_id and a.kind = wanted.kind
      and a.currency = ${currency} and a.ref = wanted.ref`;
  const remember = (rows: readonly AccountRow[], into: AccountBook) => {
    for (const row of rows) {
      into.set({
        id: row.id,
        partyId: row.party_id,
        kind: row.kind,
        currency: row.currency,
        ref: row.ref,
        strict: row.strict,
        settled: SETTLED_KINDS.includes(row.kind),
      });
    }
  };

  const before = await find();
  // Read committed: what was found before this transaction opened any is committed, unless this very
  // transaction opened it in an earlier call. Those are few; they are looked up again next time.
  remember(before, ctxOpened.has(ctx.tx) ? opened : book);
  if (before.length === missing.size) return;

  ctxOpened.add(ctx.tx);
  const now = ctx.clock.now().toISOString();
  await sql`
    insert into accounts (tenant_id, id, party_id, kind, currency, ref, strict, floor, created_at)
    select ${ctx.tenant.id}, id, party_id, kind, ${currency}, ref, kind = any(${[...STRICT_KINDS]}::text[]), 0, ${now}::timestamptz
    from unnest(${refs.map(() => newId())}::uuid[], ${partyIds}::uuid[], ${kinds}::text[], ${names}::text[]) as n (id, party_id, kind, ref)
    on conflict do nothing`;
  remember(await find(), opened);
}

/** Transactions that opened accounts: what they find may not be committed. */
const ctxOpened = new WeakSet<object>();
