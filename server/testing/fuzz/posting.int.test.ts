import { describe, expect, it } from "vitest";
import { factsOfSample, sampleOf } from "@/components/rule-editor/sample";
import { rawSql, SNAPSHOT } from "@/db/client";
import { withTransaction } from "@/server/core/transaction";
import {
  type Cleared,
  explainTrade,
  type SplitRuleDefinition,
  type TradeTrace,
  trueUpFees,
} from "@/server/domain/clearing";
import { rollUp } from "@/server/domain/reports";
import { checkInvariants } from "@/server/ops/invariants/checks";
import { askOracle } from "@/server/ops/oracle/oracle";
import { testDatabase } from "../database";
import { CURRENCY, FUZZ_SEED } from "./arbitraries";
import { FuzzWorld } from "./world";

/**
 * Random rules and fee schedules on real books: what was posted is what the oracle, the explanation and the editor's
 * sample say. The same seed makes the same world: KAQING_FUZZ_SEED=…
 */
const BATCHES = Number(process.env.KAQING_FUZZ_BATCHES ?? 12);
/** They are about the vouchers, card-keys and orders of trades, of which this world has none. */
const LEFT_OUT = ["2d", "6a", "6b", "6c", "6d", "6e", "6f", "6g", "7", "7b"];

async function audit(world: FuzzWorld, when: string): Promise<number> {
  const { owner } = await testDatabase();
  const { id } = world.t.tenant;
  const answer = await owner.orm.transaction((tx) => askOracle(rawSql(tx), id), SNAPSHOT);
  expect(answer.offenders, when).toEqual([]);
  await rollUp(world.t.system);
  const broken = (await checkInvariants(owner, id)).filter((one) => !LEFT_OUT.includes(one.id) && !one.ok);
  expect(broken, when).toEqual([]);
  return answer.transfers;
}

/** The editor's sample of the same rule and amounts, where it can know all that the trade knew. */
function sampled(
  { trade, fees }: Cleared,
  trace: TradeTrace,
  definition: SplitRuleDefinition,
): string[] | null {
  const terms = trade.card?.terms;
  const own =
    terms?.rates || terms?.feeBearer || terms?.feeMin || terms?.feeMax || terms?.supplierTerms === "prepaid";
  // a unit that is left over goes by the parties' ids, which a sample has not got
  const units = [...trace.legs, ...trace.funding].some(({ remainderUnits }) => remainderUnits !== "0");
  if (own || units || fees.length > 0 || !["none", "rule"].includes(trace.fundingSource)) return null;
  if (trade.kind === "card_sale" && (terms?.uplines.length ?? 0) < 2) return null;
  const input = {
    kind: trade.kind as "redemption",
    gross: trade.card ? trade.paid - BigInt(terms?.markup ?? 0) : trade.gross,
    discount: trade.discount,
    storedValue: trade.gross - trade.discount - trade.paid,
    cost: BigInt(terms?.cost ?? 0),
    markup: BigInt(terms?.markup ?? 0),
    funder: "rule" as const,
    collectedBy: trade.collectedBy,
    channelRate: trade.channelFeeRate ?? null,
  };
  // a face that is not the price is nothing a sample is asked about
  if (terms && factsOfSample(input, CURRENCY, {}, false).face !== BigInt(terms.face)) return null;
  const sample = sampleOf(definition, input, CURRENCY, {});
  if (!sample.ok) return [sample.code];
  return sample.trace.legs.flatMap(({ code, amount, note }) => (note ? [] : [`${code} ${amount}`]));
}

describe(`random postings (KAQING_FUZZ_SEED=${FUZZ_SEED})`, () => {
  it("agree with the oracle, the invariants, their explanation and the editor's sample", {
    timeout: 120_000,
  }, async () => {
    const { owner, db } = await testDatabase();
    const world = await FuzzWorld.open(owner, db, FUZZ_SEED);
    const { t } = world;
    for (let batch = 0; batch < BATCHES; batch++) {
      t.clock.advance({ hours: 9, minutes: 7 });
      // by several servers at once, in whatever order
      if (batch % 4 === 3) await Promise.all([world.post(8), world.post(8), world.post(8)]);
      else await world.post(24);
      await world.refund(6);
      if (batch === Math.floor(BATCHES / 3)) await world.change("2026-12");
      if (batch % 5 === 4) await trueUpFees(t.system);
    }
    await audit(world, "while December runs");
    t.clock.set("2027-01-02T00:00:00.000Z");
    await trueUpFees(t.system);
    await audit(world, "once the months are over");
    await world.refund(20); // what opens months that are over
    await trueUpFees(t.system);
    expect(await trueUpFees(t.system)).toBe(0);
    const transfers = await audit(world, "once they are over again");

    expect(world.posted.length).toBeGreaterThan(BATCHES * 8);
    expect(world.reversals).toBeGreaterThan(BATCHES);
    expect(transfers).toBeGreaterThan(world.posted.length / 2);

    const operator = t.as("operator");
    const rows = await withTransaction(
      t.system,
      ({ tx }) => rawSql(tx)<{ id: string; definition: SplitRuleDefinition }[]>`
      select id, definition from split_rule_versions where tenant_id = ${t.tenant.id}`,
    );
    const definitions = new Map(rows.map(({ id, definition }) => [id, definition]));
    let samples = 0;
    for (const cleared of world.posted) {
      const { trade, agrees, trace, transfers } = await explainTrade(operator, cleared.trade.id);
      expect({ id: trade.id, agrees }).toEqual({ id: trade.id, agrees: true });
      const definition = definitions.get(cleared.trade.ruleVersionId ?? "");
      const sample = definition && trace ? sampled(cleared, trace, definition) : null;
      if (!sample) continue;
      samples += 1;
      expect(sample.sort()).toEqual(transfers.map(({ leg, amount }) => `${leg} ${amount}`).sort());
    }
    expect(samples).toBeGreaterThan(0);
  });
});
