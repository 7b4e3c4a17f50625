import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Clock } from "@/server/core/context";
import { newId } from "@/server/core/ids";
import { encodeGbk } from "./bills/gbk";
import { unzipOnly } from "./bills/zip";
import type { ChannelPort, PaymentAsk } from "./port";
import { type SandboxAccount, sandboxPort } from "./sandbox";
import { type Sandbox, startSandbox } from "./sandbox/service";
import { SIGNATURE_HEADERS, sign, signatureHeaders } from "./signing";

const TOKEN = "token-of-the-tests";
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "kaqing-sandbox-"));
/** Moves with the tests, behind or ahead of the machine's. */
let offset = 0;
const clock: Clock = { now: () => new Date(Date.now() + offset) };

let sandbox: Sandbox;
let account: SandboxAccount;
let port: ChannelPort;
/** The merchant's side: what was told by callback. */
const received: { headers: Headers; body: string }[] = [];
let answerStatus = 200;
let shop: http.Server;
let notifyUrl: string;

beforeAll(async () => {
  sandbox = await startSandbox({ folder, token: TOKEN, host: "127.0.0.1", clock });
  shop = http.createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on("end", () => {
      received.push({ headers: new Headers(request.headers as Record<string, string>), body });
      response.writeHead(answerStatus).end();
    });
  });
  shop.listen(0, "127.0.0.1");
  await once(shop, "listening");
  notifyUrl = `http://127.0.0.1:${(shop.address() as AddressInfo).port}/callback`;
});
afterAll(async () => {
  await sandbox.stop();
  shop.close();
  fs.rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => {
  offset = 0;
  received.length = 0;
  answerStatus = 200;
  account = {
    endpoint: sandbox.endpoint,
    merchantNo: `m-${newId()}`,
    secret: `secret-of-${newId()}`,
    fee: { rate: "0.006", min: null, max: null, refunded: true },
    adminToken: TOKEN,
  };
  port = sandboxPort(account, clock);
});

function asking(changes: Partial<PaymentAsk> = {}): PaymentAsk {
  return {
    paymentId: newId(),
    amount: 9_850n,
    currency: "CNY",
    subject: "Card, 100",
    notifyUrl,
    returnUrl: "http://localhost:3000/back",
    expiresAt: new Date(clock.now().getTime() + 900_000),
    ...changes,
  };
}

async function created(changes: Partial<PaymentAsk> = {}) {
  const ask = asking(changes);
  const { cashierUrl } = await port.create(ask);
  return { ...ask, cashierUrl: cashierUrl.replace("localhost", "127.0.0.1") };
}

const paymentOf = (paymentId: string) => sandbox.bank.find(account.merchantNo, paymentId);
const pay = (paymentId: string, options = {}) => sandbox.bank.pay(paymentOf(paymentId), options);
async function until(done: () => boolean): Promise<void> {
  for (let i = 0; i < 400; i++) {
    if (done()) return;
    await sleep(10);
  }
  throw new Error("it did not come to that");
}

/** A request of our own making, past the client. */
function raw(method: string, target: string, body: string, headers: Record<string, string>) {
  return fetch(new URL(target, sandbox.endpoint), {
    method,
    headers,
    body: method === "GET" ? undefined : body,
  });
}
const press = (cashierUrl: string, form: Record<string, string>) =>
  fetch(cashierUrl, { method: "POST", body: new URLSearchParams(form), redirect: "manual" });

describe("a payment", () => {
  it("goes from cashier to paid, and the merchant is told", async () => {
    const ask = await created();
    expect(await port.query(ask.paymentId)).toEqual({ state: "unpaid", payments: [] });
    expect((await press(ask.cashierUrl, { action: "pay" })).status).toBe(303);
    const { state, payments } = await port.query(ask.paymentId);
    expect(state).toBe("paid");
    expect(payments).toMatchObject([{ amount: 9_850n }]);
    await until(() => received.length === 1);
    const told = port.parseCallback(received[0]?.headers ?? new Headers(), received[0]?.body ?? "");
    expect(told).toEqual({ paymentId: ask.paymentId, transactionId: payments[0]?.transactionId });
  });

  it("is the same when asked for again, and refuses another amount under its id", async () => {
    const ask = await created();
    const again = await port.create(ask);
    expect(again.cashierUrl.replace("localhost", "127.0.0.1")).toBe(ask.cashierUrl);
    await expect(port.create({ ...ask, amount: 1n })).rejects.toMatchObject({
      code: "CHANNEL_REFUSED",
      params: { reason: "PAYMENT_ID_REUSED" },
    });
  });

  it("is unknown until it is made", async () => {
    await port.create(asking());
    await expect(port.query(newId())).rejects.toMatchObject({ code: "PAYMENT_UNKNOWN" });
  });

  it("is taken no more once closed or expired, and is not paid twice by the button", async () => {
    const closed = await created();
    await port.close(closed.paymentId);
    await port.close(closed.paymentId);
    expect((await port.query(closed.paymentId)).state).toBe("closed");
    expect((await press(closed.cashierUrl, { action: "pay" })).status).toBe(409);

    const expired = await created();
    offset = 901_000;
    expect((await port.query(expired.paymentId)).state).toBe("closed");
    expect((await press(expired.cashierUrl, { action: "pay" })).status).toBe(409);
    offset = 0;

    const paid = await created();
    await press(paid.cashierUrl, { action: "pay" });
    expect((await press(paid.cashierUrl, { action: "pay" })).status).toBe(409);
    await expect(port.close(paid.paymentId)).rejects.toMatchObject({ params: { reason: "ALREADY_PAID" } });
    expect((await port.query(paid.paymentId)).payments).toHaveLength(1);
  });

  it("lets testers pay twice, late, later and another amount", async () => {
    const ask = await created();
    const forms: Record<string, string>[] = [
      { action: "pay" },
      { action: "again" },
      { action: "wrong", amount: "¥1.00" },
    ];
    for (const form of forms) expect((await press(ask.cashierUrl, form)).status).toBe(303);
    expect((await port.query(ask.paymentId)).payments.map((p) => p.amount)).toEqual([9_850n, 9_850n, 100n]);
    expect((await press(ask.cashierUrl, { action: "wrong", amount: "-1" })).status).toBe(400);

    const late = await created();
    offset = 901_000;
    expect((await press(late.cashierUrl, { action: "late" })).status).toBe(303);
    expect((await port.query(late.paymentId)).state).toBe("paid");
    offset = 0;

    const later = await created();
    expect((await press(later.cashierUrl, { action: "later", seconds: "1" })).status).toBe(303);
    expect((await port.query(later.paymentId)).state).toBe("unpaid");
    await until(() => paymentOf(later.paymentId).paid.length === 1);

    const cancelled = await created();
    await press(cancelled.cashierUrl, { action: "cancel" });
    expect((await port.query(cancelled.paymentId)).state).toBe("closed");
  });

  it("has a cashier in both languages that shows what it was given as text", async () => {
    const { cashierUrl } = await created({ subject: '<b onclick="x">card</b>' });
    const english = await (await fetch(`${cashierUrl}?lang=en`)).text();
    expect(english).toContain('<html lang="en">');
    expect(english).toContain("¥98.50");
    expect(english).toContain("&lt;b onclick=&quot;x&quot;&gt;card&lt;/b&gt;");
    const chinese = await fetch(cashierUrl, { headers: { "accept-language": "zh-CN,en;q=0.5" } });
    expect(await chinese.text()).toContain("确认付款");
    expect(chinese.headers.get("content-security-policy")).toContain("default-src 'none'");
    expect((await fetch(new URL("/pay/nobody-knows", cashierUrl))).status).toBe(404);
  });
});

describe("requests", () => {
  const body = JSON.stringify({ secret: "long enough a secret" });
  const signed = (method: string, target: string, text: string, at = clock.now()) =>
    signatureHeaders(account.merchantNo, sign(account.secret, `${method} ${target}`, text, at));

  it("are refused without the right signature, on any change, and for an unknown merchant", async () => {
    const { paymentId } = await created();
    const target = `/v1/payments/${paymentId}`;
    const good = signed("GET", target, "");
    expect((await raw("GET", target, "", good)).status).toBe(200);
    const tamperings: [string, string, Record<string, string>][] = [
      ["GET", `/v1/payments/${newId()}`, signed("GET", target, "")],
      ["POST", `${target}/close`, signed("GET", target, "")],
      ["GET", target, { ...signed("GET", target, ""), [SIGNATURE_HEADERS.nonce]: "0".repeat(32) }],
      ["GET", target, { ...signed("GET", target, ""), [SIGNATURE_HEADERS.timestamp]: "1" }],
      ["GET", target, { ...signed("GET", target, ""), [SIGNATURE_HEADERS.signature]: "AAAA" }],
      ["GET", target, signed("GET", target, "x")],
      ["GET", target, { ...signed("GET", target, ""), [SIGNATURE_HEADERS.merchant]: "nobody" }],
      ["GET", target, {}],
    ];
    for (const [method, at, headers] of tamperings)
      expect((await raw(method, at, "", headers)).status, JSON.stringify(headers)).toBe(401);
  });

  it("are taken once, and within five minutes of the channel's clock", async () => {
    const { paymentId } = await created();
    const target = `/v1/payments/${paymentId}`;
    const good = signed("GET", target, "");
    expect((await raw("GET", target, "", good)).status).toBe(200);
    const replayed = await raw("GET", target, "", good);
    expect([replayed.status, await replayed.json()]).toEqual([401, { error: "REPLAYED" }]);
    for (const [seconds, status] of [
      [299, 200],
      [-299, 200],
      [302, 401],
      [-302, 401],
    ] as const) {
      const at = new Date(clock.now().getTime() + seconds * 1_000);
      expect((await raw("GET", target, "", signed("GET", target, "", at))).status).toBe(status);
    }
  });

  it("open an account with the token alone", async () => {
    const target = "/admin/merchants/newcomer";
    expect((await raw("PUT", target, body, { authorization: "Bearer guess" })).status).toBe(401);
    expect((await raw("PUT", target, body, {})).status).toBe(401);
    expect((await raw("PUT", target, body, { authorization: `Bearer ${TOKEN}` })).status).toBe(200);
    await expect(sandboxPort({ ...account, adminToken: null }, clock).query(newId())).rejects.toMatchObject({
      code: "CHANNEL_REFUSED",
      params: { reason: "MERCHANT_UNKNOWN" },
    });
  });

  it("that are too long get no answer worth the name", async () => {
    const long = "x".repeat(70_000);
    const answered = await raw("POST", "/v1/refunds", long, {}).catch(() => null);
    expect(answered?.ok ?? false).toBe(false);
  });
});

describe("the client", () => {
  it("says that the channel cannot be reached: nobody there, broken answers, somebody else's answers", async () => {
    const nowhere = sandboxPort({ ...account, endpoint: "http://127.0.0.1:9" }, clock);
    await expect(nowhere.query(newId())).rejects.toMatchObject({ code: "CHANNEL_UNREACHABLE" });
    // It answers 200 to anything, and cannot sign.
    const impostor = sandboxPort({ ...account, endpoint: new URL(notifyUrl).origin }, clock);
    await expect(impostor.query(newId())).rejects.toMatchObject({ code: "CHANNEL_UNREACHABLE" });
    answerStatus = 503;
    await expect(impostor.query(newId())).rejects.toMatchObject({ code: "CHANNEL_UNREACHABLE" });
  });

  it("follows no redirect", async () => {
    const elsewhere = http.createServer((_, response) => {
      response.writeHead(302, { location: sandbox.endpoint }).end();
    });
    elsewhere.listen(0, "127.0.0.1");
    await once(elsewhere, "listening");
    const endpoint = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}`;
    await expect(sandboxPort({ ...account, endpoint }, clock).query(newId())).rejects.toMatchObject({
      code: "CHANNEL_UNREACHABLE",
    });
    elsewhere.close();
  });
});

describe("callbacks", () => {
  it("pass with the right signature and time alone", async () => {
    const ask = await created();
    pay(ask.paymentId);
    await until(() => received.length === 1);
    const { headers, body } = received[0] ?? { headers: new Headers(), body: "" };
    const refused = (change: (h: Headers) => void, text = body) => {
      const changed = new Headers(headers);
      change(changed);
      expect(() => port.parseCallback(changed, text)).toThrow(
        expect.objectContaining({ code: "CALLBACK_INVALID" }),
      );
    };
    expect(port.parseCallback(headers, body).paymentId).toBe(ask.paymentId);
    refused((h) => h.delete(SIGNATURE_HEADERS.signature));
    refused((h) => h.set(SIGNATURE_HEADERS.signature, Buffer.alloc(32).toString("base64")));
    refused((h) => h.set(SIGNATURE_HEADERS.nonce, "0".repeat(32)));
    refused((h) => h.set(SIGNATURE_HEADERS.timestamp, String(Math.floor(Date.now() / 1000) + 1)));
    refused((h) => h.set(SIGNATURE_HEADERS.merchant, "somebody-else"));
    refused(() => {}, body.replace(ask.paymentId, newId()));
    refused(() => {}, "");
    offset = 302_000;
    refused(() => {});
    offset = -302_000;
    refused(() => {});
  });

  it("do not take a signed request for a callback", () => {
    const body = JSON.stringify({ paymentId: newId(), transactionId: "1" });
    const request = sign(account.secret, "POST /v1/refunds", body, clock.now());
    const headers = new Headers(signatureHeaders(account.merchantNo, request));
    expect(() => port.parseCallback(headers, body)).toThrow(
      expect.objectContaining({ code: "CALLBACK_INVALID" }),
    );
  });

  it("come again until they are answered", async () => {
    answerStatus = 500;
    const ask = await created();
    pay(ask.paymentId);
    await until(() => received.length === 1);
    answerStatus = 204;
    await until(() => received.length === 2);
    await until(() => paymentOf(ask.paymentId).paid[0]?.notified === true);
    expect(received[0]?.body).toBe(received[1]?.body);
    expect(received[0]?.headers.get(SIGNATURE_HEADERS.nonce)).not.toBe(
      received[1]?.headers.get(SIGNATURE_HEADERS.nonce),
    );
  });

  it("are late, several or lost as told", async () => {
    const several = await created();
    sandbox.bank.behave(paymentOf(several.paymentId), { callbackCopies: 3 });
    pay(several.paymentId);
    await until(() => received.length === 3);

    received.length = 0;
    const late = await created();
    sandbox.bank.behave(paymentOf(late.paymentId), { callbackDelayMs: 300 });
    const began = Date.now();
    pay(late.paymentId);
    await until(() => received.length === 1);
    expect(Date.now() - began).toBeGreaterThanOrEqual(290);

    received.length = 0;
    const lost = await created();
    expect(
      (await press(lost.cashierUrl, { action: "behave", delay: "0", copies: "1", lost: "1", failures: "0" }))
        .status,
    ).toBe(303);
    pay(lost.paymentId);
    await sleep(100);
    expect(received).toEqual([]);
    expect((await port.query(lost.paymentId)).state).toBe("paid");
  });
});

describe("refunds", () => {
  it("are given once under an id, in parts, and never beyond what was paid", async () => {
    const { paymentId } = await created();
    pay(paymentId);
    const transactionId = (await port.query(paymentId)).payments[0]?.transactionId ?? "";
    const ask = { paymentId, transactionId, reason: "test" };
    const first = { ...ask, refundId: newId(), amount: 4_000n };
    const done = await port.refund(first);
    expect(done.state).toBe("succeeded");
    const repeats = await Promise.all(Array.from({ length: 5 }, () => port.refund(first)));
    expect(new Set(repeats.map((r) => r.channelRefundId))).toEqual(new Set([done.channelRefundId]));
    await expect(port.refund({ ...first, amount: 1n })).rejects.toMatchObject({
      params: { reason: "REFUND_ID_REUSED" },
    });
    await expect(port.refund({ ...ask, refundId: newId(), amount: 5_851n })).rejects.toMatchObject({
      code: "CHANNEL_REFUSED",
      params: { reason: "REFUND_EXCEEDS_PAYMENT" },
    });
    expect((await port.refund({ ...ask, refundId: newId(), amount: 5_850n })).state).toBe("succeeded");
    await expect(port.refund({ ...ask, refundId: newId(), amount: 1n })).rejects.toMatchObject({
      params: { reason: "REFUND_EXCEEDS_PAYMENT" },
    });
  });

  it("fail as often as told, and then succeed under the same id", async () => {
    const { paymentId } = await created();
    pay(paymentId);
    sandbox.bank.behave(paymentOf(paymentId), { refundFailures: 2 });
    const transactionId = (await port.query(paymentId)).payments[0]?.transactionId ?? "";
    const ask = { refundId: newId(), paymentId, transactionId, amount: 9_850n, reason: "test" };
    const states = [];
    for (let i = 0; i < 4; i++) states.push((await port.refund(ask)).state);
    expect(states).toEqual(["failed", "failed", "succeeded", "succeeded"]);
  });
});

describe("bills", () => {
  /** Three payments, one paid twice, one refunded in two parts. */
  async function aDay() {
    for (const amount of [9_850n, 1n, 10_000n]) {
      const { paymentId } = await created({ amount, subject: "卡，“一百”, `100`" });
      pay(paymentId);
      if (amount === 1n) pay(paymentId, { force: true });
      if (amount !== 9_850n) continue;
      const transactionId = (await port.query(paymentId)).payments[0]?.transactionId ?? "";
      for (const part of [3_333n, 3_333n])
        await port.refund({ refundId: newId(), paymentId, transactionId, amount: part, reason: "part" });
    }
    return new Date(clock.now().getTime() + 8 * 3_600_000).toISOString().slice(0, 10);
  }

  it("in WeChat Pay's format agree with the payments and with themselves", async () => {
    const day = await aDay();
    const text = await port.downloadBill(day, "wechat");
    expect(text.startsWith("交易时间,公众账号ID")).toBe(true);
    const lines = text.trimEnd().split("\r\n");
    expect(lines[0]?.split(",")).toHaveLength(27);
    const rows = lines.slice(1, -2).map((line) => line.slice(1).split(",`"));
    expect(rows).toHaveLength(6);
    for (const row of rows) expect(row).toHaveLength(27);
    const cents = (value = "") => Math.round(Number(value) * 100_000);
    const total = (column: number) => rows.reduce((sum, row) => sum + cents(row[column]), 0);
    const summary = (lines.at(-1) ?? "").slice(1).split(",`");
    expect(summary[0]).toBe("6");
    expect(cents(summary[1])).toBe(total(12));
    expect(summary[1]).toBe("198.52");
    expect(cents(summary[2])).toBe(total(16));
    expect(summary[2]).toBe("66.66");
    expect(cents(summary[4])).toBe(total(22));
    // 0.59 + 0.00 + 0.00 + 0.60 − (0.20 + 0.20) given back
    expect(summary[4]).toBe("0.79000");
    expect(rows.filter((row) => row[9] === "REFUND").map((row) => row[22])).toEqual(["-0.20000", "-0.20000"]);
    expect(rows[0]?.[23]).toBe("0.60%");
    expect(rows[0]?.[20]).toBe("卡，“一百”   100");
  });

  it("in Alipay's format are a ZIP in GBK whose totals agree", async () => {
    const day = await aDay();
    const text = await port.downloadBill(day, "alipay");
    const lines = text.trimEnd().split("\r\n");
    expect(lines[0]).toBe("#支付宝业务明细查询");
    expect(lines[4]?.split(",")).toHaveLength(25);
    const rows = lines.slice(5, -4).map((line) => line.split(","));
    expect(rows).toHaveLength(6);
    for (const row of rows) {
      expect(row).toHaveLength(25);
      expect(row[0]?.endsWith("\t")).toBe(true);
    }
    expect(lines.at(-3)).toBe("#交易合计：4笔，商家实收共198.52元，商家优惠共0.00元");
    expect(lines.at(-2)).toBe("#退款合计：2笔，商家实收退款共-66.66元，商家优惠退款共0.00元");
    const sum = rows.reduce((total, row) => total + Math.round(Number(row[22]) * 100), 0);
    expect(sum).toBe(-79);
  });

  it("of a day without payments have no rows, and other merchants' stay theirs", async () => {
    await port.create(asking());
    const text = await port.downloadBill("2020-01-01", "wechat");
    expect(text.trimEnd().split("\r\n")).toHaveLength(3);
    await expect(port.downloadBill("2020-13-01", "wechat")).rejects.toMatchObject({
      code: "CHANNEL_REFUSED",
    });
  });

  it("write GBK, and ZIPs whose parts are checked", () => {
    expect(encodeGbk("卡ab￥😀").toString("hex")).toBe("bfa86162a3a43f");
    expect(() => unzipOnly(Buffer.from("no zip"), 100)).toThrow("not a ZIP");
  });
});

describe("a sandbox that is killed", () => {
  it("has lost nothing it answered, and goes on with its callbacks", async () => {
    const own = fs.mkdtempSync(path.join(os.tmpdir(), "kaqing-sandbox-"));
    const start = async () => {
      const child = spawn(process.execPath, ["--import", "tsx", "server/ops/sandbox.ts"], {
        env: {
          ...process.env,
          KAQING_DATA_DIR: own,
          KAQING_SANDBOX_TOKEN: TOKEN,
          KAQING_SANDBOX_PORT: "0",
          KAQING_HOST: "127.0.0.1",
        },
        stdio: ["ignore", "pipe", "inherit"],
      });
      const [line] = (await once(child.stdout, "data")) as [Buffer];
      return { child, endpoint: line.toString().trim().replace("sandbox ", "") };
    };
    const kill = async (child: ReturnType<typeof spawn>) => {
      child.kill("SIGKILL");
      await once(child, "exit");
    };
    let running = await start();
    try {
      const before = sandboxPort({ ...account, endpoint: running.endpoint });
      answerStatus = 500;
      const ids: string[] = [];
      for (let i = 0; i < 20; i++) {
        const ask = asking();
        const { cashierUrl } = await before.create(ask);
        const at = new URL(new URL(cashierUrl).pathname, running.endpoint).href;
        expect((await press(at, { action: "pay" })).status).toBe(303);
        ids.push(ask.paymentId);
      }
      const first = await before.query(ids[0] ?? "");
      const transactionId = first.payments[0]?.transactionId ?? "";
      const refund = { refundId: newId(), paymentId: ids[0] ?? "", transactionId, amount: 1n, reason: "r" };
      const refunded = await before.refund(refund);
      await kill(running.child);
      // As a write that was cut off would leave it.
      fs.appendFileSync(path.join(own, "sandbox", "journal.ndjson"), '{"e":"paid","tok');

      answerStatus = 200;
      received.length = 0;
      running = await start();
      const after = sandboxPort({ ...account, endpoint: running.endpoint, adminToken: null });
      expect(await after.query(ids[0] ?? "")).toEqual(first);
      for (const id of ids) expect((await after.query(id)).payments).toHaveLength(1);
      expect(await after.refund(refund)).toEqual(refunded);
      await until(() => new Set(received.map((one) => one.body)).size === 20);
    } finally {
      await kill(running.child);
      fs.rmSync(own, { recursive: true, force: true });
    }
  }, 30_000);
});
