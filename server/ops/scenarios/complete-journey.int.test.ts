import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { testDatabase } from "@/server/testing/database";
import { type CompleteJourneyReport, completeJourney } from "./complete-journey";

const quiet = () => {};

/** One line of each kind that the real file has. */
const SMALL = `basket_id,store_id,household_id,product_id,manufacturer_id,brand_type,department,quantity,sales_value,retail_disc,coupon_disc,coupon_match_disc,sold_at
1,319,906,1075313,2326,National,GROCERY,1,1.5,0.29,0,0,2017-01-01 07:30:27
2,427,574,5978656,,,,0,0,0,1,0,2017-01-02 12:20:31
3,427,574,1,69,National,GROCERY,1,4.440892e-16,0,0,0,2017-01-03 12:20:31
4,427,574,2,69,National,GROCERY,1,2.99,0,0.55,0.45,2017-06-03 12:20:31
5,31,574,2,69,National,GROCERY,1,2.99,0,1,0,2017-07-03 12:20:31
6,31,574,2,70,National,GROCERY,1,0.79,0,1,0,2017-08-03 12:20:31
7,31,574,2,,,,1,1.99,0,0,0,2017-09-03 12:20:31
8,31,574,2,70,National,GROCERY,1,5,0,2.5,0,2017-12-31 22:47:38
`;

describe("the Complete Journey scenario", () => {
  it("clears and settles a year, and tells the same the second time", async () => {
    const { db, owner } = await testDatabase();
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "kaqing-journey-"));
    const file = path.join(folder, "sales.csv");
    fs.writeFileSync(file, SMALL);
    const report = await completeJourney({ db, owner, say: quiet }, file);
    const expected: CompleteJourneyReport = {
      lines: 8,
      skipped: 2,
      accepted: 3,
      rejected: [
        { line: 3, codes: ["DISCOUNT_EXCEEDS_ORDER", "FUNDER_UNKNOWN"] },
        { line: 4, codes: ["AMOUNT_INVALID"] },
        { line: 7, codes: ["DISCOUNT_EXCEEDS_ORDER"] },
      ],
      // 0.55 + 1.00 + 2.50 and 3 × 0.08; 1 %: 0.01 (0.0055 half up) + 0.01 + 0.03 (0.025 half up)
      totals: { brand_receivable: 429, merchant_payable: 424, commission_revenue: 5 },
      parties: [
        { external_id: "69", kind: "brand", amount: 171 },
        { external_id: "70", kind: "brand", amount: 258 },
        { external_id: "31", kind: "merchant", amount: 362 },
        { external_id: "427", kind: "merchant", amount: 62 },
      ],
      statements: { count: 4, total: -5 },
    };
    expect(report).toEqual(expected);
    expect(await completeJourney({ db, owner, say: quiet }, file)).toEqual(expected);

    fs.rmSync(folder, { recursive: true });
  });
});
