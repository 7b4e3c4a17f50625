import { beforeAll, describe, expect, it } from "vitest";
import { type Market, makeMarket } from "@/server/domain/orders/orders.fixture";
import { testDatabase } from "../database";
import { simulateCards } from "./cards";

const replayed = process.env.KAQING_SIMULATION_SEED;
const SEEDS = replayed ? [Number(replayed)] : [1, 20261122, Date.now() % 2 ** 32];
const STEPS = Number(process.env.KAQING_SIMULATION_STEPS ?? 60);

describe.each(SEEDS)("simulation of card-keys, seed %i", (seed) => {
  let market: Market;
  beforeAll(async () => {
    market = await makeMarket({ keys: 12 });
  });
  it(`keeps every invariant through ${STEPS} steps of random life`, { timeout: 180_000 }, async () => {
    const { owner } = await testDatabase();
    const report = await simulateCards(market, owner, seed, STEPS);
    expect(report.orders).toBeGreaterThan(0);
    expect(report.delivered).toBeGreaterThan(0);
  });
});
