import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll } from "vitest";
import { type Sandbox, startSandbox } from "@/server/channels/sandbox/service";
import type { Clock } from "@/server/core/context";
import { createChannel } from "@/server/domain/payments";
import type { CreateChannelInput } from "@/server/domain/payments/schemas";
import type { TestTenant } from "./factories";

const TOKEN = "token-of-the-test-sandbox";

/**
 * The payment service, over real HTTP on a free port, by the test's clock: what channels without an account of their
 * own speak to. Its `bank` pays without a browser: `sandbox.bank.pay(sandbox.bank.find(merchantNo, paymentId))`.
 */
export async function testSandbox(clock: Clock): Promise<Sandbox> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "kaqing-sandbox-"));
  const sandbox = await startSandbox({ folder, token: TOKEN, host: "127.0.0.1", clock });
  process.env.KAQING_SANDBOX_ENDPOINT = sandbox.endpoint;
  process.env.KAQING_SANDBOX_TOKEN = TOKEN;
  afterAll(async () => {
    await sandbox.stop();
    fs.rmSync(folder, { recursive: true, force: true });
  });
  return sandbox;
}

/** A channel at the test's sandbox, switched on; 0.6 % unless said otherwise. */
export async function makeChannel(
  t: TestTenant,
  options: Partial<CreateChannelInput> = {},
): Promise<{ id: string; number: string; merchantNo: string }> {
  const made = await createChannel(t.as("operator"), {
    name: "Sandbox pay",
    feeRate: "0.006",
    feeMin: null,
    feeMax: null,
    feeBearer: null,
    refundsFee: false,
    cycle: { kind: "windows", windowsPerDay: 1, delay: 1, dayCount: "calendar" },
    minAmount: null,
    maxAmount: null,
    enabled: true,
    account: null,
    ...options,
  });
  return { ...made, merchantNo: `kq-${made.id}` };
}
