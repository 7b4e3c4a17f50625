import { type RawSql, rawSql } from "@/db/client";
import { VOUCHER_STATES } from "@/db/schema";
import { type Ctx, requirePermission, type TxCtx } from "@/server/core/context";
import { withTransaction } from "@/server/core/transaction";
import { record } from "../audit";
import { startJob } from "../outbox";
import {
  type StartVoidInput,
  startVoidInput,
  type VoidVouchersInput,
  type VoucherFilter,
  voidVouchersInput,
  voucherFilter,
} from "./schemas";
import type { Refusal } from "./types";

/** Anything not redeemed can be voided: issued, held or expired. A gift card's balance stays where it is, unusable. */

export interface VoidOutcome {
  voucherId: string;
  ok: boolean;
  error: Refusal | null;
}

/** Voids up to 1,000 vouchers by their ids; each has its own outcome. One that is void already counts as voided. */
export async function voidVouchers(
  ctx: Ctx,
  input: VoidVouchersInput,
): Promise<{ voided: number; results: VoidOutcome[] }> {
  requirePermission(ctx, "voucher:void");
  const { voucherIds, reason } = voidVouchersInput.parse(input);
  return withTransaction(ctx, async (ctx) => {
    const sql = rawSql(ctx.tx);
    const rows = await sql<{ id: string; state: number }[]>`
      select id, state from vouchers where tenant_id = ${ctx.tenant.id} and id = any(${voucherIds}::uuid[])
      order by id for update`;
    const states = new Map(rows.map((row) => [row.id, row.state]));
    const voidable = rows.filter((row) => isVoidable(row.state)).map((row) => row.id);
    if (voidable.length > 0) {
      await sql`
        update vouchers set state = ${VOUCHER_STATES.void}, locked_until = null, locked_by = null, lock_ref = null
        where tenant_id = ${ctx.tenant.id} and id = any(${voidable}::uuid[])`;
      const [only] = voidable;
      await record(ctx, {
        action: "voucher.voided",
        subject:
          voidable.length === 1 ? { kind: "voucher", id: only ?? "" } : { kind: "vouchers", id: only ?? "" },
        data: voidable.length === 1 ? { reason } : { reason, count: voidable.length, vouchers: voidable },
      });
    }
    const results = voucherIds.map((voucherId): VoidOutcome => {
      const state = states.get(voucherId);
      if (state === undefined)
        return { voucherId, ok: false, error: { code: "NOT_FOUND", params: { noun: "voucher" } } };
      const ok = isVoidable(state) || state === VOUCHER_STATES.void;
      return { voucherId, ok, error: ok ? null : { code: "VOUCHER_NOT_VOIDABLE", params: {} } };
    });
    return { voided: voidable.length, results };
  });
}

function isVoidable(state: number): boolean {
  return VOIDABLE.includes(state);
}
const VOIDABLE: readonly number[] = [VOUCHER_STATES.created, VOUCHER_STATES.issued, VOUCHER_STATES.expired];

const COUNT_CAP = 1_000_001;

/** How many a filter would void, so that people know before they do it. */
export async function countVoidable(
  ctx: Ctx,
  input: { filter: VoucherFilter },
): Promise<{ count: number; capped: boolean }> {
  requirePermission(ctx, "voucher:void");
  const filter = voucherFilter.parse(input.filter);
  return withTransaction(ctx, async (ctx) => {
    const sql = rawSql(ctx.tx);
    const [row] = await sql<{ count: bigint }[]>`
      select count(*) as count from (
        select 1 from vouchers where ${matching(sql, ctx.tenant.id, filter)} limit ${COUNT_CAP}) v`;
    const count = Number(row?.count ?? 0);
    return { count: Math.min(count, COUNT_CAP - 1), capped: count === COUNT_CAP };
  });
}

/** Voids all that a filter finds, in the background. */
export async function startVoid(ctx: Ctx, input: StartVoidInput): Promise<{ jobId: string }> {
  requirePermission(ctx, "voucher:void");
  const { filter, reason } = startVoidInput.parse(input);
  return withTransaction(ctx, async (ctx) => {
    const { count } = await countVoidable(ctx, { filter: input.filter });
    const params = { filter: JSON.parse(JSON.stringify(filter)) as Record<string, unknown>, reason };
    const jobId = await startJob(ctx, { kind: "void-vouchers", params, total: count });
    await record(ctx, {
      action: "voucher.void_started",
      subject: { kind: "job", id: jobId },
      data: { ...params, count },
    });
    return { jobId };
  });
}

const CHUNK = 5_000;

/** Voids the next ones behind `after`, by id. Safe to repeat: what is void is not found again. */
export async function voidChunk(
  ctx: Ctx,
  job: {
    filter: ReturnType<typeof voucherFilter.parse>;
    reason: string;
    after: string | null;
    jobId: string;
  },
): Promise<{ voided: number; last: string | null }> {
  requirePermission(ctx, "voucher:void");
  return withTransaction(ctx, (ctx) => voidNext(ctx, job));
}

async function voidNext(ctx: TxCtx, job: Parameters<typeof voidChunk>[1]): ReturnType<typeof voidChunk> {
  const sql = rawSql(ctx.tx);
  const rows = await sql<{ id: string }[]>`
    with found as (
      select id from vouchers where ${matching(sql, ctx.tenant.id, job.filter)}
        and id > ${job.after ?? "00000000-0000-0000-0000-000000000000"}
      order by id limit ${CHUNK} for update)
    update vouchers v set state = ${VOUCHER_STATES.void}, locked_until = null, locked_by = null, lock_ref = null
    from found where v.tenant_id = ${ctx.tenant.id} and v.id = found.id
    returning v.id`;
  if (rows.length === 0) return { voided: 0, last: null };
  await record(ctx, {
    action: "voucher.voided",
    subject: { kind: "job", id: job.jobId },
    data: { reason: job.reason, count: rows.length },
  });
  return {
    voided: rows.length,
    last:
      rows
        .map(({ id }) => id)
        .sort()
        .at(-1) ?? null,
  };
}

function matching(sql: RawSql, tenantId: string, filter: ReturnType<typeof voucherFilter.parse>) {
  const at = (date: Date) => date.toISOString();
  return sql`tenant_id = ${tenantId} and state = any(${[...VOIDABLE]}::smallint[])
    ${filter.campaignId ? sql`and campaign_id = ${filter.campaignId}` : sql``}
    ${filter.jobId ? sql`and job_id = ${filter.jobId}` : sql``}
    ${filter.customerId ? sql`and customer_id = ${filter.customerId}` : sql``}
    ${filter.issuedFrom ? sql`and issued_at >= ${at(filter.issuedFrom)}::timestamptz` : sql``}
    ${filter.issuedTo ? sql`and issued_at < ${at(filter.issuedTo)}::timestamptz` : sql``}`;
}
