import { connect } from "@/db/client";
import type { Ctx } from "@/server/core/context";
import { newId } from "@/server/core/ids";
import type { Role } from "@/server/core/permissions";
import { systemCtx } from "@/server/domain/parties";
import { houseOverview, partyOverview, rebuildRollups, rollUp } from "@/server/domain/reports";
import { closeBooks, stateRun } from "@/server/domain/settlement";
import { type Benchmark, type BenchSetting, type Measurement, quantile, rounded } from "./support/bench";
import { type Books, makeBooks } from "./support/books";

const LEGS = 5;
const SIZES = [100_000, 1_000_000, 10_000_000];
const GOAL_MS = 50;
const GOAL_GROWTH = 1.5;
// Enough that a 95th percentile is no chance of three calls.
const CALLS = 400;
const WARM_UP = 10;
const SHAPE = { days: 90, merchants: 500, brands: 8, campaigns: 24 };
/** Trades that no roll-up has taken in yet: some five seconds of a busy house. */
const TAIL = 500;
const TO = new Date("2026-11-21T00:00:00+08:00");
const NOW = new Date(TO.getTime() + 10 * 3_600_000);
const MONTH = { from: "2026-10-23", to: "2026-11-21" };

/** Every overview over a month of days, with books of three sizes behind it: what it costs must not grow with them. */
const dashboard: Benchmark = async (setting) => {
  const p95s = new Map<string, number[]>();
  for (const transfers of SIZES) {
    const size = Math.max(5_000, Math.round((transfers / LEGS) * setting.scale));
    setting.say(`Books of ${(size * LEGS).toLocaleString("en")} transfers …`);
    for (const [name, ms] of await measure(setting, size)) p95s.set(name, [...(p95s.get(name) ?? []), ms]);
  }
  return [...p95s].map(([name, values]): Measurement => {
    const [smallest = 0] = values;
    const largest = values.at(-1) ?? 0;
    const growth = largest / smallest;
    return {
      name: `dashboard ${name}`,
      value: rounded(largest),
      unit: "ms p95",
      floor: rounded(smallest),
      ratio: rounded(growth),
      goal: `< ${GOAL_MS} ms, growth ≤ ${GOAL_GROWTH}`,
      met: largest < GOAL_MS && growth <= GOAL_GROWTH,
      note: `p95 at ${SIZES.map((n) => (n * setting.scale).toLocaleString("en")).join(", ")} transfers: ${values.map((v) => rounded(v)).join(", ")} ms`,
    };
  });
};

async function measure(setting: BenchSetting, trades: number): Promise<Map<string, number>> {
  const books = await makeBooks(setting, { ...SHAPE, trades }, TO);
  const app = connect(setting.url, { max: 4 });
  try {
    const ctx = systemCtx(app, books.tenant, "bench", { now: () => NOW });
    setting.say("Roll-ups and statements …");
    await rebuildRollups(ctx);
    for (let day = 6; day <= SHAPE.days; day += 6) {
      const through = new Date(books.from.getTime() + day * 86_400_000);
      const { runId } = await closeBooks(ctx, { through });
      await stateRun(ctx, runId);
    }
    await addTail(books);
    await rollUp(ctx);
    await addTail(books);
    await books.owner.sql.unsafe("vacuum (analyze)");
    return await callAll(ctx, books);
  } finally {
    await app.close();
    await books.close();
  }
}

async function callAll(ctx: Ctx, books: Books): Promise<Map<string, number>> {
  const as = (role: Role, partyId: string): Ctx => ({
    ...ctx,
    actor: {
      kind: "user",
      userId: newId(),
      sessionId: newId(),
      role,
      partyId,
      partyKind: role === "merchant" || role === "brand" ? role : "platform",
      name: role,
    },
  });
  const calls: Record<string, (n: number) => Promise<unknown>> = {
    operator: () => houseOverview(as("operator", books.tenant.platformPartyId), MONTH),
    merchant: (n) => partyOverview(as("merchant", books.merchantId(n % SHAPE.merchants)), MONTH),
    brand: (n) => partyOverview(as("brand", books.brandId(n % SHAPE.brands)), MONTH),
  };
  const results = new Map<string, number>();
  for (const [name, call] of Object.entries(calls)) {
    for (let n = 0; n < WARM_UP; n++) await call(n);
    const times: number[] = [];
    for (let n = 0; n < CALLS; n++) {
      const began = performance.now();
      await call(n * 7);
      times.push(performance.now() - began);
    }
    results.set(
      name,
      quantile(
        times.sort((a, b) => a - b),
        0.95,
      ),
    );
  }
  return results;
}

/** Copies trades of the last days as new ones of today. */
async function addTail({ owner, tenant }: Books): Promise<void> {
  await owner.sql`
    with old as (
      select d.*, gen_random_uuid() as new_id from trades d where d.tenant_id = ${tenant.id} order by d.traded_at desc limit ${TAIL}),
    posted as (
      insert into trades (tenant_id, id, kind, traded_at, posted_at, currency, gross, discount, paid, merchant_id, brand_id, campaign_id,
        channel_id, collected_by, channel_fee_rate)
      select tenant_id, new_id, kind, ${NOW.toISOString()}::timestamptz, ${NOW.toISOString()}::timestamptz, currency, gross, discount, paid,
        merchant_id, brand_id, campaign_id, channel_id, collected_by, channel_fee_rate from old returning id)
    insert into transfers (tenant_id, id, trade_id, leg, debit_account_id, credit_account_id, amount, currency, party_id, traded_at,
      posted_at, debit_due_at, credit_due_at)
    select t.tenant_id, gen_random_uuid(), o.new_id, t.leg, t.debit_account_id, t.credit_account_id, t.amount, t.currency, t.party_id,
      ${NOW.toISOString()}::timestamptz, ${NOW.toISOString()}::timestamptz,
      case when t.debit_due_at is not null then ${TO.toISOString()}::timestamptz + interval '1 day' end,
      case when t.credit_due_at is not null then ${TO.toISOString()}::timestamptz + interval '1 day' end
    from old o join transfers t on t.tenant_id = o.tenant_id and t.trade_id = o.id join posted p on p.id = o.new_id`;
}

export default dashboard;
