import { bytesArray, plainArray, RepeatingColumn, RepeatingInstants, wordArray } from "@/db/arrays";
import { rawSql } from "@/db/client";
import type { TxCtx } from "@/server/core/context";
import type { Subject } from "./identify";
import { type StoredVoucher, type StoredVoucherRow, storedVoucher } from "./stored-voucher";

/** The vouchers of a redeeming transaction: read in one go, judged elsewhere, and stored in one go (decision 0031). */

/** By tenant: until when vouchers are locked, as several transactions want the same ones. In milliseconds of this process. */
const contended = new Map<string, number>();
const CONTENDED_MS = 1_000;

export function areContended(tenantId: string): boolean {
  return performance.now() < (contended.get(tenantId) ?? 0);
}

/** Vouchers as they were read, by what was asked for. */
export class VouchersRead {
  readonly #byId = new Map<string, StoredVoucher>();
  readonly #byHash = new Map<string, StoredVoucher>();

  add(rows: readonly StoredVoucherRow[]): void {
    for (const row of rows) {
      const voucher = this.#byId.get(row.id) ?? storedVoucher(row);
      this.#byId.set(row.id, voucher);
      this.#byHash.set(row.code_hash.toString("latin1"), voucher);
    }
  }
  of({ hash, voucherId }: Subject): StoredVoucher | undefined {
    return hash ? this.#byHash.get(hash.toString("latin1")) : this.#byId.get(voucherId ?? "");
  }
}

/**
 * The vouchers of all requests. With `lock`, nobody changes them before this transaction ends; they are locked in the
 * order of their ids, so that transactions wait in one order. Else `storeVouchers` sees whether somebody has.
 */
export async function readVouchers(
  ctx: TxCtx,
  requests: readonly { subject: Subject }[],
  { lock }: { lock: boolean },
): Promise<VouchersRead> {
  const sql = rawSql(ctx.tx);
  const hashes: Buffer[] = [];
  const ids: string[] = [];
  for (const { subject } of requests) {
    if (subject.hash) hashes.push(subject.hash);
    else if (subject.voucherId) ids.push(subject.voucherId);
  }
  const columns = sql`ctid::text as place, xmin::text as version, id, campaign_id, code_hash, state, uses_left, balance, valid_from,
    valid_to, dynamic_sealed, dynamic_last_step, locked_until, locked_by, lock_ref, redeemed_at, redeemed_by, issued_at`;
  const locking = lock ? sql`order by id for update` : sql``;
  const read = new VouchersRead();
  const statements: Promise<StoredVoucherRow[]>[] = [];
  if (hashes.length > 0)
    statements.push(
      sql<StoredVoucherRow[]>`
        select ${columns} from vouchers where tenant_id = ${ctx.tenant.id} and code_hash = any(${bytesArray(hashes)}::bytea[])
        ${locking}`.execute(),
    );
  if (ids.length > 0)
    statements.push(
      sql<StoredVoucherRow[]>`
        select ${columns} from vouchers where tenant_id = ${ctx.tenant.id} and id = any(${plainArray(ids)}::uuid[])
        ${locking}`.execute(),
    );
  for (const rows of await Promise.all(statements)) read.add(rows);
  return read;
}

/** A voucher as it is to be, and the trade that makes it so. */
export type ChangedVoucher = StoredVoucher & { tradeId: string };

/**
 * The table refuses uses below zero and a balance below zero, whatever was judged here. Each row is where it was found,
 * and needs no index to be found again, unless another transaction has changed it since: then the database refuses all
 * of it (40001), and no commit that was sent behind can follow.
 */
export async function storeVouchers(ctx: TxCtx, changed: readonly ChangedVoucher[]): Promise<void> {
  // In the order in which they would be locked.
  const inOrder = [...changed].sort((a, b) => (a.id < b.id ? -1 : 1));
  const version = new RepeatingColumn();
  const redeemedAt = new RepeatingInstants();
  for (const v of inOrder) {
    version.add(v.version);
    redeemedAt.addDate(v.redeemedAt);
  }
  try {
    await rawSql(ctx.tx)`
      with changed as (
        update vouchers v set state = n.state, uses_left = n.uses_left, balance = n.balance,
          redeemed_at = (${redeemedAt.values}::timestamptz[])[coalesce(n.redeemed_at, 1)], redeemed_by = n.redeemed_by,
          last_trade_id = n.trade_id, dynamic_last_step = n.dynamic_last_step,
          locked_until = null, locked_by = null, lock_ref = null
        from unnest(${wordArray(inOrder.map((v) => v.place))}::tid[], ${version.places}::int[],
          ${plainArray(inOrder.map((v) => v.state))}::smallint[], ${plainArray(inOrder.map((v) => v.usesLeft))}::int[],
          ${plainArray(inOrder.map((v) => v.balance))}::bigint[], ${redeemedAt.places}::int[],
          ${plainArray(inOrder.map((v) => v.redeemedBy))}::uuid[], ${plainArray(inOrder.map((v) => v.tradeId))}::uuid[],
          ${plainArray(inOrder.map((v) => v.dynamicLastStep))}::bigint[])
          as n (place, version, state, uses_left, balance, redeemed_at, redeemed_by, trade_id, dynamic_last_step)
        where v.ctid = n.place and v.xmin = (${version.values}::xid[])[coalesce(n.version, 1)]
          and v.tenant_id = ${ctx.tenant.id}
        returning 1)
      select vouchers_changed(count(*), ${inOrder.length}::bigint) from changed`;
  } catch (error) {
    if ((error as { code?: unknown }).code === "40001")
      contended.set(ctx.tenant.id, performance.now() + CONTENDED_MS);
    throw error;
  }
}
