import { beforeAll, describe, expect, it } from "vitest";
import { rawSql } from "@/db/client";
import { newId } from "@/server/core/ids";
import { withTransaction } from "@/server/core/transaction";
import {
  endCampaign,
  getRedemption,
  listRedemptions,
  lockVoucher,
  lookUpVoucher,
  pauseCampaign,
  redeemBatch,
  redeemVoucher,
  reverseRedemption,
  undoRedemption,
  voidVouchers,
} from ".";
import { formatCode } from "./codes";
import { type House, makeHouse, order, refusal } from "./vouchers.fixture";

let house: House;
beforeAll(async () => {
  house = await makeHouse();
});

const redeem = (code: string | null, over = {}) => redeemVoucher(house.till, order(code, over));

describe("redeeming", () => {
  it("clears the worked voucher of the design", async () => {
    const code = await house.code();
    const { result } = await redeem(code, { orderRef: "T-1" });
    expect(result).toMatchObject({
      orderAmount: 10_000n,
      discount: 2_000n,
      payable: 8_000n,
      merchantDue: 9_408n,
      voucherStatus: "redeemed",
      merchantName: "海底捞",
      orderRef: "T-1",
    });
    expect(Object.fromEntries(result.legs.map(({ code, amount }) => [code, amount]))).toEqual({
      "sale.collected": 8_000n,
      "subsidy.brand": 1_000n,
      "subsidy.platform": 600n,
      "fee.commission": 192n,
      "fee.channel": 48n,
    });
    expect(result.reference).toMatch(/^RD-/);
    const found = await getRedemption(house.operator, { id: result.reference });
    expect(found).toMatchObject({ id: result.redemptionId, merchantDue: 9_408n, state: "standing" });
    // What the merchant is due is not the brand's to know.
    const brand = house.t.as("brand", house.brand);
    expect(await getRedemption(brand, { id: result.reference })).toMatchObject({
      merchantDue: null,
      ownCost: 1_000n,
      discount: 2_000n,
    });
    const listed = (await listRedemptions(brand, {})).items.find(({ id }) => id === result.redemptionId);
    expect(listed).toMatchObject({ merchantDue: null, ownCost: 1_000n });
    // Nor is what the brand pays the business of anybody else.
    for (const other of [house.till, house.operator])
      expect(await getRedemption(other, { id: result.reference })).toMatchObject({ ownCost: null });
  });

  it("tells a brand what it pays less what was reversed", async () => {
    const { result } = await redeem(await house.code());
    const brand = house.t.as("brand", house.brand);
    const cost = async () => (await getRedemption(brand, { id: result.redemptionId })).ownCost;
    await reverseRedemption(house.operator, {
      redemptionId: result.redemptionId,
      amount: 2_000n,
      reason: "part",
    });
    expect(await cost()).toBe(750n);
    await reverseRedemption(house.operator, { redemptionId: result.redemptionId, reason: "rest" });
    expect(await cost()).toBe(0n);
    const free = await redeem(
      await house.code({
        funding: [{ party: "platform", share: "1" }],
        terms: { type: "fixed", amount: "500" },
      }),
    );
    expect(await getRedemption(brand, { id: free.result.redemptionId })).toMatchObject({ ownCost: 0n });
  });

  it("tells the loser when and where", async () => {
    const code = await house.code();
    const { result } = await redeem(code);
    await expect(redeemVoucher(house.t.as("merchant", house.other), order(code))).rejects.toMatchObject({
      code: "VOUCHER_REDEEMED",
      params: { at: result.redeemedAt.toISOString(), merchant: "海底捞" },
    });
  });

  it("tells a mistyped code from an unknown one", async () => {
    const code = (await house.code()).replaceAll("-", "");
    const last = code.at(-1) === "A" ? "B" : "A";
    expect(await refusal(redeem(code.slice(0, -1) + last))).toBe("VOUCHER_MISTYPED");
    expect(await refusal(redeem("0000-0000-0000-0000"))).toBe("VOUCHER_UNKNOWN");
    expect(await refusal(redeem(formatCode(code).toLowerCase().replaceAll("0", "o")))).toBeNull();
  });

  it("refuses by time, merchant, product, threshold, currency, state", async () => {
    const now = house.t.clock.now().getTime();
    const day = 86_400_000;
    const cases = {
      VOUCHER_NOT_YET_VALID: await house.code({ validFrom: new Date(now + day) }),
      VOUCHER_WRONG_MERCHANT: await house.code({ merchantIds: [house.other.id] }),
      VOUCHER_WRONG_PRODUCT: await house.code({ productCodes: ["HOTPOT"] }),
      VOUCHER_BELOW_THRESHOLD: await house.code({
        terms: { type: "threshold", threshold: "10001", amount: "2000" },
      }),
    };
    for (const [reason, code] of Object.entries(cases)) {
      expect(await refusal(redeem(code)), reason).toBe(reason);
      expect((await lookUpVoucher(house.till, order(code))).refusal?.code, reason).toBe(reason);
    }
    expect(await refusal(redeem(await house.code(), { currency: "USD" }))).toBe("CURRENCY_MISMATCH");
    expect(await refusal(redeem(await house.code(), { merchantId: house.other.id }))).toBe("NOT_FOUND");
    expect(await refusal(redeemVoucher(house.operator, order(await house.code())))).toBe("INPUT_INVALID");
  });

  it("refuses what has expired before the job has run", async () => {
    const clock = house.t.clock;
    const before = clock.now();
    const code = await house.code({ validTo: new Date(before.getTime() + 3_600_000) });
    clock.advance({ hours: 1 });
    expect(await refusal(redeem(code))).toBe("VOUCHER_EXPIRED");
    // A till that was offline redeemed it in time.
    expect(await refusal(redeem(code, { redeemedAt: new Date(before.getTime() + 60_000) }))).toBeNull();
    clock.set(before);
  });

  it("bounds the clocks of tills", async () => {
    const now = house.t.clock.now().getTime();
    const code = await house.code();
    expect(await refusal(redeem(code, { redeemedAt: new Date(now + 6 * 60_000) }))).toBe("CLOCK_SKEW");
    expect(await refusal(redeem(code, { redeemedAt: new Date(now - 8 * 86_400_000) }))).toBe("CLOCK_SKEW");
    expect(await refusal(redeem(code, { redeemedAt: new Date(now - 86_400_000) }))).toBe(
      "VOUCHER_NOT_YET_VALID",
    );
    expect(await refusal(redeem(code, { redeemedAt: new Date(now + 60_000) }))).toBeNull();
  });

  it("refuses in a paused campaign, not in an ended one", async () => {
    const campaign = await house.campaign();
    const [a, b] = [await house.issue(campaign), await house.issue(campaign)];
    await pauseCampaign(house.operator, campaign);
    expect(await refusal(redeem(a.code))).toBe("CAMPAIGN_NOT_ACTIVE");
    await endCampaign(house.operator, campaign);
    expect(await refusal(redeem(a.code))).toBeNull();
    await voidVouchers(house.operator, { voucherIds: [b.voucherId], reason: "lost" });
    expect(await refusal(redeem(b.code))).toBe("VOUCHER_VOID");
  });

  it("covers the campaign's products only", async () => {
    const campaign = { productCodes: ["A"], terms: { type: "percent" as const, off: "0.5" } };
    const lines = [
      { productCode: "A", amount: 4_000n },
      { productCode: "B", amount: 6_000n },
    ];
    const { result } = await redeem(await house.code(campaign), { lines });
    expect(result).toMatchObject({ discount: 2_000n, payable: 8_000n });
    expect(
      await refusal(redeem(await house.code(campaign), { lines: [{ productCode: "A", amount: 10_001n }] })),
    ).toBe("INPUT_INVALID");
  });

  it("does not take an id for a code", async () => {
    const issued = await house.issue(await house.campaign());
    const named = { voucherId: issued.voucherId, orderAmount: 10_000n };
    expect(await refusal(redeemVoucher(house.till, named))).toBe("VOUCHER_UNKNOWN");
    expect(await refusal(lookUpVoucher(house.till, named))).toBe("VOUCHER_UNKNOWN");
    expect(
      await refusal(redeemVoucher(house.operator, { ...named, merchantId: house.merchant.id })),
    ).toBeNull();
  });

  it("redeems by the scanned address of the holder's page", async () => {
    const issued = await house.issue(await house.campaign());
    expect(await refusal(redeem(`https://kaqing.example${issued.walletPath}`))).toBeNull();
  });

  it("does not combine vouchers of one stacking group on one order", async () => {
    const group = { stackingGroup: "lunch" };
    const [a, b, c] = [await house.code(group), await house.code(group), await house.code(group)];
    const { result } = await redeemBatch(house.till, {
      items: [order(a, { orderRef: "S-1" }), order(b, { orderRef: "S-1" })],
    });
    expect(result.map((o) => (o.ok ? "ok" : o.error.code))).toEqual(["ok", "VOUCHER_NOT_STACKABLE"]);
    expect(await refusal(redeem(c, { orderRef: "S-1" }))).toBe("VOUCHER_NOT_STACKABLE");
    expect(await refusal(redeem(c, { orderRef: "S-2" }))).toBeNull();
  });
});

describe("batches", () => {
  it("gives each item its own outcome, and the same voucher once", async () => {
    const code = await house.code();
    const { result } = await redeemBatch(house.till, {
      items: [order("0000-0000-0000-0000"), order(code), order(code), order(await house.code())],
    });
    expect(result.map((o) => (o.ok ? "ok" : o.error.code))).toEqual([
      "VOUCHER_UNKNOWN",
      "ok",
      "VOUCHER_REDEEMED",
      "ok",
    ]);
  });

  it("leaves one audit entry a call", async () => {
    const ctx = house.t.as("merchant", house.merchant);
    const items = [order(await house.code()), order(await house.code())];
    await redeemBatch(ctx, { items });
    const entries = await withTransaction(
      house.t.system,
      ({ tx }) => rawSql(tx)`select action, data from audit_log where request_id = ${ctx.requestId}`,
    );
    expect(entries).toMatchObject([{ action: "voucher.redeemed", data: { count: 2 } }]);
  });

  it("uses a voucher as often as its campaign allows, in one batch too", async () => {
    const code = await house.code({ usesPerVoucher: 2 });
    const { result } = await redeemBatch(house.till, { items: [order(code), order(code), order(code)] });
    expect(result.map((o) => (o.ok ? o.receipt.usesLeft : o.error.code))).toEqual([1, 0, "VOUCHER_REDEEMED"]);
  });
});

describe("idempotency", () => {
  it("answers the stored result to the same key and input", async () => {
    const code = await house.code();
    const key = newId();
    const first = await redeemVoucher(house.till, order(code), key);
    const again = await redeemVoucher(house.till, order(code), key);
    expect(first.replayed).toBe(false);
    expect(again).toEqual({ result: first.result, replayed: true });
    expect(await refusal(redeemVoucher(house.till, order(code, { orderAmount: 1n }), key))).toBe(
      "IDEMPOTENCY_KEY_REUSED",
    );
    // Another caller's key of the same name is another key.
    expect(await refusal(redeemVoucher(house.t.as("merchant", house.merchant), order(code), key))).toBe(
      "VOUCHER_REDEEMED",
    );
  });

  it("leaves the key free when nothing was changed", async () => {
    const key = newId();
    const code = await house.code({ terms: { type: "threshold", threshold: "20000", amount: "100" } });
    expect(await refusal(redeemVoucher(house.till, order(code), key))).toBe("VOUCHER_BELOW_THRESHOLD");
    const { replayed } = await redeemVoucher(house.till, order(code, { orderAmount: 20_000n }), key);
    expect(replayed).toBe(false);
  });

  it("does once what is asked many times at once", async () => {
    const code = await house.code();
    const key = newId();
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => redeemVoucher(house.till, order(code), key)),
    );
    expect(new Set(answers.map((a) => a.result.redemptionId)).size).toBe(1);
    expect(answers.filter((a) => !a.replayed)).toHaveLength(1);
  });

  it("covers a whole batch", async () => {
    const items = [order(await house.code()), order("0000-0000-0000-0000")];
    const key = newId();
    const first = await redeemBatch(house.till, { items }, key);
    expect(await redeemBatch(house.till, { items }, key)).toEqual({ ...first, replayed: true });
  });
});

describe("gift cards", () => {
  const card = { terms: { type: "gift_card" as const, balance: "10000" } };

  it("are used in parts, never beyond their balance", async () => {
    const code = await house.code(card);
    const part = await redeem(code, { orderAmount: 6_000n });
    expect(part.result).toMatchObject({ discount: 0n, storedValue: 6_000n, payable: 0n, balance: 4_000n });
    expect(await refusal(redeem(code, { orderAmount: 6_000n, amount: 5_000n }))).toBe(
      "VOUCHER_BALANCE_TOO_LOW",
    );
    const rest = await redeem(code, { orderAmount: 6_000n });
    expect(rest.result).toMatchObject({
      storedValue: 4_000n,
      payable: 2_000n,
      balance: 0n,
      voucherStatus: "redeemed",
    });
    expect(await refusal(redeem(code))).toBe("VOUCHER_REDEEMED");
  });

  it("get back what a reversal returns, to the unit, and the books agree", async () => {
    const campaign = await house.campaign(card);
    const issued = await house.issue(campaign);
    const { result } = await redeem(issued.code, { orderAmount: 14_999n });
    const parts = [];
    for (const amount of [3_333n, 3_333n, undefined]) {
      const back = await reverseRedemption(house.operator, {
        redemptionId: result.redemptionId,
        amount,
        reason: "returned",
      });
      parts.push(back.whole);
      const [row] = await withTransaction(
        house.t.system,
        ({ tx }) => rawSql(tx)<{ balance: bigint; liability: bigint }[]>`
          select v.balance, (select b.credits - b.debits from account_balances b join accounts a
              on a.tenant_id = b.tenant_id and a.id = b.account_id
            where a.tenant_id = ${house.t.tenant.id} and a.kind = 'stored_value' and a.ref = ${campaign.id}) as liability
          from vouchers v where v.tenant_id = ${house.t.tenant.id} and v.id = ${issued.voucherId}`,
      );
      expect(row?.balance).toBe(row?.liability);
    }
    expect(parts).toEqual([false, false, true]);
    expect((await lookUpVoucher(house.till, order(issued.code))).balance).toBe(10_000n);
  });
});

describe("holding", () => {
  it("keeps a voucher for one checkout", async () => {
    const code = await house.code();
    const there = house.t.as("merchant", house.other);
    const lock = await lockVoucher(house.till, { code, lockRef: "C-1" });
    expect(await refusal(redeemVoucher(there, order(code)))).toBe("VOUCHER_LOCKED");
    expect(await refusal(redeem(code))).toBe("VOUCHER_LOCKED");
    expect(await refusal(lockVoucher(there, { code, lockRef: "C-1" }))).toBe("VOUCHER_LOCKED");
    // By its id, as the lock shows who holds it.
    const by = { voucherId: lock.voucherId, lockRef: "C-1", orderAmount: 10_000n };
    expect(await refusal(redeemVoucher(there, by))).not.toBeNull();
    expect(await refusal(redeemVoucher(house.till, by))).toBeNull();
  });

  it("lapses", async () => {
    const code = await house.code();
    const before = house.t.clock.now();
    await lockVoucher(house.till, { code, lockRef: "C-2" });
    house.t.clock.advance({ minutes: house.t.tenant.settings.lockMinutes });
    expect(await refusal(redeemVoucher(house.t.as("merchant", house.other), order(code)))).toBeNull();
    house.t.clock.set(before);
  });
});

describe("undo", () => {
  it("gives the voucher back within the time, at the same merchant", async () => {
    const code = await house.code();
    const { result } = await redeem(code);
    expect(await refusal(undoRedemption(house.t.as("merchant", house.other), result))).toBe("NOT_FOUND");
    expect(await undoRedemption(house.till, result)).toMatchObject({ whole: true, voucherStatus: "issued" });
    expect(await refusal(undoRedemption(house.till, result))).toBe("TRADE_ALREADY_REVERSED");
    expect(await refusal(redeem(code))).toBeNull();
  });

  it("comes too late", async () => {
    const { result } = await redeem(await house.code());
    const before = house.t.clock.now();
    house.t.clock.advance({ minutes: house.t.tenant.settings.undoMinutes, seconds: 1 });
    expect(await refusal(undoRedemption(house.till, result))).toBe("UNDO_TOO_LATE");
    const back = await reverseRedemption(house.operator, { ...result, amount: 1_000n, reason: "part" });
    expect(back).toMatchObject({ whole: false, voucherStatus: "redeemed" });
    expect(await getRedemption(house.operator, { id: result.redemptionId })).toMatchObject({
      state: "part_reversed",
      reversedAmount: 1_000n,
    });
    house.t.clock.set(before);
  });
});
