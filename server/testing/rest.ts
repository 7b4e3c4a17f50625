import { apiReader } from "@/components/apiDocs/reader";
import { inTenant } from "@/db/client";
import { splitRules, splitRuleVersions } from "@/db/schema";
import type { Ctx } from "@/server/core/context";
import { DomainError } from "@/server/core/errors";
import { newId } from "@/server/core/ids";
import { redemptionRule } from "@/server/domain/clearing";
import {
  activateCampaign,
  createCampaign,
  type IssuedVoucher,
  issueVouchers,
} from "@/server/domain/vouchers";
import type { CreateCampaignInput } from "@/server/domain/vouchers/schemas";
import { operations, PREFIX, type Problem, RateLimit, type RestOptions, restHandler } from "@/server/rest";
import type { TestDatabase } from "./database";
import { makeParty, makeTenant, type TestTenant } from "./factories";

/** A tenant in which the worked example can be redeemed. */
export interface RestWorld {
  t: TestTenant;
  merchant: Party;
  otherMerchant: Party;
  brand: Party;
  channel: Party;
  campaignId: string;
  campaign(options?: Partial<CreateCampaignInput>): Promise<string>;
  issue(count?: number, campaignId?: string): Promise<IssuedVoucher[]>;
  code(campaignId?: string): Promise<string>;
}
type Party = Awaited<ReturnType<typeof makeParty>>;

export async function makeRestWorld({ owner, db }: TestDatabase): Promise<RestWorld> {
  const t = await makeTenant(owner, db);
  const merchant = await makeParty(t, "merchant", { name: "Corner Coffee" });
  const otherMerchant = await makeParty(t, "merchant", { name: "Other Shop" });
  const brand = await makeParty(t, "brand");
  const channel = await makeParty(t, "channel", { channelFeeRate: "0.006" });
  await makeRule(t);
  const campaign = async (options: Partial<CreateCampaignInput> = {}) => {
    const { id } = await createCampaign(t.system, {
      name: "20 off 100",
      type: "threshold",
      terms: { type: "threshold", threshold: "10000", amount: "2000" },
      funding: [
        { party: "brand", share: "0.5" },
        { party: "platform", share: "0.3" },
        { party: "merchant", share: "0.2" },
      ],
      brandId: brand.id,
      collectedBy: "platform",
      channelId: channel.id,
      ...options,
    });
    await activateCampaign(t.system, { id });
    return id;
  };
  const campaignId = await campaign();
  const issue = (count = 1, id = campaignId) =>
    issueVouchers(t.system, { campaignId: id, items: Array.from({ length: count }, () => ({})) });
  const code = async (id = campaignId) => (await issue(1, id))[0]?.code ?? "";
  return { t, merchant, otherMerchant, brand, channel, campaignId, campaign, issue, code };
}

async function makeRule(t: TestTenant): Promise<void> {
  const ruleId = newId();
  await inTenant(t.system.db, t.tenant.id, async (tx) => {
    await tx.insert(splitRules).values({
      tenantId: t.tenant.id,
      id: ruleId,
      number: "SR-0001",
      name: "Worked example",
      tradeKind: "redemption",
      createdAt: t.clock.now(),
    });
    await tx.insert(splitRuleVersions).values({
      tenantId: t.tenant.id,
      id: newId(),
      ruleId,
      version: 1,
      state: "scheduled",
      effectiveFrom: new Date("2020-01-01T00:00:00Z"),
      definition: redemptionRule({ commissionRate: "0.02" }),
      createdByName: "test",
      createdAt: t.clock.now(),
    });
  });
}

export interface ApiReply<T = Record<string, unknown>> {
  status: number;
  headers: Headers;
  body: T;
  problem: Problem;
}
export interface ApiRequest {
  as: Ctx | null;
  body?: unknown;
  /** Sent as it is, in place of `body`. */
  raw?: BodyInit;
  key?: string | null;
  headers?: Record<string, string>;
  query?: Record<string, string>;
}

/** The API in this process: the same handler as the route's, with a caller in place of a key. */
export function apiClient(options: Partial<RestOptions> = {}) {
  const callers = new Map<string, Ctx>();
  const handle = restHandler({
    operations,
    reader: apiReader,
    rateLimit: new RateLimit(0, 0),
    async authenticate(req) {
      const ctx = callers.get(req.headers.get("authorization") ?? "");
      if (!ctx) throw new DomainError("UNAUTHENTICATED");
      return ctx;
    },
    ...options,
  });
  return async function call<T = Record<string, unknown>>(
    method: string,
    path: string,
    { as, body, raw, key, headers, query }: ApiRequest,
  ): Promise<ApiReply<T>> {
    const token = `Bearer ${newId()}`;
    if (as) callers.set(token, as);
    const hasBody = raw !== undefined || body !== undefined;
    const search = query ? `?${new URLSearchParams(query)}` : "";
    const response = await handle(
      new Request(`http://localhost${PREFIX}${path}${search}`, {
        method,
        headers: {
          ...(as ? { authorization: token } : {}),
          ...(hasBody ? { "content-type": "application/json" } : {}),
          ...(key === null || method === "GET" ? {} : { "idempotency-key": key ?? newId() }),
          ...headers,
        },
        ...(hasBody ? { body: raw ?? JSON.stringify(body), duplex: "half" } : {}),
      } as RequestInit),
    );
    callers.delete(token);
    const text = await response.text();
    const json: unknown = text === "" ? null : JSON.parse(text);
    return { status: response.status, headers: response.headers, body: json as T, problem: json as Problem };
  };
}
