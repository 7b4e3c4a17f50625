import { and, eq } from "drizzle-orm";
import { rawSql } from "@/db/client";
import { campaigns, VOUCHER_STATES } from "@/db/schema";
import { type Ctx, requirePermission, type TxCtx } from "@/server/core/context";
import { DomainError, isDomainError } from "@/server/core/errors";
import { newId } from "@/server/core/ids";
import { withTransaction } from "@/server/core/transaction";
import { record } from "../audit";
import { clearTrades, postCleared } from "../clearing";
import { openBooks } from "../ledger";
import { advanceJob, startJob } from "../outbox";
import { campaignOf } from "./campaigns";
import { generateCodes } from "./codes";
import { newDynamicSecret } from "./dynamic-codes";
import { checkIssuable, checkQuota, loadingTrade, openingBalance, validityOf } from "./make-vouchers";
import { type StartBulkIssueInput, startBulkIssueInput, type Verification } from "./schemas";
import type { Campaign } from "./types";
import { codeHash, sealCode, sealDynamicSecret } from "./voucher-secrets";

/**
 * Issues up to a million anonymous codes in the background.
 * @throws DomainError CUSTOMER_REQUIRED where the campaign is for certain customers, and what refuses issuing one
 */
export async function startBulkIssue(ctx: Ctx, input: StartBulkIssueInput): Promise<{ jobId: string }> {
  requirePermission(ctx, "voucher:issue");
  const { campaignId, count, paid } = startBulkIssueInput.parse(input);
  return withTransaction(ctx, async (ctx) => {
    const campaign = await findCampaign(ctx, campaignId);
    const now = ctx.clock.now();
    checkIssuable(campaign, now);
    checkQuota(campaign, count);
    if (campaign.audience.length > 0 || campaign.perCustomerLimit !== null)
      throw new DomainError("CUSTOMER_REQUIRED", { campaign: campaign.name });
    validityOf(ctx.tenant, campaign, now);
    loadingTrade(campaign, { count, paid: paid ?? null, now, voucherId: null, externalRef: null });
    const params = { campaignId, count, ...(paid == null ? {} : { paid: paid.toString() }) };
    const jobId = await startJob(ctx, { kind: "issue-vouchers", params, total: count });
    await record(ctx, {
      action: "voucher.bulk_issue_started",
      subject: { kind: "job", id: jobId },
      partyId: campaign.brandId,
      data: { campaign: campaign.number, ...params },
    });
    return { jobId };
  });
}

/** Vouchers that one transaction issues. */
export const BULK_CHUNK = 10_000;

/**
 * Issues the codes of a chunk in one transaction with the run's progress: killed at any moment, the run goes on
 * from there without a gap and without issuing one twice.
 */
export async function issueChunk(
  ctx: Ctx,
  chunk: { jobId: string; campaignId: string; paid: bigint | null; from: number; codes: PreparedCodes },
): Promise<{ cancelRequested: boolean }> {
  requirePermission(ctx, "voucher:issue");
  const { jobId, campaignId, from, codes } = chunk;
  return withTransaction(ctx, async (ctx) => {
    const books = await openBooks(ctx);
    const { cancelRequested } = await advanceJob(ctx, { id: jobId, from, to: from + codes.count });
    const campaign = await findCampaign(ctx, campaignId);
    const now = ctx.clock.now();
    checkIssuable(campaign, now);
    const load = loadingTrade(campaign, {
      count: codes.count,
      paid: chunk.paid,
      now,
      voucherId: null,
      externalRef: `issue/${jobId}/${from}`,
    });
    const cleared = (await clearTrades(ctx, books, load ? [load] : [])).map((result) => {
      if (isDomainError(result)) throw result;
      return result;
    });
    await insertCodes(ctx, campaign, codes, { jobId, now });
    if (cleared.length > 0) await postCleared(ctx, books, cleared);
    // Last, so that single issues of the campaign wait for a moment only.
    await countIssued(ctx, campaign, codes.count);
    await record(ctx, {
      action: "voucher.issued",
      subject: { kind: "job", id: jobId },
      partyId: campaign.brandId,
      data: { campaign: campaign.number, count: codes.count, total: from + codes.count },
    });
    return { cancelRequested };
  });
}

/** Codes with their secrets, side by side: the database cuts each array of bytes into rows. */
export interface PreparedCodes {
  count: number;
  ids: Buffer;
  hashes: Buffer;
  sealed: Buffer;
  sealedLength: number;
  dynamic: Buffer | null;
  dynamicLength: number;
}

/** Makes codes a slice at a time, so that the chunk before gets its turn to be written meanwhile. */
export async function prepareCodes(ctx: Ctx, isDynamic: boolean, count: number): Promise<PreparedCodes> {
  const tenantId = ctx.tenant.id;
  const ids = Buffer.alloc(count * ID_LENGTH);
  const hashes = new Column(count);
  const sealed = new Column(count);
  const dynamic = new Column(count);
  for (let made = 0; made < count; ) {
    for (const code of generateCodes(Math.min(SLICE, count - made))) {
      const id = newId();
      ids.write(id.replaceAll("-", ""), made * ID_LENGTH, "hex");
      hashes.put(made, codeHash(code));
      sealed.put(made, sealCode(tenantId, id, code));
      if (isDynamic) dynamic.put(made, sealDynamicSecret(tenantId, id, newDynamicSecret()));
      made += 1;
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
  return {
    count,
    ids,
    hashes: hashes.bytes,
    sealed: sealed.bytes,
    sealedLength: sealed.length,
    dynamic: isDynamic ? dynamic.bytes : null,
    dynamicLength: dynamic.length,
  };
}

/** Values of one length, side by side; each is copied at once, so that a million small buffers die young. */
class Column {
  bytes = Buffer.alloc(0);
  length = 0;
  constructor(private readonly count: number) {}
  put(place: number, value: Buffer): void {
    if (this.length === 0) {
      this.length = value.length;
      this.bytes = Buffer.alloc(this.count * value.length);
    }
    value.copy(this.bytes, place * this.length);
  }
}
const ID_LENGTH = 16;
const SLICE = 250;

export async function findCampaign(ctx: TxCtx, id: string): Promise<Campaign> {
  const [row] = await ctx.tx
    .select()
    .from(campaigns)
    .where(and(eq(campaigns.tenantId, ctx.tenant.id), eq(campaigns.id, id)));
  if (!row) throw new DomainError("NOT_FOUND", { noun: "campaign" });
  return campaignOf(row);
}

/** Whether a campaign's vouchers have rotating codes. Throws NOT_FOUND. */
export function campaignVerification(ctx: Ctx, id: string): Promise<Verification> {
  requirePermission(ctx, "voucher:issue");
  return withTransaction(ctx, async (ctx) => (await findCampaign(ctx, id)).verification);
}

/** Row-level security does not take COPY; an insert from arrays of bytes costs little more. */
async function insertCodes(
  ctx: TxCtx,
  campaign: Campaign,
  codes: PreparedCodes,
  { jobId, now }: { jobId: string; now: Date },
): Promise<void> {
  const { validFrom, validTo } = validityOf(ctx.tenant, campaign, now);
  const balance = openingBalance(campaign)?.toString() ?? null;
  const at = (date: Date | null) => date?.toISOString() ?? null;
  const { sealedLength, dynamicLength } = codes;
  await rawSql(ctx.tx)`
    insert into vouchers (tenant_id, id, campaign_id, code_hash, code_sealed, state, uses_left, balance, initial_balance,
      valid_from, valid_to, job_id, dynamic_sealed, issued_at)
    select ${ctx.tenant.id}, encode(substring(${codes.ids}::bytea from i * 16 + 1 for 16), 'hex')::uuid, ${campaign.id},
      substring(${codes.hashes}::bytea from i * 16 + 1 for 16),
      substring(${codes.sealed}::bytea from i * ${sealedLength}::int + 1 for ${sealedLength}::int),
      ${VOUCHER_STATES.issued}, ${campaign.usesPerVoucher}, ${balance}::bigint, ${balance}::bigint,
      ${at(validFrom)}::timestamptz, ${at(validTo)}::timestamptz, ${jobId},
      substring(${codes.dynamic}::bytea from i * ${dynamicLength}::int + 1 for ${dynamicLength}::int),
      ${now.toISOString()}::timestamptz
    from generate_series(0, ${codes.count}::int - 1) as i`;
}

/** Takes the chunk out of the quota. Throws CAMPAIGN_QUOTA_EXHAUSTED; CONFLICT if the campaign was changed meanwhile. */
async function countIssued(ctx: TxCtx, campaign: Campaign, count: number): Promise<void> {
  const [row] = await rawSql(ctx.tx)`
    update campaigns set issued = issued + ${count}
    where tenant_id = ${ctx.tenant.id} and id = ${campaign.id} and (quota is null or issued + ${count} <= quota)
      and (issued > 0 or updated_at = ${campaign.updatedAt.toISOString()}::timestamptz)
    returning 1 as done`;
  if (row) return;
  const fresh = await findCampaign(ctx, campaign.id);
  checkQuota(fresh, count);
  throw new DomainError("CONFLICT", { noun: "campaign" });
}
