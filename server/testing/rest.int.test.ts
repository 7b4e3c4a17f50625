import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import type { Ctx } from "@/server/core/context";
import { API_SCOPES, type ApiScope } from "@/server/core/permissions";
import { setDistributor } from "@/server/domain/pricing";
import { operations, RateLimit } from "@/server/rest";
import { type CardWorld, makeCardWorld } from "./card-world";
import { testDatabase } from "./database";
import { makeParty } from "./factories";
import { apiClient, makeRestWorld, type RestWorld } from "./rest";

/** Every operation of the API, in this process, on a real database. */
const ALL = Object.keys(API_SCOPES) as ApiScope[];
const call = apiClient();
let w: RestWorld;
let platform: Ctx;
let merchant: Ctx;
let cards: CardWorld;
let distributor: Ctx;

beforeAll(async () => {
  w = await makeRestWorld(await testDatabase());
  platform = w.t.withKey(ALL);
  merchant = w.t.withKey(ALL, w.merchant);
  cards = await makeCardWorld(w.t);
  distributor = w.t.withKey(ALL, cards.distributor);
});

interface Redemption {
  redemptionId: string;
  reference: string;
  [field: string]: unknown;
}
const order = { orderAmount: 10_000, currency: "CNY" };
const redeem = (
  code: string,
  extra: Record<string, unknown> = {},
  options: { as?: Ctx; key?: string } = {},
) =>
  call<Redemption>("POST", "/redemptions", {
    as: options.as ?? merchant,
    key: options.key,
    body: { code, ...order, ...extra },
  });

/** The reply holds what the document promises, and nothing else. */
function conforms(id: string, body: unknown): void {
  const { reply } = operations.find((operation) => operation.id === id) ?? {};
  const checked = reply?.schema.safeParse(body);
  expect(checked?.error?.issues ?? []).toEqual([]);
}

describe("issuing", () => {
  it("issues one, and answers the same voucher for the same source", async () => {
    const body = { campaignId: w.campaignId, sourceId: "s-1", customerId: "c-1" };
    const first = await call("POST", "/vouchers", { as: platform, body });
    expect(first.status).toBe(201);
    conforms("issueVoucher", first.body);
    expect(first.body).toMatchObject({ existing: false, sourceId: "s-1", customerId: "c-1" });
    const again = await call("POST", "/vouchers", { as: platform, body });
    expect(again.body).toMatchObject({ existing: true, code: first.body.code });
    expect(again.headers.get("idempotency-replayed")).toBeNull();
  });

  it("issues many, all or none", async () => {
    const campaignId = await w.campaign({ quota: 3 });
    const two = { campaignId, items: [{ sourceId: "a" }, { sourceId: "b" }] };
    const issued = await call<{ vouchers: unknown[] }>("POST", "/vouchers/batch", {
      as: platform,
      body: two,
    });
    expect(issued.status).toBe(201);
    conforms("issueVouchers", issued.body);
    expect(issued.body.vouchers).toHaveLength(2);
    const more = { campaignId, items: [{ sourceId: "c" }, { sourceId: "d" }] };
    const refused = await call("POST", "/vouchers/batch", { as: platform, body: more });
    expect(refused).toMatchObject({ status: 409, problem: { code: "CAMPAIGN_QUOTA_EXHAUSTED" } });
    const one = await call("POST", "/vouchers", { as: platform, body: { campaignId, sourceId: "c" } });
    expect(one.status).toBe(201);
  });
});

describe("looking up, validating, locking", () => {
  it("tells state and offer, and never changes anything", async () => {
    const code = await w.code();
    const found = await call("POST", "/vouchers/lookup", { as: merchant, body: { code }, key: null });
    expect(found.status).toBe(200);
    conforms("lookUpVoucher", found.body);
    const valid = await call("POST", "/vouchers/validate", { as: merchant, body: { code, ...order } });
    conforms("validateVoucher", valid.body);
    expect(valid.body).toMatchObject({ valid: true, offer: { discount: 2_000, payable: 8_000 } });
    const less = await call("POST", "/vouchers/validate", {
      as: merchant,
      body: { code, orderAmount: 9_999, currency: "CNY" },
    });
    conforms("validateVoucher", less.body);
    expect(less.body).toMatchObject({
      valid: false,
      offer: null,
      refusal: { code: "VOUCHER_BELOW_THRESHOLD", status: 422 },
    });
  });

  it("tells a typing error from an unknown code", async () => {
    const code = (await w.code()).replaceAll("-", "");
    const wrong = code.slice(0, -1) + (code.endsWith("0") ? "1" : "0");
    const mistyped = await call("POST", "/vouchers/lookup", { as: merchant, body: { code: wrong } });
    expect(mistyped).toMatchObject({ status: 422, problem: { code: "VOUCHER_MISTYPED" } });
    const unknown = await call("POST", "/vouchers/lookup", {
      as: merchant,
      body: { code: "0000-0000-0000-0000" },
    });
    expect(unknown).toMatchObject({ status: 404, problem: { code: "VOUCHER_UNKNOWN" } });
  });

  it("holds a voucher for one checkout, and releases it", async () => {
    const code = await w.code();
    const locked = await call("POST", "/vouchers/lock", { as: merchant, body: { code, lockRef: "cart-1" } });
    expect(locked.status).toBe(200);
    conforms("lockVoucher", locked.body);
    expect(await redeem(code)).toMatchObject({ status: 409, problem: { code: "VOUCHER_LOCKED" } });
    const other = w.t.withKey(ALL, w.otherMerchant);
    expect(await redeem(code, {}, { as: other })).toMatchObject({ status: 409 });
    const { voucherId } = locked.body;
    const released = await call("POST", "/vouchers/unlock", {
      as: merchant,
      body: { voucherId, lockRef: "cart-1" },
    });
    expect(released.status).toBe(200);
    conforms("unlockVoucher", released.body);
    expect((await redeem(code)).status).toBe(201);
  });

  it("redeems with the lock's reference", async () => {
    const code = await w.code();
    const { body } = await call("POST", "/vouchers/lock", {
      as: merchant,
      body: { code, lockRef: "cart-2" },
    });
    const redeemed = await call("POST", "/redemptions", {
      as: merchant,
      body: { voucherId: body.voucherId, lockRef: "cart-2", ...order },
    });
    expect(redeemed.status).toBe(201);
  });

  it("voids what is not redeemed", async () => {
    const [a, b] = await w.issue(2);
    await redeem(b?.code ?? "");
    const voided = await call("POST", "/vouchers/void", {
      as: platform,
      body: { voucherIds: [a?.voucherId, b?.voucherId], reason: "test" },
    });
    expect(voided.status).toBe(200);
    conforms("voidVouchers", voided.body);
    expect(voided.body).toMatchObject({
      voided: [a?.voucherId],
      refused: [{ voucherId: b?.voucherId, refusal: { code: "VOUCHER_NOT_VOIDABLE" } }],
    });
    expect(await redeem(a?.code ?? "")).toMatchObject({ status: 422, problem: { code: "VOUCHER_VOID" } });
  });
});

describe("redeeming", () => {
  it("clears the worked example", async () => {
    const { status, body } = await redeem(await w.code(), { orderRef: "POS-1" });
    expect(status).toBe(201);
    conforms("redeem", body);
    expect(body).toMatchObject({
      discount: 2_000,
      payable: 8_000,
      merchantDue: 9_408,
      voucherStatus: "redeemed",
    });
    const legs = body.legs as { code: string; amount: number }[];
    expect(Object.fromEntries(legs.map((leg) => [leg.code, leg.amount]))).toEqual({
      "sale.collected": 8_000,
      "subsidy.brand": 1_000,
      "subsidy.platform": 600,
      "fee.commission": 192,
      "fee.channel": 48,
    });
  });

  it("tells the second one when and where it was redeemed", async () => {
    const code = await w.code();
    await redeem(code);
    const second = await redeem(code);
    expect(second).toMatchObject({ status: 409, problem: { code: "VOUCHER_REDEEMED" } });
    expect(second.problem.detail).toContain("Corner Coffee");
  });

  it("redeems one voucher once, however many ask at once", async () => {
    const code = await w.code();
    const replies = await Promise.all(Array.from({ length: 40 }, () => redeem(code)));
    expect(replies.filter((r) => r.status === 201)).toHaveLength(1);
    expect(replies.filter((r) => r.problem.code === "VOUCHER_REDEEMED")).toHaveLength(39);
  });

  it("answers each item of a batch by itself, in order", async () => {
    const [a, b] = await w.issue(2);
    const items = [
      { code: a?.code, ...order },
      { code: "0000-0000-0000-0000", ...order },
      { code: b?.code, orderAmount: 50, currency: "CNY" },
      { code: a?.code, ...order },
      { code: b?.code, ...order },
    ];
    const { status, body } = await call<{
      items: { ok: boolean; problem?: { code: string; detail: string } }[];
    }>("POST", "/redemptions/batch", {
      as: merchant,
      body: { items },
      headers: { "accept-language": "zh-CN" },
    });
    expect(status).toBe(200);
    conforms("redeemBatch", body);
    expect(body).toMatchObject({ redeemed: 2, refused: 3 });
    expect(body.items.map((item) => item.problem?.code ?? "ok")).toEqual([
      "ok",
      "VOUCHER_UNKNOWN",
      "VOUCHER_BELOW_THRESHOLD",
      "VOUCHER_REDEEMED",
      "ok",
    ]);
    expect(body.items[1]?.problem?.detail).toMatch(/\p{Script=Han}/u);
  });

  it("takes a till's own time, within reason", async () => {
    const at = (hours: number) => new Date(w.t.clock.now().getTime() + hours * 3_600_000).toISOString();
    w.t.clock.advance({ days: 1 });
    const early = await redeem(await w.code(), { redeemedAt: at(24) });
    expect(early).toMatchObject({ status: 422, problem: { code: "CLOCK_SKEW" } });
    const ancient = await redeem(await w.code(), { redeemedAt: "1970-01-01T00:00:00Z" });
    expect(ancient).toMatchObject({ status: 422, problem: { code: "CLOCK_SKEW" } });
    const code = await w.code();
    w.t.clock.advance({ hours: 2 });
    const offline = await redeem(code, { redeemedAt: at(-1) });
    expect(offline).toMatchObject({ status: 201, body: { redeemedAt: at(-1) } });
  });

  it("keeps currencies apart", async () => {
    const wrong = await redeem(await w.code(), { currency: "USD" });
    expect(wrong).toMatchObject({ status: 422, problem: { code: "CURRENCY_MISMATCH" } });
  });
});

describe("reading and reversing", () => {
  it("lists by cursor, newest first, and finds by id or reference", async () => {
    const codes = (await w.issue(3)).map((v) => v.code ?? "");
    for (const code of codes) {
      w.t.clock.advance({ seconds: 1 });
      await redeem(code);
    }
    type Page = { items: Redemption[]; nextCursor: string | null };
    const first = await call<Page>("GET", "/redemptions", { as: merchant, query: { limit: "2" } });
    conforms("listRedemptions", first.body);
    expect(first.body.items).toHaveLength(2);
    const second = await call<Page>("GET", "/redemptions", {
      as: merchant,
      query: { limit: "2", cursor: first.body.nextCursor ?? "" },
    });
    const ids = [...first.body.items, ...second.body.items].map((r) => r.redemptionId);
    expect(new Set(ids).size).toBe(ids.length);
    const [newest] = first.body.items;
    for (const name of [newest?.redemptionId, newest?.reference]) {
      const one = await call("GET", `/redemptions/${name}`, { as: merchant });
      expect(one.status).toBe(200);
      conforms("getRedemption", one.body);
      expect(one.body.redemptionId).toBe(newest?.redemptionId);
    }
  });

  it("reverses whole, and gives the voucher back", async () => {
    const code = await w.code();
    const { body } = await redeem(code);
    const path = `/redemptions/${body.redemptionId}/reversals`;
    const reversed = await call("POST", path, { as: merchant, body: { reason: "returned" } });
    expect(reversed.status).toBe(201);
    conforms("reverseRedemption", reversed.body);
    expect(reversed.body).toMatchObject({ whole: true, amount: 8_000, voucherStatus: "issued" });
    const again = await call("POST", path, { as: merchant, body: { reason: "returned" } });
    expect(again).toMatchObject({ status: 409, problem: { code: "TRADE_ALREADY_REVERSED" } });
    expect((await redeem(code)).status).toBe(201);
  });

  it("reverses in parts that never exceed the whole", async () => {
    const { body } = await redeem(await w.code());
    const path = `/redemptions/${body.reference}/reversals`;
    const part = (amount: number) => call("POST", path, { as: merchant, body: { amount, reason: "part" } });
    expect(await part(3_000)).toMatchObject({ status: 201, body: { whole: false, amount: 3_000 } });
    expect(await part(5_001)).toMatchObject({ status: 422, problem: { code: "REVERSAL_EXCEEDS_TRADE" } });
    expect(await part(5_000)).toMatchObject({ status: 201 });
    const detail = await call<{ reversals: unknown[] }>("GET", `/redemptions/${body.redemptionId}`, {
      as: merchant,
    });
    expect(detail.body).toMatchObject({ state: "reversed", reversedAmount: 8_000, merchantDue: 0 });
    expect(detail.body.reversals).toHaveLength(2);
  });

  it("lists campaigns", async () => {
    const { status, body } = await call<{ items: { campaignId: string; terms: unknown }[] }>(
      "GET",
      "/campaigns",
      {
        as: platform,
        query: { status: "active" },
      },
    );
    expect(status).toBe(200);
    conforms("listCampaigns", body);
    expect(body.items.find((c) => c.campaignId === w.campaignId)?.terms).toMatchObject({
      type: "threshold",
      threshold: 10_000,
      amount: 2_000,
    });
  });
});

describe("idempotency", () => {
  it("answers the same request again, and refuses another one under its key", async () => {
    const code = await w.code();
    const key = "till-7-receipt-1";
    const first = await redeem(code, { orderRef: "a" }, { key });
    const again = await redeem(code, { orderRef: "a" }, { key });
    expect(again.status).toBe(201);
    expect(again.body).toEqual(first.body);
    expect(first.headers.get("idempotency-replayed")).toBeNull();
    expect(again.headers.get("idempotency-replayed")).toBe("true");
    const other = await redeem(code, { orderRef: "b" }, { key });
    expect(other).toMatchObject({ status: 422, problem: { code: "IDEMPOTENCY_KEY_REUSED" } });
    const stranger = w.t.withKey(ALL, w.otherMerchant);
    expect((await redeem(code, { orderRef: "a" }, { key, as: stranger })).problem.code).toBe(
      "VOUCHER_REDEEMED",
    );
  });

  it("works once for many at once", async () => {
    const code = await w.code();
    const replies = await Promise.all(Array.from({ length: 20 }, () => redeem(code, {}, { key: "at-once" })));
    expect(new Set(replies.map((r) => r.status))).toEqual(new Set([201]));
    expect(new Set(replies.map((r) => r.body.redemptionId)).size).toBe(1);
    expect(replies.filter((r) => r.headers.get("idempotency-replayed") === "true")).toHaveLength(19);
  });

  it("issues once for many at once", async () => {
    const body = { campaignId: w.campaignId };
    const replies = await Promise.all(
      Array.from({ length: 8 }, () => call("POST", "/vouchers", { as: platform, body, key: "issue-once" })),
    );
    expect(new Set(replies.map((r) => r.body.code)).size).toBe(1);
  });

  it("covers a batch, its refusals included", async () => {
    const items = [
      { code: await w.code(), ...order },
      { code: "0000-0000-0000-0000", ...order },
    ];
    const send = () => call("POST", "/redemptions/batch", { as: merchant, body: { items }, key: "batch-1" });
    const first = await send();
    const again = await send();
    expect(again.body).toEqual(first.body);
    expect(again.headers.get("idempotency-replayed")).toBe("true");
  });

  it("keeps no key of what was refused", async () => {
    const code = await w.code();
    const key = "second-try";
    expect((await redeem(code, { orderAmount: 1 }, { key })).status).toBe(422);
    expect((await redeem(code, {}, { key })).status).toBe(201);
  });

  it("covers reversals, locks and voids", async () => {
    const { body } = await redeem(await w.code());
    const reverse = () =>
      call("POST", `/redemptions/${body.redemptionId}/reversals`, {
        as: merchant,
        body: { reason: "x" },
        key: "reverse-1",
      });
    const replies = await Promise.all([reverse(), reverse(), reverse()]);
    expect(new Set(replies.map((r) => r.body.reversalId)).size).toBe(1);
    expect(replies.map((r) => r.status)).toEqual([201, 201, 201]);
  });

  it("wants a key on whatever changes something", async () => {
    for (const operation of operations.filter((o) => o.idempotent)) {
      const path = operation.path.replace(/\{\w+\}/, "RD-0000-0000-0000");
      const as = operation.tag === "Orders" ? distributor : platform;
      const body = operation.body ? {} : undefined;
      const none = await call(operation.method, path, { as, body, key: null });
      expect([operation.id, none.problem.code]).toEqual([operation.id, "IDEMPOTENCY_KEY_REQUIRED"]);
      for (const key of ["with space", "x".repeat(256), "naïve"]) {
        const bad = await call(operation.method, path, { as, body, key });
        expect(bad).toMatchObject({ status: 400, problem: { code: "IDEMPOTENCY_KEY_INVALID" } });
      }
    }
  });

  it("takes a key of 255 characters", async () => {
    const key = "~".repeat(255);
    const code = await w.code();
    expect((await redeem(code, {}, { key })).status).toBe(201);
    expect((await redeem(code, {}, { key })).headers.get("idempotency-replayed")).toBe("true");
  });
});

describe("bad input is told, and is never an error of the server", () => {
  const post = (body: unknown) => call("POST", "/redemptions", { as: merchant, body });

  it("names the place of an amount that is none", async () => {
    for (const orderAmount of [-1, 0, 1.5, 1e300, Number.MAX_SAFE_INTEGER + 1, "10000", null, true, [], {}]) {
      const { status, problem } = await post({ code: "x", orderAmount, currency: "CNY" });
      expect([orderAmount, status]).toEqual([orderAmount, 400]);
      expect(problem.errors?.[0]?.path).toBe("body.orderAmount");
      expect(problem.errors?.[0]?.code).toBe("AMOUNT_INVALID");
    }
    const raw = `{"code":"x","orderAmount":100.00000000000000001,"currency":"CNY"}`;
    const tiny = await call("POST", "/redemptions", { as: merchant, raw });
    expect(tiny.problem.code).toBe("AMOUNT_INVALID");
    const huge = await call("POST", "/redemptions", {
      as: merchant,
      raw: `{"code":"x","orderAmount":${"9".repeat(400)},"currency":"CNY"}`,
    });
    expect(huge.problem.code).toBe("AMOUNT_INVALID");
  });

  it("takes the largest exact amount", async () => {
    const code = await w.code();
    const { status, body } = await redeem(code, { orderAmount: Number.MAX_SAFE_INTEGER });
    expect([status, body.payable]).toEqual([201, Number.MAX_SAFE_INTEGER - 2_000]);
  });

  it("refuses unknown currencies, fields and subjects by their path", async () => {
    const currency = await post({ code: "x", orderAmount: 1, currency: "XXQ" });
    expect(currency.problem).toMatchObject({ code: "CURRENCY_UNKNOWN", errors: [{ path: "body.currency" }] });
    const field = await post({ code: "x", ...order, discount: 1 });
    expect(field.problem.errors).toMatchObject([{ path: "body.discount", code: "UNKNOWN_FIELD" }]);
    const both = await post({ code: "x", voucherId: w.merchant.id, ...order });
    expect(both.problem.errors).toMatchObject([{ path: "body.code", code: "VOUCHER_SUBJECT" }]);
    const inBatch = await call("POST", "/redemptions/batch", {
      as: merchant,
      body: {
        items: [
          { code: "x", ...order },
          { code: "x", orderAmount: 1, currency: "CNY", evil: 1 },
        ],
      },
    });
    expect(inBatch.problem.errors).toMatchObject([{ path: "body.items[1].evil" }]);
    const proto = await call("POST", "/redemptions", { as: merchant, raw: '{"__proto__":{"a":1}}' });
    expect(proto.status).toBe(400);
  });

  it("bounds bodies, batches and depth", async () => {
    const items = (n: number) => ({ items: Array.from({ length: n }, () => ({ code: "x", ...order })) });
    const many = await call("POST", "/redemptions/batch", { as: merchant, body: items(501) });
    expect(many).toMatchObject({ status: 400, problem: { errors: [{ path: "body.items" }] } });
    const none = await call("POST", "/redemptions/batch", { as: merchant, body: items(0) });
    expect(none.status).toBe(400);
    const long = await call("POST", "/redemptions", {
      as: merchant,
      raw: `{"code":"${"x".repeat(1 << 20)}"}`,
    });
    expect(long).toMatchObject({ status: 413, problem: { code: "BODY_TOO_LARGE" } });
    const longer = await call("POST", "/redemptions/batch", {
      as: merchant,
      raw: `{"items":[{"code":"${"x".repeat(1_500_000)}"}]}`,
    });
    expect(longer.status).toBe(400);
    const deep = await call("POST", "/redemptions", { as: merchant, raw: "[".repeat(100_000) });
    expect(deep).toMatchObject({ status: 400, problem: { code: "BODY_MALFORMED" } });
  });

  it("refuses what is not UTF-8, not JSON, not declared", async () => {
    const gbk = await call("POST", "/redemptions", {
      as: merchant,
      raw: new Uint8Array([0x7b, 0xc4, 0xe3, 0x7d]),
    });
    expect(gbk).toMatchObject({
      status: 400,
      problem: { code: "BODY_MALFORMED", params: { reason: "not_utf8" } },
    });
    const text = await call("POST", "/redemptions", {
      as: merchant,
      raw: "{}",
      headers: { "content-type": "text/plain" },
    });
    expect(text).toMatchObject({ status: 415, problem: { code: "UNSUPPORTED_MEDIA_TYPE" } });
  });

  it("takes no characters that no database keeps", async () => {
    for (const orderRef of ["a\u0000b", "\ud800", "line\nbreak"]) {
      const { status, problem } = await redeem(await w.code(), { orderRef });
      expect([status, problem.errors?.[0]?.path]).toEqual([400, "body.orderRef"]);
    }
    expect((await redeem(await w.code(), { orderRef: "订单-🧾-é" })).status).toBe(201);
  });

  it("checks addresses and queries", async () => {
    expect(await call("GET", "/nothing", { as: merchant })).toMatchObject({ status: 404 });
    const wrong = await call("DELETE", "/redemptions", { as: merchant });
    expect(wrong.status).toBe(405);
    expect(wrong.headers.get("allow")).toBe("GET, POST");
    for (const query of [
      { limit: "0" },
      { limit: "x" },
      { from: "yesterday" },
      { cursor: "!!" },
      { evil: "1" },
    ]) {
      const { status } = await call("GET", "/redemptions", {
        as: merchant,
        query: query as unknown as Record<string, string>,
      });
      expect([query, status]).toEqual([query, 400]);
    }
    for (const name of ["RD-none", "%00", "x".repeat(65), "RD-ZZZZ-ZZZZ-ZZZZ", "%ff"]) {
      const { status } = await call("GET", `/redemptions/${name}`, { as: merchant });
      expect([name, status === 404 || status === 400]).toEqual([name, true]);
    }
  });

  it("never answers 500, whatever comes", async () => {
    const paths = operations.map((o) => ({ method: o.method, path: o.path.replace(/\{\w+\}/, "RD-1") }));
    const like = fc.record(
      {
        code: fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom("0000-0000-0000-0000", "12345678")),
        voucherId: fc.oneof(fc.uuid(), fc.string()),
        campaignId: fc.oneof(fc.uuid(), fc.constant(w.campaignId)),
        merchantId: fc.oneof(fc.uuid(), fc.constant(w.merchant.id)),
        orderAmount: fc.oneof(fc.integer(), fc.maxSafeInteger(), fc.double()),
        amount: fc.oneof(fc.integer(), fc.double()),
        currency: fc.oneof(fc.constantFrom("CNY", "USD", "JPY", "usd"), fc.string()),
        orderRef: fc.string({ unit: "binary" }),
        lockRef: fc.string({ unit: "grapheme" }),
        reason: fc.string({ unit: "binary" }),
        redeemedAt: fc.oneof(
          fc.date({ noInvalidDate: true }).map((d) => d.toISOString()),
          fc.string(),
        ),
        minutes: fc.integer(),
        items: fc.array(fc.object({ maxDepth: 2 }), { maxLength: 3 }),
        voucherIds: fc.array(fc.uuid(), { maxLength: 3 }),
        lines: fc.anything({ maxDepth: 2 }),
        sourceId: fc.string({ unit: "binary" }),
      },
      { requiredKeys: [] },
    );
    const bodies = fc.oneof(
      like.map((value) => JSON.stringify(value)),
      fc.json(),
      fc.string(),
      fc.uint8Array({ maxLength: 64 }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...paths),
        bodies,
        fc.option(fc.stringMatching(/^[\x21-\x7e]{1,30}$/), { nil: null }),
        fc.constantFrom("application/json", "application/json; charset=utf-8", "text/html", "a/b;c"),
        fc.constantFrom("zh-CN", "en", "de;q=0.1, *", ";;;", "zh;q=x"),
        async ({ method, path }, raw, key, type, language) => {
          const reply = await call(method, path, {
            as: platform,
            ...(method === "GET" ? {} : { raw: raw as BodyInit }),
            key: key ?? undefined,
            headers: { ...(method === "GET" ? {} : { "content-type": type }), "accept-language": language },
          });
          expect(reply.status).toBeLessThan(500);
          if (reply.status >= 400) {
            expect(reply.headers.get("content-type")).toContain("application/problem+json");
            expect(reply.problem.detail.length).toBeGreaterThan(5);
          }
        },
      ),
      { numRuns: 600 },
    );
  }, 60_000);
});

describe("the transport", () => {
  it("answers its request id, and makes one where none fits", async () => {
    const given = await call("GET", "/campaigns", { as: platform, headers: { "x-request-id": "till-7.42" } });
    expect(given.headers.get("x-request-id")).toBe("till-7.42");
    const made = await call("GET", "/campaigns", { as: platform, headers: { "x-request-id": "a b" } });
    expect(made.headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
    const refused = await call("GET", "/nothing", { as: null, headers: { "x-request-id": "r-1" } });
    expect(refused.problem.instance).toBe("urn:kaqing:request:r-1");
  });

  it("says who is not known, in the caller's language", async () => {
    const refused = await call("GET", "/campaigns", {
      as: null,
      headers: { "accept-language": "zh-CN,en;q=0.5" },
    });
    expect(refused).toMatchObject({ status: 401, problem: { code: "UNAUTHENTICATED", title: "未认证" } });
    expect(refused.headers.get("www-authenticate")).toContain("Bearer");
    expect(refused.headers.get("content-language")).toBe("zh-CN");
    expect(refused.problem.type).toBe("urn:kaqing:problem:unauthenticated");
  });

  it("limits each key", async () => {
    const limited = apiClient({ rateLimit: new RateLimit(0.001, 2) });
    const get = () => limited("GET", "/campaigns", { as: platform });
    expect([(await get()).status, (await get()).status]).toEqual([200, 200]);
    const refused = await get();
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(1);
    const other = w.t.withKey(ALL, w.otherMerchant);
    expect((await limited("GET", "/campaigns", { as: other })).status).toBe(200);
  });
});

describe("card-keys", () => {
  it("are listed, ordered, paid from the wallet, fetched and reported, once for each key", async () => {
    const as = distributor;
    const products = await call<{ items: { productId: string; price: number }[] }>("GET", "/products", {
      as,
    });
    conforms("listProducts", products.body);
    expect(products.body.items).toMatchObject([{ productId: cards.productId, price: 9_850, inStock: true }]);

    const body = {
      lines: [{ productId: cards.productId, quantity: 2 }],
      externalRef: "SO-1",
      payFromWallet: true,
    };
    const make = () =>
      call<{ orderId: string; cards: { deliveryId: string }[] }>("POST", "/orders", {
        as,
        body,
        key: "so-1",
      });
    const [made, again] = [await make(), await make()];
    expect(made).toMatchObject({ status: 201, body: { state: "delivered", source: "api", total: 19_700 } });
    conforms("createOrder", made.body);
    expect(again.body).toEqual(made.body);
    expect(again.headers.get("idempotency-replayed")).toBe("true");
    const path = `/orders/${made.body.orderId}`;
    conforms("getOrder", (await call("GET", path, { as })).body);
    expect((await call("POST", `${path}/payments`, { as })).body).toMatchObject({ state: "delivered" });
    const found = await call<{ items: unknown[] }>("GET", "/orders", { as, query: { externalRef: "SO-1" } });
    conforms("listOrders", found.body);
    expect(found.body.items).toHaveLength(1);

    const deliveryId = made.body.cards[0]?.deliveryId;
    const report = () => call("POST", "/card-reports", { as, body: { deliveryId, reason: "Used already" } });
    expect(await report()).toMatchObject({ status: 409, problem: { code: "DELIVERY_NOT_REPORTABLE" } });
    const revealed = await call<{ cards: { secret: string }[] }>("POST", `${path}/reveal`, { as, body: {} });
    conforms("revealCards", revealed.body);
    expect(revealed.headers.get("cache-control")).toBe("no-store");
    expect(revealed.body.cards.map((card) => card.secret)).toEqual(["the secret", "the secret"]);
    const reported = await report();
    expect(reported).toMatchObject({ status: 201, body: { outcome: "open" } });
    conforms("reportCard", reported.body);
  });

  it("too dear for the wallet are neither ordered nor held", async () => {
    const poor = w.t.withKey(ALL, await makeParty(w.t, "distributor"));
    const { actor } = poor;
    const partyId = actor.kind === "apiKey" ? actor.partyId : "";
    await setDistributor(w.t.system, { partyId, tier: "gold" });
    const body = { lines: [{ productId: cards.productId, quantity: 1 }], payFromWallet: true };
    const refused = await call("POST", "/orders", { as: poor, body });
    expect(refused).toMatchObject({ status: 409, problem: { code: "ACCOUNT_BELOW_FLOOR" } });
    expect((await call("GET", "/orders", { as: poor })).body).toMatchObject({ items: [] });
  });
});
