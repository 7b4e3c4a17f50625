import { beforeAll, describe, expect, it } from "vitest";
import { rawSql } from "@/db/client";
import { withTransaction } from "@/server/core/transaction";
import { makeParty } from "@/server/testing/factories";
import {
  activateCampaign,
  createCampaign,
  getCampaign,
  getVoucher,
  issueVoucher,
  issueVouchers,
  listCampaigns,
  listRedemptions,
  listVouchers,
  redeemBatch,
  redeemVoucher,
  revealCode,
  reverseRedemption,
  startBulkIssue,
  updateCampaign,
} from ".";
import { type House, makeHouse, order, refusal, WORKED_FUNDING } from "./vouchers.fixture";

let house: House;
beforeAll(async () => {
  house = await makeHouse();
});

describe("campaigns", () => {
  const fixed = { name: "C", type: "fixed" as const, terms: { type: "fixed" as const, amount: "2000" } };

  it("must make sense", async () => {
    const create = (over: object) => refusal(createCampaign(house.operator, { ...fixed, ...over }));
    const stranger = await makeHouse();
    expect(await create({ terms: { type: "percent", off: "0.1" } })).toBe("INPUT_INVALID");
    expect(await create({ funding: [{ party: "platform", share: "0.9" }] })).toBe("FUNDING_INVALID");
    expect(await create({ funding: [{ party: "brand", share: "1" }] })).toBe("FUNDER_UNKNOWN");
    expect(await create({ funding: [{ party: stranger.brand.id, share: "1" }] })).toBe("NOT_FOUND");
    expect(await create({ merchantIds: [stranger.merchant.id] })).toBe("NOT_FOUND");
    expect(await create({ merchantIds: [house.brand.id] })).toBe("INPUT_INVALID");
    expect(await create({ collectedBy: "platform" })).toBe("INPUT_INVALID");
    expect(await create({ validFrom: new Date(2), validTo: new Date(1) })).toBe("INPUT_INVALID");
    expect(await refusal(createCampaign(house.t.as("support"), fixed))).toBe("PERMISSION_DENIED");
    const made = await createCampaign(house.operator, {
      ...fixed,
      brandId: house.brand.id,
      funding: WORKED_FUNDING,
    });
    expect(made).toMatchObject({ status: "draft", currency: "CNY", issued: 0 });
    expect(made.number).toMatch(/^CP-\d{4}$/);
  });

  it("are fixed in what vouchers stand on, once one was issued", async () => {
    const campaign = await createCampaign(house.operator, fixed);
    expect(await refusal(issueVoucher(house.operator, { campaignId: campaign.id }))).toBe(
      "CAMPAIGN_NOT_ACTIVE",
    );
    const terms = { type: "fixed" as const, amount: "3000" };
    await updateCampaign(house.operator, { id: campaign.id, terms });
    await activateCampaign(house.operator, campaign);
    await issueVoucher(house.operator, { campaignId: campaign.id });
    const change = (over: object) => refusal(updateCampaign(house.operator, { id: campaign.id, ...over }));
    expect(await change({ terms: { type: "fixed", amount: "1" } })).toBe("CAMPAIGN_LOCKED");
    expect(await change({ currency: "USD" })).toBe("CAMPAIGN_LOCKED");
    expect(await change({ brandId: house.brand.id })).toBe("CAMPAIGN_LOCKED");
    expect(await change({ funding: [{ party: "platform", share: "1" }] })).toBe("CAMPAIGN_LOCKED");
    expect(await change({ terms, name: "renamed", quota: 10 })).toBeNull();
    expect(await getCampaign(house.operator, campaign)).toMatchObject({
      name: "renamed",
      quota: 10,
      issued: 1,
      terms,
    });
  });

  it("show what came of them, to each what concerns it", async () => {
    const campaign = await house.campaign({ funding: WORKED_FUNDING, audience: ["ann", "bob"] });
    const codes = await Promise.all(
      ["ann", "bob", "ann"].map(async (customerId) => (await house.issue(campaign, { customerId })).code),
    );
    await redeemBatch(house.till, { items: codes.slice(0, 2).map((code) => order(code)) });
    const { result } = await redeemVoucher(house.t.as("merchant", house.other), order(codes[2] ?? ""));
    await reverseRedemption(house.operator, { redemptionId: result.redemptionId, reason: "returned" });
    const { results } = await getCampaign(house.operator, campaign);
    expect(results).toMatchObject({
      issued: 3,
      redeemed: 3,
      reversals: 1,
      gross: 20_000n,
      discount: 4_000n,
      paid: 16_000n,
    });
    expect(results.costByFunder.map(({ kind, amount }) => [kind, amount])).toEqual([
      ["brand", 2_000n],
      ["platform", 1_200n],
      ["merchant", 800n],
    ]);
    const atTill = await getCampaign(house.till, campaign);
    expect(atTill).toMatchObject({ audience: [], results: { redeemed: 2, costByFunder: [] } });
    const asBrand = await getCampaign(house.t.as("brand", house.brand), campaign);
    expect(asBrand.results.costByFunder).toMatchObject([{ amount: 2_000n }]);
    const rival = await makeParty(house.t, "brand");
    expect(await refusal(getCampaign(house.t.as("brand", rival), campaign))).toBe("NOT_FOUND");
    expect((await listCampaigns(house.t.as("brand", rival), {})).items).toEqual([]);
    expect((await listRedemptions(house.t.as("brand", rival), {})).items).toEqual([]);
    expect((await listRedemptions(house.t.as("merchant", house.other), {})).items).toHaveLength(1);
    const rows = await listRedemptions(house.operator, { campaignId: campaign.id, state: "reversed" });
    expect(rows.items).toMatchObject([{ id: result.redemptionId, merchantDue: 0n, reversedAmount: 8_000n }]);
  });
});

describe("issuing", () => {
  it("answers the same request with the same code", async () => {
    const campaign = await house.campaign();
    const input = { sourceId: "order-1", customerId: "ann" };
    const first = await house.issue(campaign, input);
    expect(await house.issue(campaign, input)).toEqual({ ...first, replayed: true });
    expect(await refusal(house.issue(campaign, { ...input, customerId: "bob" }))).toBe(
      "IDEMPOTENCY_KEY_REUSED",
    );
    const many = await Promise.all(
      Array.from({ length: 10 }, () => house.issue(campaign, { sourceId: "order-2" })),
    );
    expect(new Set(many.map((voucher) => voucher.code)).size).toBe(1);
    expect(await getCampaign(house.operator, campaign)).toMatchObject({ issued: 2 });
  });

  it("keeps to quota, window, audience and limit", async () => {
    const now = house.t.clock.now().getTime();
    const issue = async (over: object, request = {}) =>
      refusal(house.issue(await house.campaign(over), request));
    expect(await issue({ issueFrom: new Date(now + 1) })).toBe("CAMPAIGN_OUTSIDE_ISSUE_WINDOW");
    expect(await issue({ issueTo: new Date(now) })).toBe("CAMPAIGN_OUTSIDE_ISSUE_WINDOW");
    expect(await issue({ audience: ["ann"] })).toBe("CUSTOMER_REQUIRED");
    expect(await issue({ audience: ["ann"] }, { customerId: "bob" })).toBe("CUSTOMER_NOT_IN_AUDIENCE");
    expect(await issue({ audience: ["ann"] }, { customerId: "ann" })).toBeNull();
    const limited = await house.campaign({ perCustomerLimit: 2, quota: 3 });
    const ann = () => refusal(house.issue(limited, { customerId: "ann" }));
    expect([await ann(), await ann(), await ann()]).toEqual([null, null, "CUSTOMER_LIMIT_REACHED"]);
    const two = { campaignId: limited.id, items: [{ customerId: "bob" }, { customerId: "bob" }] };
    expect(await refusal(issueVouchers(house.operator, two))).toBe("CAMPAIGN_QUOTA_EXHAUSTED");
    expect(await getCampaign(house.operator, limited)).toMatchObject({ issued: 2 });
    expect(await refusal(startBulkIssue(house.operator, { campaignId: limited.id, count: 1 }))).toBe(
      "CUSTOMER_REQUIRED",
    );
  });

  it("ends days of validity with a local day", async () => {
    const issued = await house.issue(await house.campaign({ validDays: 7 }));
    // Issued on the 18th at noon in Shanghai: through the 25th.
    expect(issued.validTo).toEqual(new Date("2026-11-25T16:00:00.000Z"));
  });

  it("loads gift cards, sold or granted", async () => {
    const card = { terms: { type: "gift_card" as const, balance: "10000" } };
    const sold = await house.campaign(card);
    await house.issue(sold);
    const granted = await house.campaign({
      ...card,
      channelId: null,
      collectedBy: "merchant",
      funding: [{ party: "brand", share: "1" }],
    });
    await issueVouchers(house.operator, { campaignId: granted.id, items: [{}, {}] });
    expect(await refusal(house.issue(granted, { paid: 1n }))).toBe("INPUT_INVALID");
    const legs = await withTransaction(
      house.t.system,
      ({ tx }) => rawSql(tx)`
        select d.campaign_id, t.leg, sum(t.amount)::bigint as amount from trades d
        join transfers t on t.tenant_id = d.tenant_id and t.trade_id = d.id
        where d.tenant_id = ${house.t.tenant.id} and d.kind = 'stored_value' group by 1, 2 order by 2`,
    );
    expect(legs).toEqual([
      { campaign_id: sold.id, leg: "fee.channel", amount: 60n },
      { campaign_id: granted.id, leg: "stored_value.granted_brand", amount: 20_000n },
      { campaign_id: sold.id, leg: "stored_value.issued", amount: 10_000n },
    ]);
  });

  it("finds vouchers by code, number and customer, and shows a code again to those who may", async () => {
    const campaign = await house.campaign();
    const issued = await house.issue(campaign, { customerId: "carol" });
    for (const search of [issued.code ?? "", issued.reference, issued.voucherId, "carol"]) {
      const { items } = await listVouchers(house.operator, { search });
      expect(items.map((row) => row.id)).toEqual([issued.voucherId]);
    }
    expect((await listVouchers(house.till, { campaignId: campaign.id })).items).toMatchObject([
      { customerId: null },
    ]);
    expect((await listVouchers(house.till, { search: "carol" })).items).toEqual([]);
    expect(await revealCode(house.t.as("support"), issued)).toEqual({
      code: issued.code,
      walletPath: issued.walletPath,
    });
    expect(await refusal(revealCode(house.till, issued))).toBe("PERMISSION_DENIED");
    const { result } = await redeemVoucher(house.till, order(issued.code));
    expect(await getVoucher(house.operator, { id: issued.voucherId })).toMatchObject({
      status: "redeemed",
      redeemedBy: { name: "海底捞" },
      redemptions: [{ id: result.redemptionId }],
    });
    expect(
      (await listVouchers(house.operator, { campaignId: campaign.id, status: ["issued"] })).items,
    ).toEqual([]);
  });
});
