import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { beforeAll, expect, test } from "vitest";
import { newId } from "@/server/core/ids";
import { withTransaction } from "@/server/core/transaction";
import { testDatabase } from "@/server/testing/database";
import { TestClock } from "@/server/testing/factories";
import { releaseKeys, reserveKeys, takeKeys } from ".";
import { makeStore, type Store } from "./cards.fixture";
import type { CardRaceTask } from "./test-race-process";

const SCRIPT = fileURLToPath(new URL("./test-race-process.ts", import.meta.url));
const run = promisify(execFile);

let store: Store;
let url: string;
beforeAll(async () => {
  ({ url } = await testDatabase());
  // Other processes live by the real time.
  store = await makeStore(new TestClock(new Date()));
});

async function race(
  productId: string,
  tasks: CardRaceTask["buyers"][],
): Promise<Map<string, string[] | string>> {
  const outcomes = await Promise.all(
    tasks.map((buyers) => {
      const task: CardRaceTask = { url, tenantId: store.t.tenant.id, productId, buyers };
      return run(process.execPath, ["--import", "tsx", SCRIPT, JSON.stringify(task)], { maxBuffer: 1 << 26 });
    }),
  );
  return new Map(
    outcomes.flatMap(({ stdout }) => Object.entries(JSON.parse(stdout) as Record<string, string[] | string>)),
  );
}

const PROCESSES = 4;
const BUYERS = 16;

test("64 buyers in 4 processes: each key goes to one line, none is lost", { timeout: 180_000 }, async () => {
  const KEYS = 10_000;
  const EACH = 8;
  const productId = await store.product();
  await store.fill(productId, KEYS);
  // 64 buyers × 20 purchases × 8 keys = 10,240: a little more than there are
  const line = () => ({ lineId: newId(), quantity: EACH });
  const tasks = Array.from({ length: PROCESSES }, () =>
    Array.from({ length: BUYERS }, () => Array.from({ length: 20 }, line)),
  );
  const got = await race(productId, tasks);
  const served = [...got.values()].flatMap((one) => (Array.isArray(one) ? [one] : []));
  expect(served.every((keys) => keys.length === EACH)).toBe(true);
  expect([...got.values()].every((one) => Array.isArray(one) || one === "OUT_OF_STOCK")).toBe(true);
  const keys = served.flat();
  expect(new Set(keys).size).toBe(keys.length);
  const left = KEYS - keys.length;
  // Whoever asked while the last ones were held by others was refused; nobody holds any now.
  expect(left).toBeLessThan(PROCESSES * BUYERS * EACH);
  expect(await store.states(productId)).toEqual({
    delivered: keys.length,
    ...(left > 0 && { available: left }),
  });
});

test("more is asked for than there is: whoever is refused holds nothing, whoever is served has all", {
  timeout: 180_000,
}, async () => {
  const productId = await store.product();
  await store.fill(productId, 100);
  const tasks = Array.from({ length: PROCESSES }, () =>
    Array.from({ length: BUYERS }, () => [{ lineId: newId(), quantity: 3 }]),
  );
  const got = await race(productId, tasks);
  const served = [...got.values()].filter((one) => Array.isArray(one));
  const refused = [...got.values()].filter((one) => one === "OUT_OF_STOCK");
  expect(served.length + refused.length).toBe(PROCESSES * BUYERS);
  expect(new Set(served.flat()).size).toBe(served.length * 3);
  const states = await store.states(productId);
  expect(states.delivered).toBe(served.length * 3);
  expect((states.available ?? 0) + (states.delivered ?? 0)).toBe(100);
});

test("giving back and taking at once: a line's keys go one way", async () => {
  const productId = await store.product();
  await store.fill(productId, 20);
  for (let round = 0; round < 20; round++) {
    const [lineId = ""] = await store.order([{ productId, quantity: 1 }]);
    await withTransaction(store.t.system, (ctx) => reserveKeys(ctx, [{ lineId, productId, quantity: 1 }]));
    const [released, taken] = await Promise.all([
      withTransaction(store.t.system, (ctx) => releaseKeys(ctx, [lineId])),
      withTransaction(store.t.system, (ctx) => takeKeys(ctx, [lineId])),
    ]);
    expect(released + taken.length).toBe(1);
  }
  const states = await store.states(productId);
  expect((states.available ?? 0) + (states.delivered ?? 0)).toBe(20);
});
