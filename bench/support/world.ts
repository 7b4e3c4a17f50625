import { randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { connect, type Database, inTenant } from "@/db/client";
import {
  accounts,
  campaigns,
  feeSchedules,
  feeScheduleVersions,
  parties,
  splitRules,
  splitRuleVersions,
} from "@/db/schema";
import { systemClock, type Tenant } from "@/server/core/context";
import { newId } from "@/server/core/ids";
import type { ApiScope } from "@/server/core/permissions";
import { hashToken } from "@/server/core/secrets";
import { redemptionRule } from "@/server/domain/clearing";
import { createTenant } from "@/server/domain/parties";
import { generateCode } from "@/server/domain/vouchers/codes";
import { codeHash } from "@/server/domain/vouchers/voucher-secrets";
import type { BenchSetting } from "./bench";

/**
 * A tenant with merchants, one brand, one channel and one campaign: 20 off 100, paid to the platform by WeChat Pay,
 * so that each redemption has the five legs of the worked example. Ids are counted, so that a script of SQL can
 * name any voucher.
 */
export interface World {
  tenant: Tenant;
  apiKey: string;
  merchants: number;
  merchantId(n: number): string;
  payableId(n: number): string;
  brandId: string;
  channelId: string;
  campaignId: string;
  accountIds: { channelReceivable: string; brandReceivable: string; commission: string };
  vouchers: number;
  voucherId(n: number): string;
  code(n: number): string;
  /** From now on the commission is priced by a graduated fee schedule: each redemption counts its merchant's month. */
  graduate(): Promise<void>;
  owner: Database;
  close(): Promise<void>;
}

const CODE_BYTES = 16;

export async function makeWorld(
  setting: BenchSetting,
  size: { vouchers: number; merchants: number },
): Promise<World> {
  const owner = connect(setting.url, { as: "owner", max: 4 });
  const slug = `bench-${newId().slice(-10)}`;
  const tenant = await createTenant(owner, {
    slug,
    name: "Bench",
    currency: "CNY",
    timezone: "Asia/Shanghai",
  });
  const brandId = counted(2, 0);
  const channelId = counted(3, 0);
  const campaignId = counted(4, 0);
  const merchantId = (n: number) => counted(1, n);
  const payableId = (n: number) => counted(5, n);
  const accountIds = {
    channelReceivable: counted(6, 0),
    brandReceivable: counted(6, 1),
    commission: counted(6, 2),
  };
  const now = new Date();
  const ruleId = newId();
  const published = { state: "scheduled" as const, createdByName: "bench" };

  await inTenant(owner, tenant.id, async (tx) => {
    const base = { tenantId: tenant.id, cycle: T1, createdAt: now, updatedAt: now };
    const merchants = range(size.merchants).map((n) => ({
      ...base,
      id: merchantId(n),
      number: `M-${n}`,
      kind: "merchant" as const,
      name: `Merchant ${n}`,
    }));
    await tx.insert(parties).values([
      ...merchants,
      { ...base, id: brandId, number: "B-1", kind: "brand", name: "Brand" },
      {
        ...base,
        id: channelId,
        number: "CH-1",
        kind: "channel",
        name: "WeChat Pay",
        channelFeeRate: "0.006",
      },
    ]);
    const account = { tenantId: tenant.id, currency: "CNY", createdAt: now };
    await tx.insert(accounts).values([
      ...range(size.merchants).map((n) => ({
        ...account,
        id: payableId(n),
        partyId: merchantId(n),
        kind: "payable" as const,
      })),
      { ...account, id: accountIds.channelReceivable, partyId: channelId, kind: "channel_receivable" },
      { ...account, id: accountIds.brandReceivable, partyId: brandId, kind: "receivable" },
      {
        ...account,
        id: accountIds.commission,
        partyId: tenant.platformPartyId,
        kind: "commission_revenue",
      },
    ]);
    await tx.insert(splitRules).values({
      tenantId: tenant.id,
      id: ruleId,
      number: "SR-1",
      name: "Worked example",
      tradeKind: "redemption",
      createdAt: now,
    });
    await tx.insert(splitRuleVersions).values({
      tenantId: tenant.id,
      id: newId(),
      ruleId,
      version: 1,
      ...published,
      effectiveFrom: new Date("2020-01-01T00:00:00Z"),
      definition: redemptionRule({ commissionRate: "0.02" }),
      createdAt: now,
    });
    await tx.insert(campaigns).values({
      tenantId: tenant.id,
      id: campaignId,
      number: "CP-1",
      name: "20 off 100",
      status: "active",
      type: "threshold",
      currency: "CNY",
      terms: { type: "threshold", threshold: "10000", amount: "2000", every: false },
      funding: [
        { party: "brand", share: "0.5" },
        { party: "platform", share: "0.3" },
        { party: "merchant", share: "0.2" },
      ],
      brandId,
      verification: "static",
      collectedBy: "platform",
      channelId,
      issued: size.vouchers,
      createdAt: now,
      updatedAt: now,
    });
  });

  setting.say(`Loading ${size.vouchers.toLocaleString("en")} vouchers …`);
  const codes = await copyVouchers(owner, tenant.id, campaignId, size.vouchers);
  await owner.sql.unsafe("vacuum analyze vouchers");
  const apiKey = await makeKey(owner, tenant, ["vouchers:redeem", "vouchers:issue"]);
  return {
    tenant,
    apiKey,
    merchants: size.merchants,
    merchantId,
    payableId,
    brandId,
    channelId,
    campaignId,
    accountIds,
    vouchers: size.vouchers,
    voucherId,
    code: (n) => codes.toString("latin1", n * CODE_BYTES, (n + 1) * CODE_BYTES),
    graduate: () =>
      inTenant(owner, tenant.id, async (tx) => {
        const scheduleId = newId();
        const effectiveFrom = new Date();
        const at = { tenantId: tenant.id, createdAt: effectiveFrom };
        await tx.insert(feeSchedules).values({
          ...at,
          id: scheduleId,
          number: "FS-1",
          name: "Graduated",
          role: "merchant",
          leg: "fee.commission",
          currency: "CNY",
        });
        const version = { ...at, ...published, effectiveFrom };
        await tx
          .insert(feeScheduleVersions)
          .values({ ...version, id: newId(), scheduleId, version: 1, definition: GRADUATED });
        await tx.insert(splitRuleVersions).values({
          ...version,
          id: newId(),
          ruleId,
          version: 2,
          definition: redemptionRule({ commissionRate: "0.02", bySchedule: true }),
        });
      }),
    owner,
    close: () => owner.close(),
  };
}

/** Bands that a merchant's month passes while it is measured. */
const GRADUATED = {
  method: "graduated",
  bands: [
    { from: "0", rate: "0.003" },
    { from: "500000", rate: "0.002" },
    { from: "2000000", rate: "0.0005" },
  ],
  appliesTo: { everyone: true, tiers: [], parties: [] },
};

const T1 = { kind: "windows" as const, windowsPerDay: 1 as const, delay: 1, dayCount: "calendar" as const };

function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}

/** A UUIDv7 by its number; `kind` keeps the kinds apart. */
function counted(kind: number, n: number): string {
  return `019a0000-000${kind}-7000-8000-${n.toString(16).padStart(12, "0")}`;
}
export const VOUCHER_PREFIX = "019a0000-0007-7000-8000-";
const voucherId = (n: number) => counted(7, n);

/** One COPY; the ciphertext, which redeeming does not read, is as long as a real one. */
async function copyVouchers(
  owner: Database,
  tenantId: string,
  campaignId: string,
  count: number,
): Promise<Buffer> {
  const codes = Buffer.alloc(count * CODE_BYTES);
  const issuedAt = new Date(Date.now() - 86_400_000).toISOString();
  const sealed = randomBytes(49).toString("hex");
  function* rows(): Generator<string> {
    const PIECE = 2_000;
    for (let from = 0; from < count; from += PIECE) {
      const random = randomBytes(PIECE * 15);
      let text = "";
      for (let n = from; n < Math.min(count, from + PIECE); n++) {
        const code = generateCode(random, (n - from) * 15);
        codes.write(code, n * CODE_BYTES, "latin1");
        text += `${tenantId}\t${voucherId(n)}\t${campaignId}\t\\\\x${codeHash(code).toString("hex")}\t\\\\x${sealed}\t1\t1\t${issuedAt}\n`;
      }
      yield text;
    }
  }
  const target = await owner.sql`
    copy vouchers (tenant_id, id, campaign_id, code_hash, code_sealed, state, uses_left, issued_at) from stdin`.writable();
  await pipeline(Readable.from(rows(), { objectMode: false }), target);
  return codes;
}

/** As `createApiKey` makes them. */
async function makeKey(owner: Database, tenant: Tenant, scopes: ApiScope[]): Promise<string> {
  const id = newId();
  const secret = randomBytes(24).toString("hex");
  const prefix = `kq_${tenant.slug}_${id.replaceAll("-", "")}`;
  await owner.sql`
    insert into api_keys (tenant_id, id, party_id, name, prefix, secret_hash, scopes, created_at)
    values (${tenant.id}, ${id}, ${tenant.platformPartyId}, 'bench', ${prefix}, ${hashToken(secret)}, ${scopes},
      ${systemClock.now().toISOString()}::timestamptz)`;
  return `${prefix}_${secret}`;
}
