import { describe, expect, it } from "vitest";
import { testDatabase } from "../database";
import { simulate } from "./simulate";

const replayed = process.env.KAQING_SIMULATION_SEED;
const SEEDS = replayed ? [Number(replayed)] : [1, 20261121, 4_000_000_007, Date.now() % 2 ** 32];
const STEPS = Number(process.env.KAQING_SIMULATION_STEPS ?? 80);

describe("simulation", () => {
  for (const seed of SEEDS) {
    it(`keeps every invariant through ${STEPS} steps of random life, seed ${seed}`, {
      timeout: 180_000,
    }, async () => {
      const { owner, db } = await testDatabase();
      const report = await simulate({ owner, db, seed, steps: STEPS });
      expect(report.redemptions).toBeGreaterThan(0);
    });
  }
});
