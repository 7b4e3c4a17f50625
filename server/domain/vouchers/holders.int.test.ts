import { beforeAll, describe, expect, it } from "vitest";
import { rawSql } from "@/db/client";
import { withTransaction } from "@/server/core/transaction";
import {
  expireVouchers,
  getVoucher,
  type IssuedVoucher,
  issuedCodesCsv,
  issueVouchers,
  lockVoucher,
  lookUpVoucher,
  redeemVoucher,
  voidVouchers,
  walletView,
} from ".";
import { type House, makeHouse, order, refusal } from "./vouchers.fixture";
import { readWalletAddress } from "./wallet-token";

let house: House;
beforeAll(async () => {
  house = await makeHouse();
});

function wallet({ walletPath }: IssuedVoucher) {
  const { slug, token } = readWalletAddress(walletPath) ?? { slug: "", token: "" };
  return walletView(house.t.system.db, slug, token, house.t.clock);
}

describe("the holder's page", () => {
  it("shows the code while it can be used, and nothing to who guesses", async () => {
    const issued = await house.issue(await house.campaign());
    expect(await wallet(issued)).toMatchObject({ status: "issued", code: issued.code, rotating: null });
    await redeemVoucher(house.till, order(issued.code));
    expect(await wallet(issued)).toMatchObject({
      status: "redeemed",
      code: null,
      redeemed: { merchantName: "海底捞" },
    });
    const forged = issued.walletPath.replace(/.$/, (c) => (c === "A" ? "Q" : "A"));
    expect(await refusal(wallet({ ...issued, walletPath: forged }))).toBe("NOT_FOUND");
    const stranger = await makeHouse();
    const elsewhere = issued.walletPath.replace(house.t.tenant.slug, stranger.t.tenant.slug);
    expect(await refusal(wallet({ ...issued, walletPath: elsewhere }))).toBe("NOT_FOUND");
  });

  it("shows a gift card's balance and its movements", async () => {
    const issued = await house.issue(
      await house.campaign({ terms: { type: "gift_card", balance: "10000" } }),
    );
    await redeemVoucher(house.till, order(issued.code, { orderAmount: 2_500n }));
    expect(await wallet(issued)).toMatchObject({
      balance: 7_500n,
      initialBalance: 10_000n,
      movements: [{ amount: -2_500n, merchantName: "海底捞" }],
    });
  });
});

describe("rotating codes", () => {
  const dynamic = { verification: "dynamic" as const };

  it("are taken once, by QR or by their digits; the fixed code is refused", async () => {
    const issued = await house.issue(await house.campaign({ ...dynamic, usesPerVoucher: 3 }));
    expect(issued.code).toBeNull();
    const shown = (await wallet(issued)).rotating;
    const [fixed = ""] = (shown?.qr ?? "").split("*");
    expect(await refusal(redeemVoucher(house.till, order(fixed)))).toBe("VOUCHER_DYNAMIC_REQUIRED");
    expect((await lookUpVoucher(house.till, order(shown?.digits ?? ""))).refusal).toBeNull();
    expect(await refusal(redeemVoucher(house.till, order(shown?.digits ?? "")))).toBeNull();
    expect(await refusal(redeemVoucher(house.till, order(shown?.digits ?? "")))).toBe("VOUCHER_CODE_USED");
    expect(await refusal(redeemVoucher(house.till, order(shown?.qr ?? "")))).toBe("VOUCHER_CODE_USED");
    house.t.clock.advance({ seconds: 30 });
    const next = (await wallet(issued)).rotating;
    house.t.clock.advance({ seconds: 30 });
    expect(await refusal(redeemVoucher(house.till, order(next?.qr ?? "")))).toBeNull();
    const last = (await wallet(issued)).rotating;
    house.t.clock.advance({ seconds: 60 });
    expect(await refusal(redeemVoucher(house.till, order(last?.qr ?? "")))).toBe("VOUCHER_CODE_STALE");
    expect(await refusal(redeemVoucher(house.till, order(last?.digits ?? "")))).toBe("VOUCHER_CODE_STALE");
  });

  it("are not guessed between when two holders show the same digits", async () => {
    const campaign = await house.campaign(dynamic);
    const [a, b] = [await house.issue(campaign), await house.issue(campaign)];
    const shown = (await wallet(a)).rotating;
    await withTransaction(
      house.t.system,
      ({ tx }) => rawSql(tx)`
        insert into voucher_displays select tenant_id, code_hash, ${b.voucherId}, step, expires_at
        from voucher_displays where tenant_id = ${house.t.tenant.id} and voucher_id = ${a.voucherId}`,
    );
    expect(await refusal(redeemVoucher(house.till, order(shown?.digits ?? "")))).toBe(
      "VOUCHER_CODE_AMBIGUOUS",
    );
    expect(await refusal(redeemVoucher(house.till, order(shown?.qr ?? "")))).toBeNull();
  });

  it("cannot be guessed", async () => {
    const guesser = house.t.as("merchant", house.other);
    const refusals: (string | null)[] = [];
    for (let n = 0; n < 31; n++)
      refusals.push(await refusal(lookUpVoucher(guesser, { code: String(10_000_000 + n) })));
    expect(refusals.slice(0, 30).every((code) => code === "VOUCHER_CODE_STALE")).toBe(true);
    expect(refusals.at(-1)).toBe("RATE_LIMITED");
  });

  it("are used up by a hold, which then redeems without one", async () => {
    const issued = await house.issue(await house.campaign(dynamic));
    const shown = (await wallet(issued)).rotating;
    const lock = await lockVoucher(house.till, { code: shown?.qr, lockRef: "C-1" });
    expect(await refusal(redeemVoucher(house.till, order(shown?.qr ?? "")))).toBe("VOUCHER_LOCKED");
    const held = { voucherId: lock.voucherId, lockRef: "C-1", orderAmount: 10_000n };
    expect(await refusal(redeemVoucher(house.till, held))).toBeNull();
  });
});

describe("ends of life", () => {
  it("expires by the job what is past its time, once", async () => {
    const before = house.t.clock.now();
    const campaign = await house.campaign({ validTo: new Date(before.getTime() + 3_600_000) });
    const issued = await issueVouchers(house.operator, { campaignId: campaign.id, items: [{}, {}, {}] });
    await redeemVoucher(house.till, order(issued[0]?.code ?? ""));
    house.t.clock.advance({ hours: 2 });
    expect(await expireVouchers(house.t.system)).toBe(2);
    expect(await expireVouchers(house.t.system)).toBe(0);
    const states = await Promise.all(
      issued.map(({ voucherId }) => getVoucher(house.operator, { id: voucherId })),
    );
    expect(states.map((voucher) => voucher.status)).toEqual(["redeemed", "expired", "expired"]);
    house.t.clock.set(before);
  });

  it("voids what is not redeemed", async () => {
    const campaign = await house.campaign();
    const [used, open] = [await house.issue(campaign), await house.issue(campaign)];
    await redeemVoucher(house.till, order(used.code));
    const nobody = house.merchant.id;
    const { voided, results } = await voidVouchers(house.operator, {
      voucherIds: [used.voucherId, open.voucherId, nobody],
      reason: "printed twice",
    });
    expect(voided).toBe(1);
    expect(results.map(({ ok, error }) => (ok ? "ok" : error?.code))).toEqual([
      "VOUCHER_NOT_VOIDABLE",
      "ok",
      "NOT_FOUND",
    ]);
    expect(await refusal(voidVouchers(house.till, { voucherIds: [open.voucherId], reason: "x" }))).toBe(
      "PERMISSION_DENIED",
    );
    expect(await refusal(issuedCodesCsv(house.operator, { jobId: nobody }))).toBe("NOT_FOUND");
  });
});
