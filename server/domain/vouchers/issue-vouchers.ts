import { and, eq, inArray } from "drizzle-orm";
import { BYTEA, rawSql } from "@/db/client";
import { campaigns, VOUCHER_STATES, vouchers } from "@/db/schema";
import { type Ctx, requirePermission, type TxCtx } from "@/server/core/context";
import { DomainError, isDomainError } from "@/server/core/errors";
import { referenceOf } from "@/server/core/ids";
import { withTransaction } from "@/server/core/transaction";
import { record } from "../audit";
import { clearTrades, postCleared } from "../clearing";
import { openBooks } from "../ledger";
import { campaignOf } from "./campaigns";
import { formatCode } from "./codes";
import { findCampaign } from "./issue-in-bulk";
import {
  checkIssuable,
  checkQuota,
  loadingTrade,
  type MadeVoucher,
  makeVouchers,
  openingBalance,
  validityOf,
} from "./make-vouchers";
import {
  type IssueVoucherInput,
  type IssueVouchersInput,
  issueVoucherInput,
  issueVouchersInput,
} from "./schemas";
import type { Campaign, IssuedVoucher } from "./types";
import { openCode } from "./voucher-secrets";
import { walletPath } from "./wallet-token";

/**
 * Issues one voucher. Idempotent by (campaign, source id): the same request gets the same code.
 * @throws DomainError CAMPAIGN_NOT_ACTIVE · CAMPAIGN_OUTSIDE_ISSUE_WINDOW · CAMPAIGN_QUOTA_EXHAUSTED ·
 * CUSTOMER_REQUIRED · CUSTOMER_NOT_IN_AUDIENCE · CUSTOMER_LIMIT_REACHED · IDEMPOTENCY_KEY_REUSED
 */
export async function issueVoucher(ctx: Ctx, input: IssueVoucherInput): Promise<IssuedVoucher> {
  const { campaignId, paid, ...item } = issueVoucherInput.parse(input);
  const [issued] = await issueVouchers(ctx, { campaignId, paid, items: [item] });
  if (!issued) throw new Error("nothing issued");
  return issued;
}

/** Issues up to 1,000 vouchers, all or none, answered in the order of the items. */
export async function issueVouchers(ctx: Ctx, input: IssueVouchersInput): Promise<IssuedVoucher[]> {
  requirePermission(ctx, "voucher:issue");
  const { campaignId, items, paid } = issueVouchersInput.parse(input);
  return withTransaction(ctx, async (ctx) => {
    const requests = items.map((item) => ({
      sourceId: item.sourceId ?? null,
      customerId: item.customerId ?? null,
    }));
    const sources = [...new Set(requests.flatMap((r) => r.sourceId ?? []))];
    if (sources.length < requests.filter((r) => r.sourceId).length)
      throw new DomainError("INPUT_INVALID", { path: "items.sourceId" });

    const [books, seen, before] = await Promise.all([
      openBooks(ctx),
      findCampaign(ctx, campaignId),
      issuedUnder(ctx, campaignId, sources),
    ]);
    if (requests.every((r) => r.sourceId && before.has(r.sourceId))) return answer(requests, before, []);

    // Refused without waiting for anybody: what was issued is never less later.
    checkIssuable(seen, ctx.clock.now());
    checkQuota(seen, requests.filter((r) => !(r.sourceId && before.has(r.sourceId))).length);

    // From here on the campaign's issues go one after the other; a source id that another one has just used is seen.
    const campaign = await lockForIssue(ctx, campaignId);
    const found = sources.length > 0 ? await issuedUnder(ctx, campaignId, sources) : before;
    const fresh = requests.filter((r) => !(r.sourceId && found.has(r.sourceId)));
    if (fresh.length === 0) return answer(requests, found, []);

    const now = ctx.clock.now();
    checkIssuable(campaign, now);
    checkQuota(campaign, fresh.length);
    checkAudience(campaign, fresh);
    const validity = validityOf(ctx.tenant, campaign, now);
    const made = makeVouchers(ctx, campaign, fresh.length);
    const rows = fresh.map((request, i) => ({
      ...request,
      ...(made[i] as MadeVoucher),
      ...validity,
      issuedAt: now,
    }));
    const loads = rows.flatMap(
      ({ id }) =>
        loadingTrade(campaign, { count: 1, paid: paid ?? null, now, voucherId: id, externalRef: null }) ?? [],
    );
    await countCustomers(ctx, campaign, fresh);
    const cleared = (await clearTrades(ctx, books, loads)).map((result) => {
      if (isDomainError(result)) throw result;
      return result;
    });
    await insertVouchers(ctx, campaign, rows);
    if (cleared.length > 0) await postCleared(ctx, books, cleared);
    await record(ctx, {
      action: "voucher.issued",
      subject:
        fresh.length === 1
          ? { kind: "voucher", id: rows[0]?.id ?? "" }
          : { kind: "campaign", id: campaign.id },
      partyId: campaign.brandId,
      data: {
        campaign: campaign.number,
        count: rows.length,
        ...(rows.length === 1 ? { sourceId: rows[0]?.sourceId, customerId: rows[0]?.customerId } : {}),
      },
    });
    return answer(
      requests,
      found,
      rows.map((row) => fromRow(ctx, campaign, row)),
    );
  });
}

interface Request {
  sourceId: string | null;
  customerId: string | null;
}

/** The campaign, its row locked. Throws NOT_FOUND. */
export async function lockForIssue(ctx: TxCtx, campaignId: string): Promise<Campaign> {
  const [row] = await ctx.tx
    .select()
    .from(campaigns)
    .where(and(eq(campaigns.tenantId, ctx.tenant.id), eq(campaigns.id, campaignId)))
    .for("no key update");
  if (!row) throw new DomainError("NOT_FOUND", { noun: "campaign" });
  return campaignOf(row);
}

// ── who may have one ──

function checkAudience(campaign: Campaign, requests: readonly Request[]): void {
  const audience = new Set(campaign.audience);
  if (audience.size === 0 && campaign.perCustomerLimit === null) return;
  for (const { customerId } of requests) {
    if (customerId === null) throw new DomainError("CUSTOMER_REQUIRED", { campaign: campaign.name });
    if (audience.size > 0 && !audience.has(customerId))
      throw new DomainError("CUSTOMER_NOT_IN_AUDIENCE", { customer: customerId });
  }
}

/** Counts on each customer's row, under its lock. Throws CUSTOMER_LIMIT_REACHED. */
async function countCustomers(ctx: TxCtx, campaign: Campaign, requests: readonly Request[]): Promise<void> {
  const limit = campaign.perCustomerLimit;
  if (limit === null) return;
  const counts = new Map<string, number>();
  for (const { customerId } of requests)
    if (customerId !== null) counts.set(customerId, (counts.get(customerId) ?? 0) + 1);
  const asked = [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
  const over = asked.find(([, count]) => count > limit);
  if (over) throw new DomainError("CUSTOMER_LIMIT_REACHED", { customer: over[0], limit });
  const rows = await rawSql(ctx.tx)<{ customer_id: string }[]>`
    insert into campaign_customers as c (tenant_id, campaign_id, customer_id, issued)
    select ${ctx.tenant.id}, ${campaign.id}, customer_id, issued
    from unnest(${asked.map(([id]) => id)}::text[], ${asked.map(([, count]) => count)}::int[]) as n (customer_id, issued)
    order by customer_id
    on conflict (tenant_id, campaign_id, customer_id) do update set issued = c.issued + excluded.issued
      where c.issued + excluded.issued <= ${limit}
    returning customer_id`;
  if (rows.length === asked.length) return;
  const counted = new Set(rows.map((row) => row.customer_id));
  const refused = asked.find(([id]) => !counted.has(id));
  throw new DomainError("CUSTOMER_LIMIT_REACHED", { customer: refused?.[0] ?? "", limit });
}

// ── rows ──

type NewRow = MadeVoucher & Request & { validFrom: Date | null; validTo: Date | null; issuedAt: Date };

async function insertVouchers(ctx: TxCtx, campaign: Campaign, rows: readonly NewRow[]): Promise<void> {
  const sql = rawSql(ctx.tx);
  const balance = openingBalance(campaign)?.toString() ?? null;
  const [first] = rows;
  const at = (date: Date | null | undefined) => date?.toISOString() ?? null;
  await Promise.all([
    sql`
      insert into vouchers (tenant_id, id, campaign_id, code_hash, code_sealed, state, uses_left, balance, initial_balance,
        valid_from, valid_to, source_id, customer_id, dynamic_sealed, issued_at)
      select ${ctx.tenant.id}, id, ${campaign.id}, hash, sealed, ${VOUCHER_STATES.issued}, ${campaign.usesPerVoucher},
        ${balance}::bigint, ${balance}::bigint, ${at(first?.validFrom)}::timestamptz, ${at(first?.validTo)}::timestamptz,
        source_id, customer_id, dynamic_sealed, ${at(first?.issuedAt)}::timestamptz
      from unnest(${rows.map((r) => r.id)}::uuid[], ${sql.array(
        rows.map((r) => r.hash),
        BYTEA,
      )}::bytea[],
        ${sql.array(
          rows.map((r) => r.sealed),
          BYTEA,
        )}::bytea[],
        ${sql.array(
          rows.map((r) => r.dynamicSealed as Buffer),
          BYTEA,
        )}::bytea[],
        ${rows.map((r) => r.sourceId)}::text[], ${rows.map((r) => r.customerId)}::text[])
        as n (id, hash, sealed, dynamic_sealed, source_id, customer_id)`.execute(),
    sql`
      update campaigns set issued = issued + ${rows.length}
      where tenant_id = ${ctx.tenant.id} and id = ${campaign.id}`.execute(),
  ]);
}

/** What was issued under these source ids before. */
async function issuedUnder(
  ctx: TxCtx,
  campaignId: string,
  sourceIds: readonly string[],
): Promise<Map<string, IssuedVoucher>> {
  if (sourceIds.length === 0) return new Map();
  const rows = await ctx.tx
    .select({ voucher: vouchers, verification: campaigns.verification })
    .from(vouchers)
    .innerJoin(
      campaigns,
      and(eq(campaigns.tenantId, vouchers.tenantId), eq(campaigns.id, vouchers.campaignId)),
    )
    .where(
      and(
        eq(vouchers.tenantId, ctx.tenant.id),
        eq(vouchers.campaignId, campaignId),
        inArray(vouchers.sourceId, [...sourceIds]),
      ),
    );
  return new Map(
    rows.map(({ voucher, verification }) => [
      voucher.sourceId ?? "",
      {
        voucherId: voucher.id,
        reference: referenceOf("VC", voucher.id),
        campaignId,
        code:
          verification === "static"
            ? formatCode(openCode(ctx.tenant.id, voucher.id, voucher.codeSealed))
            : null,
        walletPath: walletPath(ctx.tenant, voucher.id),
        sourceId: voucher.sourceId,
        customerId: voucher.customerId,
        validFrom: voucher.validFrom,
        validTo: voucher.validTo,
        balance: voucher.balance,
        issuedAt: voucher.issuedAt,
        replayed: true,
      },
    ]),
  );
}

function fromRow(ctx: Ctx, campaign: Campaign, row: NewRow): IssuedVoucher {
  return {
    voucherId: row.id,
    reference: referenceOf("VC", row.id),
    campaignId: campaign.id,
    code: campaign.verification === "static" ? formatCode(row.code) : null,
    walletPath: walletPath(ctx.tenant, row.id),
    sourceId: row.sourceId,
    customerId: row.customerId,
    validFrom: row.validFrom,
    validTo: row.validTo,
    balance: openingBalance(campaign),
    issuedAt: row.issuedAt,
    replayed: false,
  };
}

/** In the order of the requests: what was there, and the fresh ones in turn. */
function answer(
  requests: readonly Request[],
  found: ReadonlyMap<string, IssuedVoucher>,
  fresh: readonly IssuedVoucher[],
): IssuedVoucher[] {
  let next = 0;
  return requests.map(({ sourceId, customerId }) => {
    const before = sourceId === null ? undefined : found.get(sourceId);
    if (before) {
      if (before.customerId !== customerId)
        throw new DomainError("IDEMPOTENCY_KEY_REUSED", { key: sourceId });
      return before;
    }
    const issued = fresh[next++];
    if (!issued) throw new Error("an issue without voucher");
    return issued;
  });
}
