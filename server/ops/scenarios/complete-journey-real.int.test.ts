import fs from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { testDatabase } from "@/server/testing/database";
import { completeJourney } from "./complete-journey";

const REAL = path.resolve("../shared/data/complete-journey/sales.csv");

it.skipIf(!fs.existsSync(REAL))(
  "the real sales of 2017 come to the control figures, once and again",
  async () => {
    const { db, owner } = await testDatabase();
    const setting = { db, owner, say: () => {} };
    const report = await completeJourney(setting, REAL);
    expect(report).toMatchObject({
      lines: 75_000,
      skipped: 73_864,
      accepted: 966,
      totals: { brand_receivable: 107_339, merchant_payable: 106_218, commission_revenue: 1_121 },
      statements: { count: report.parties.length, total: -1_121 },
    });
    // 1,135 lines with a coupon, and one that cannot be read
    expect(report.accepted + report.rejected.length).toBe(1_135 + 1);
    expect(report.rejected.find(({ line }) => line === 17_812)?.codes).toEqual(["AMOUNT_INVALID"]);
    expect(report.rejected.find(({ line }) => line === 221)?.codes).toEqual([
      "DISCOUNT_EXCEEDS_ORDER",
      "FUNDER_UNKNOWN",
    ]);
    const sum = (kind: string) =>
      report.parties.reduce((total, party) => total + (party.kind === kind ? party.amount : 0), 0);
    expect(sum("brand")).toBe(107_339);
    expect(sum("merchant")).toBe(106_218);
    expect(await completeJourney(setting, REAL)).toEqual(report);
  },
  60_000,
);
