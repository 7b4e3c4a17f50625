import { connect } from "@/db/client";
import { systemCtx } from "@/server/domain/parties";
import { closeBooks, stateRun } from "@/server/domain/settlement";
import { type Benchmark, rounded, seconds } from "./support/bench";
import { makeBooks } from "./support/books";

const GOAL = 2;
const PARTIES = 1_000;
const BRANDS = 50;
const ROUNDS = 3;

/** Closing and stating a day of a million due transfers, beside one bare INSERT … SELECT … GROUP BY over them. */
const settle: Benchmark = async (setting) => {
  const trades = Math.max(10_000, Math.round(250_000 * setting.scale));
  const to = new Date("2026-11-21T00:00:00+08:00");
  const books = await makeBooks(
    setting,
    { trades, days: 1, merchants: PARTIES - BRANDS, brands: BRANDS, campaigns: 100 },
    to,
  );
  const app = connect(setting.url, { max: 4 });
  const { owner, tenant } = books;
  try {
    const floor = await floorSeconds(owner.sql, tenant.id, to);
    const ctx = systemCtx(app, tenant, "bench", { now: () => new Date(to.getTime() + 3_600_000) });
    await owner.sql.unsafe("checkpoint");
    const began = process.hrtime.bigint();
    const { runId } = await closeBooks(ctx, { through: to });
    const closed = seconds(began);
    const { statements } = await stateRun(ctx, runId);
    const value = seconds(began);
    const [stated] = await owner.sql<{ transfers: bigint }[]>`
      select sum(count)::bigint as transfers from statement_lines where tenant_id = ${tenant.id}`;
    const ratio = value / floor;
    return [
      {
        name: "settle",
        value: rounded(value, 3),
        unit: "s",
        floor: rounded(floor, 3),
        ratio: rounded(ratio),
        goal: `≤ ${GOAL} × the floor`,
        met: ratio <= GOAL,
        note:
          `${(trades * 4).toLocaleString("en")} due transfers (${(stated?.transfers ?? 0n).toLocaleString("en")} sides) of ` +
          `${statements.toLocaleString("en")} accounts; postings were held back for ${rounded(closed * 1000)} ms; floor: one INSERT … SELECT … ` +
          `GROUP BY account and leg over the same sides, the best of ${ROUNDS}`,
      },
    ];
  } finally {
    await app.close();
    await books.close();
  }
};

/** The least that sums the same sides into a table. */
async function floorSeconds(
  sql: ReturnType<typeof connect>["sql"],
  tenantId: string,
  to: Date,
): Promise<number> {
  await sql.unsafe(
    "create table floor (account_id uuid, leg text, transfers bigint, amount bigint, primary key (account_id, leg))",
  );
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    await sql.unsafe("truncate floor");
    const began = process.hrtime.bigint();
    await sql`
      insert into floor
      select account_id, leg, sum(transfers), sum(amount) from (
        select credit_account_id as account_id, leg, count(*) as transfers, sum(amount) as amount from transfers
        where tenant_id = ${tenantId} and credit_due_at <= ${to.toISOString()}::timestamptz group by 1, 2
        union all
        select debit_account_id, leg, count(*), -sum(amount) from transfers
        where tenant_id = ${tenantId} and debit_due_at <= ${to.toISOString()}::timestamptz group by 1, 2) sides
      group by account_id, leg`;
    best = Math.min(best, seconds(began));
  }
  return best;
}

export default settle;
