import { beforeAll, describe, expect, it } from "vitest";
import { rawSql } from "@/db/client";
import type { Sandbox } from "@/server/channels/sandbox/service";
import { newId } from "@/server/core/ids";
import { withTransaction } from "@/server/core/transaction";
import { testDatabase } from "@/server/testing/database";
import { makeParty, makeTenant, type TestTenant } from "@/server/testing/factories";
import { makeChannel, testSandbox } from "@/server/testing/sandbox";
import { createFeeSchedule } from "../clearing";
import {
  channelTerms,
  chooseChannel,
  createChannel,
  getChannel,
  listChannels,
  notifyUrlOf,
  portOf,
  setChannelEnabled,
  tryRoute,
  updateChannel,
  walletChannel,
} from ".";
import type { CreateChannelInput } from "./schemas";

let t: TestTenant;
let sandbox: Sandbox;

beforeAll(async () => {
  const { owner, db } = await testDatabase();
  t = await makeTenant(owner, db);
  sandbox = await testSandbox(t.clock);
});

const fields: CreateChannelInput = {
  name: "WeChat Pay",
  feeRate: "0.006",
  feeMin: 1n,
  feeMax: null,
  feeBearer: "platform",
  refundsFee: true,
  cycle: { kind: "windows", windowsPerDay: 1, delay: 7, dayCount: "calendar" },
  minAmount: 1n,
  maxAmount: 5_000_000n,
  enabled: true,
  account: { endpoint: "http://127.0.0.1:4010", merchantNo: "m-1", secret: "a secret of the channel" },
};

async function auditText(): Promise<string> {
  const rows = await withTransaction(t.system, ({ tx }) => rawSql(tx)`select data, action from audit_log`);
  return JSON.stringify(rows, (_, v: unknown) => (typeof v === "bigint" ? `${v}` : v));
}

describe("a channel", () => {
  it("is made with its party, and read back whole but for its secret", async () => {
    const { id, number } = await createChannel(t.as("operator"), fields);
    const channel = await getChannel(t.as("support"), { id });
    expect(channel).toMatchObject({
      number,
      name: "WeChat Pay",
      provider: "sandbox",
      enabled: true,
      feeRate: "0.006",
      feeMin: 1n,
      feeMax: null,
      feeBearer: "platform",
      refundsFee: true,
      cycle: fields.cycle,
      minAmount: 1n,
      maxAmount: 5_000_000n,
      account: { endpoint: "http://127.0.0.1:4010", merchantNo: "m-1" },
    });
    const shown = JSON.stringify([channel, await listChannels(t.as("auditor"))], (_, v: unknown) =>
      typeof v === "bigint" ? `${v}` : v,
    );
    expect(shown).not.toMatch(/secret/i);
    expect(await auditText()).toContain("channel.created");
    expect(await auditText()).not.toContain("a secret of the channel");
  });

  it("keeps its secret through a change, and wants it anew for another account", async () => {
    const { id } = await createChannel(t.as("operator"), { ...fields, name: "Alipay" });
    const account = { endpoint: "http://127.0.0.1:4010", merchantNo: "m-1" };
    await updateChannel(t.as("operator"), { ...fields, id, name: "Alipay 2", feeRate: "0.0055", account });
    expect(await getChannel(t.as("operator"), { id })).toMatchObject({ name: "Alipay 2", feeRate: "0.0055" });
    const change = (to: object) =>
      updateChannel(t.as("operator"), { ...fields, id, account: { ...account, ...to } });
    await expect(change({ endpoint: "http://evil.example" })).rejects.toMatchObject({
      code: "INPUT_INVALID",
    });
    await expect(change({ merchantNo: "m-2" })).rejects.toMatchObject({ code: "INPUT_INVALID" });
    await change({ merchantNo: "m-2", secret: "another secret of it" });
    expect(await auditText()).not.toContain("another secret of it");
  });

  it("is not changed over somebody else's change", async () => {
    const { id } = await createChannel(t.as("operator"), { ...fields, name: "Edited twice" });
    const { updatedAt } = await getChannel(t.as("operator"), { id });
    const change = (name: string) =>
      updateChannel(t.as("operator"), { ...fields, id, name, version: updatedAt });
    await change("First");
    await expect(change("Second")).rejects.toMatchObject({ code: "CONFLICT" });
  });

  it("has an http address without credentials, and bounds in order", async () => {
    const bad: Partial<CreateChannelInput>[] = [
      { account: { endpoint: "ftp://x.example", merchantNo: "m", secret: "long enough a secret" } },
      { account: { endpoint: "file:///etc/passwd", merchantNo: "m", secret: "long enough a secret" } },
      { account: { endpoint: "http://a:b@x.example", merchantNo: "m", secret: "long enough a secret" } },
      { account: { endpoint: "http://x.example?q=1", merchantNo: "m", secret: "long enough a secret" } },
      { account: { endpoint: "http://x.example", merchantNo: "m" } },
      { account: { endpoint: "http://x.example", merchantNo: "m", secret: "short" } },
      { feeRate: "1.2" },
      { feeRate: "0.0000001" },
      { feeMin: 2n, feeMax: 1n },
      { minAmount: 2n, maxAmount: 1n },
      { minAmount: 0n },
    ];
    for (const change of bad)
      await expect(
        createChannel(t.as("operator"), { ...fields, ...change }),
        JSON.stringify(change, (_, v: unknown) => `${v}`),
      ).rejects.toThrow();
  });

  it("is configured by operators alone, and seen by the house alone", async () => {
    const distributor = await makeParty(t, "distributor");
    for (const ctx of [t.as("finance"), t.as("support"), t.as("auditor"), t.as("distributor", distributor)])
      await expect(createChannel(ctx, fields)).rejects.toMatchObject({ code: "PERMISSION_DENIED" });
    await expect(listChannels(t.as("distributor", distributor))).rejects.toMatchObject({
      code: "PERMISSION_DENIED",
    });
    const { owner, db } = await testDatabase();
    const other = await makeTenant(owner, db);
    const { id } = await makeChannel(t, { name: "Ours" });
    for (const call of [
      () => getChannel(other.as("operator"), { id }),
      () => setChannelEnabled(other.as("operator"), { id, enabled: false }),
      () => updateChannel(other.as("operator"), { ...fields, id }),
      () => portOf(other.system, id),
    ])
      await expect(call()).rejects.toMatchObject({ code: "NOT_FOUND" });
  });
});

describe("the port of a channel", () => {
  it("opens its account at the service that comes with Kaqing by itself, and pays, tells and refunds", async () => {
    const { id, merchantNo } = await makeChannel(t, { name: "Own service" });
    const port = await portOf(t.system, id);
    const paymentId = newId();
    const now = t.clock.now().getTime();
    const ask = {
      paymentId,
      amount: 9_850n,
      currency: "CNY",
      subject: "Card",
      notifyUrl: notifyUrlOf(t.system, id),
      returnUrl: "http://localhost:3000/",
      expiresAt: new Date(now + 60_000),
    };
    expect(ask.notifyUrl).toMatch(new RegExp(`/api/callbacks/${t.tenant.slug}/${id}$`));
    await port.create(ask);
    const payment = sandbox.bank.find(merchantNo, paymentId);
    sandbox.bank.behave(payment, { loseCallbacks: true });
    sandbox.bank.pay(payment);
    const { state, payments } = await port.query(paymentId);
    expect([state, payments]).toMatchObject(["paid", [{ amount: 9_850n, paidAt: t.clock.now() }]]);
    await setChannelEnabled(t.as("operator"), { id, enabled: false });
    const off = await portOf(t.system, id);
    const transactionId = payments[0]?.transactionId ?? "";
    const refund = { refundId: newId(), paymentId, transactionId, amount: 850n, reason: "r" };
    expect((await off.refund(refund)).state).toBe("succeeded");
    expect(await off.downloadBill("2026-11-18", "wechat")).toContain("`0.59000");
  });

  it("is none for the wallet", async () => {
    const id = await withTransaction(t.system, walletChannel);
    await expect(portOf(t.system, id)).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(updateChannel(t.as("operator"), { ...fields, id })).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
    await expect(setChannelEnabled(t.as("operator"), { id, enabled: false })).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
  });
});

describe("the choice of a channel", () => {
  it("counts what a fee schedule would charge of the next payment", async () => {
    const { owner, db } = await testDatabase();
    const s = await makeTenant(owner, db);
    const flat = await makeChannel(s, { name: "Flat", feeRate: "0.005" });
    const tiered = await makeChannel(s, { name: "Tiered", feeRate: "0.004" });
    await createFeeSchedule(s.as("operator"), {
      name: "Tiered",
      scope: { role: "channel", leg: "fee.channel", currency: "CNY" },
      definition: {
        method: "graduated",
        bands: [
          { from: "0", rate: "0.006" },
          { from: "1000000", rate: "0.001" },
        ],
        appliesTo: { everyone: false, tiers: [], parties: [tiered.id] },
      },
    });
    expect(await tryRoute(s.as("finance"), { amount: 10_000n })).toMatchObject({
      channelId: flat.id,
      considered: [
        { channelId: flat.id, fee: "50", schedule: null },
        { channelId: tiered.id, fee: "60", schedule: "FS-0001" },
      ],
    });
    expect(await tryRoute(s.as("finance"), { amount: 2_000_000n })).toMatchObject({ channelId: tiered.id });
  });

  it("is the cheapest of those that are on, also among candidates, and never the wallet", async () => {
    const { owner, db } = await testDatabase();
    const s = await makeTenant(owner, db);
    await withTransaction(s.system, walletChannel);
    const dear = await makeChannel(s, { name: "Dear", feeRate: "0.01" });
    const cheap = await makeChannel(s, { name: "Cheap", feeRate: "0.0038", feeMin: 10n });
    const choose = (amount: bigint, candidates?: string[]) =>
      withTransaction(s.system, (ctx) => chooseChannel(ctx, { amount, currency: "CNY", candidates }));
    expect((await choose(10_000n)).channelId).toBe(cheap.id);
    expect((await choose(100n)).channelId).toBe(dear.id);
    expect((await choose(10_000n, [dear.id])).channelId).toBe(dear.id);
    await setChannelEnabled(s.as("operator"), { id: cheap.id, enabled: false });
    const { channelId, considered } = await choose(10_000n);
    expect(channelId).toBe(dear.id);
    expect(considered.map((c) => [c.name, c.verdict])).toEqual([
      ["Dear", "chosen"],
      ["Cheap", "off"],
    ]);
    expect(await tryRoute(s.as("finance"), { amount: 10_000n })).toMatchObject({ channelId: dear.id });
    await setChannelEnabled(s.as("operator"), { id: dear.id, enabled: false });
    await expect(choose(10_000n)).rejects.toMatchObject({ code: "CHANNEL_NONE_FITS" });
    expect(await tryRoute(s.as("finance"), { amount: 10_000n })).toMatchObject({ channelId: null });
    expect(await withTransaction(s.system, (ctx) => channelTerms(ctx, cheap.id))).toMatchObject({
      channelId: cheap.id,
      feeRate: "0.0038",
      feeMin: 10n,
      feeBearer: null,
      enabled: false,
    });
  });
});

describe("the wallet channel", () => {
  it("is one, however many ask for it first", async () => {
    const { owner, db } = await testDatabase();
    const s = await makeTenant(owner, db);
    const ids = await Promise.all(
      Array.from({ length: 10 }, () => withTransaction({ ...s.system }, walletChannel)),
    );
    expect(new Set(ids).size).toBe(1);
    expect((await listChannels(s.as("operator"))).items).toMatchObject([
      { id: ids[0], provider: "wallet", enabled: true, feeRate: "0" },
    ]);
  });
});
