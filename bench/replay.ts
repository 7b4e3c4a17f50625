import { connect, inTenant, rawSql } from "@/db/client";
import { jobRuns } from "@/db/schema";
import type { Ctx } from "@/server/core/context";
import { getReplay, redemptionRule, saveRuleDraft, startReplay } from "@/server/domain/clearing";
import { draftOfDefinition } from "@/server/domain/clearing/draft";
import type { SplitRuleDefinition } from "@/server/domain/clearing/schemas";
import { systemCtx } from "@/server/domain/parties";
import { replay } from "@/server/jobs/handlers/replay";
import { runJob } from "@/server/jobs/run-job";
import { type Benchmark, rounded, seconds } from "./support/bench";
import { makeWorld, type World } from "./support/world";

const GOAL_SECONDS = 30;
const TRADES = 1_000_000;
const MERCHANTS = 2_000;
const FROM = new Date("2026-10-01T00:00:00+08:00");
const DAYS = 31;
const PIECE = 100_000;

/** A commission of 1.8 % instead of 2 % over a million redemptions, each of which it changes; beside reading their rows. */
const replaying: Benchmark = async (setting) => {
  const trades = Math.max(10_000, Math.round(TRADES * setting.scale));
  const world = await makeWorld(setting, { vouchers: 0, merchants: MERCHANTS });
  const app = connect(setting.url, { max: 4 });
  try {
    await fill(world, trades, setting.say);
    const now = () => new Date(FROM.getTime() + (DAYS + 1) * 86_400_000);
    const ctx = systemCtx(app, world.tenant, "bench", { now });
    const id = await startDraft(ctx, world);
    const floor = await floorSeconds(ctx);
    const [run] = await inTenant(app, world.tenant.id, (tx) => tx.select().from(jobRuns));
    let reports = 0;
    const cpu = process.cpuUsage();
    const began = process.hrtime.bigint();
    await runJob(ctx, run?.id ?? "", {
      replay: (job) =>
        replay({
          ...job,
          checkpoint: async (progress, state, total) => {
            reports++;
            setting.say(`${progress.toLocaleString("en")} of ${(total ?? 0).toLocaleString("en")} replayed`);
            await job.checkpoint(progress, state, total);
          },
        }),
    });
    const value = seconds(began);
    const { user, system } = process.cpuUsage(cpu);
    const result = await getReplay(ctx, { id });
    if (result.state !== "done" || result.trades !== trades || result.changed !== trades)
      throw new Error(`replayed ${result.trades}, changed ${result.changed}: ${result.state}`);
    const perMillion = (value * TRADES) / trades;
    return [
      {
        name: "replay",
        value: rounded(value),
        unit: "s",
        floor: rounded(floor),
        ratio: rounded(value / floor),
        goal: `< ${GOAL_SECONDS} s a million`,
        met: perMillion < GOAL_SECONDS,
        note:
          `${trades.toLocaleString("en")} trades of ${MERCHANTS.toLocaleString("en")} merchants, all of them changed, ` +
          `progress told ${reports} times; ${rounded((user + system) / 1e6)} s of it this process computed; a million would take ${rounded(perMillion)} s; floor: reading the same rows ` +
          "by one cursor",
      },
    ];
  } finally {
    await app.close();
    await world.close();
  }
};

/** Redemptions of the worked example's kind, of all amounts from 50.00 to 250.00; their transfers no replay reads. */
async function fill(
  { owner, tenant, brandId, channelId, campaignId }: World,
  trades: number,
  say: (text: string) => void,
) {
  for (let first = 0; first < trades; first += PIECE) {
    const last = Math.min(trades, first + PIECE) - 1;
    await owner.sql`
      insert into trades (tenant_id, id, kind, traded_at, posted_at, currency, gross, discount, paid, merchant_id, brand_id, campaign_id,
        channel_id, collected_by, rule_version_id, channel_fee_rate)
      select ${tenant.id}::uuid, ('019a0000-0010-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 'redemption', at, at, 'CNY',
        gross, 2000, gross - 2000, ('019a0000-0001-7000-8000-' || lpad(to_hex((n * 7919) % ${MERCHANTS}), 12, '0'))::uuid,
        ${brandId}::uuid, ${campaignId}::uuid, ${channelId}::uuid, 'platform', v.id, '0.006'
      from generate_series(${first}::bigint, ${last}::bigint) n
      cross join lateral (select 5000 + (n * 104729) % 20000 as gross,
        ${FROM.toISOString()}::timestamptz + n * (interval '1 day' * ${DAYS}::int / ${trades}::int) as at) s
      join split_rule_versions v on v.tenant_id = ${tenant.id}`;
    say(`${(last + 1).toLocaleString("en")} of ${trades.toLocaleString("en")} trades posted`);
  }
  await owner.sql.unsafe("vacuum (analyze) trades");
}

async function startDraft(ctx: Ctx, { owner, tenant }: World): Promise<string> {
  const [rule] = await owner.sql<{ id: string }[]>`select id from split_rules where tenant_id = ${tenant.id}`;
  const subjectId = rule?.id ?? "";
  await saveRuleDraft(ctx, {
    ruleId: subjectId,
    name: "Worked example",
    scope: { tradeKind: "redemption" },
    priority: 0,
    definition: draftOfDefinition(redemptionRule({ commissionRate: "0.018" }) as SplitRuleDefinition),
    effectiveFrom: null,
    checked: { from: "100", to: "10000000", share: "1" },
    note: "",
  });
  return startReplay(ctx, { subject: "rule", subjectId, from: "2026-10-01", to: "2026-10-31" });
}

async function floorSeconds(ctx: Ctx): Promise<number> {
  const began = process.hrtime.bigint();
  let read = 0;
  await inTenant(ctx.db, ctx.tenant.id, async (tx) => {
    const rows = rawSql(tx)`
      select id, kind, traded_at, currency, gross, discount, paid, collected_by, merchant_id, brand_id, campaign_id,
        channel_id, product_id, supplier_id, distributor_id, order_id, terms, rule_version_id, channel_fee_rate, funding, fees
      from trades where tenant_id = ${ctx.tenant.id} order by traded_at, id`;
    for await (const page of rows.cursor(5_000)) read += page.length;
  });
  if (read === 0) throw new Error("nothing was read");
  return seconds(began);
}

export default replaying;
