import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileSchedule, exactFee } from "@/server/domain/clearing/fees/schedule";
import {
  type FeeScheduleDefinition,
  feeDefinitionOf,
  feeDraftProblems,
} from "@/server/domain/clearing/fees/schemas";
import { curveOf } from "./curve";
import { feeSampleOf, usualFeeSample } from "./sample";
import {
  changeBand,
  changeRole,
  docOf,
  draftOf,
  type FeeDoc,
  inputOf,
  newFeeDoc,
  PRESETS,
  preset,
  removeBand,
  splitBand,
} from "./state";

const doc = (): FeeDoc => newFeeDoc("CNY");
const bandsOf = ({ bands }: FeeDoc) => bands.map(({ from, rate }) => [from, rate]);
const keyAt = ({ bands }: FeeDoc, i: number) => bands[i]?.key ?? "";
const whole = (of: FeeDoc): FeeScheduleDefinition => {
  const definition = feeDefinitionOf(draftOf(of), of.scope);
  if (!definition) throw new Error(JSON.stringify(feeDraftProblems(draftOf(of), of.scope)));
  return definition;
};
const graduated = preset(doc(), "graduated");

describe("a fee schedule in the editor", () => {
  it("comes out of the rows as it went in", () => {
    const definition: FeeScheduleDefinition = {
      method: "volume",
      bands: [
        { from: "0", rate: "0.006" },
        { from: "100", rate: "0.005" },
      ],
      min: "50",
      max: "1000",
      rounding: "down",
      bearer: "merchant",
      appliesTo: { everyone: false, tiers: [], parties: ["019c0000-0000-7000-8000-000000000001"] },
    };
    const scope = { role: "channel", leg: "fee.channel", currency: "CNY" } as const;
    const opened = docOf(definition, { name: "x", scope, effectiveFrom: null, note: "" });
    expect(whole(opened)).toEqual(definition);
  });

  it("has a part of each trade for merchants, and none for channels", () => {
    const typed: FeeDoc = { ...preset(doc(), "flat"), fixed: "10", min: "50", max: "1000" };
    expect(whole(typed)).toMatchObject({ fixed: "10", min: "50", max: "1000" });
    expect(Object.keys(whole(changeRole(typed, "channel")))).toEqual(["method", "bands", "appliesTo"]);
  });

  it("begins with one band that lacks its rate alone", () => {
    expect(feeDraftProblems(draftOf(doc()), { role: "merchant" })).toEqual([
      { code: "VALUE_MISSING", path: ["bands", 0, "rate"] },
    ]);
  });

  it("says of an amount that nobody can read that it is none", () => {
    expect(feeDraftProblems(draftOf({ ...graduated, min: "" }), { role: "merchant" })).toMatchObject([
      { path: ["min"] },
    ]);
  });

  it("keeps its bands while one rate for all is tried", () => {
    const flat: FeeDoc = { ...graduated, method: "flat" };
    expect(whole(flat).bands).toEqual([{ from: "0", rate: "0.003" }]);
    expect(whole({ ...flat, method: "graduated" })).toEqual(whole(graduated));
  });

  it("forgets tiers and parties of another role", () => {
    const named = { ...doc(), appliesTo: { everyone: true, tiers: ["gold"], parties: ["x"] } };
    expect(changeRole(named, "distributor")).toMatchObject({
      scope: { role: "distributor", leg: "card.commission" },
      appliesTo: { everyone: true, tiers: [], parties: [] },
    });
  });

  it("is saved in the usual currency while another one is typed", () => {
    expect(inputOf({ ...doc(), scope: { ...doc().scope, currency: "U" } }, "CNY").scope.currency).toBe("CNY");
  });
});

describe("bands", () => {
  it("are split half-way, the last at twice its beginning, by the same rate", () => {
    const { doc: middle } = splitBand(graduated, keyAt(graduated, 1));
    expect(bandsOf(middle)[2]).toEqual(["30000000", "0.002"]);
    const { doc: last } = splitBand(graduated, keyAt(graduated, 2));
    expect(bandsOf(last)[3]).toEqual(["100000000", "0.0005"]);
    const fresh = doc();
    expect(bandsOf(splitBand(fresh, keyAt(fresh, 0)).doc)).toEqual([
      ["0", null],
      ["10000000", null],
    ]);
  });

  it("are not split where nothing lies between two edges", () => {
    const tight = changeBand(graduated, keyAt(graduated, 1), { from: "1" });
    expect(splitBand(tight, keyAt(tight, 0)).key).toBeNull();
  });

  it("merge when one is removed, and begin at zero still", () => {
    expect(bandsOf(removeBand(graduated, keyAt(graduated, 1)))).toEqual([
      ["0", "0.003"],
      ["50000000", "0.0005"],
    ]);
    expect(bandsOf(removeBand(graduated, keyAt(graduated, 0)))[0]).toEqual(["0", "0.002"]);
    const one = preset(doc(), "flat");
    expect(removeBand(one, keyAt(one, 0))).toBe(one);
  });

  it("have no gaps and no overlaps after any splits and removals, and a split changes no fee", () => {
    const actions = fc.array(fc.tuple(fc.boolean(), fc.nat(9)), { maxLength: 20 });
    fc.assert(
      fc.property(actions, fc.bigInt({ min: 0n, max: 200_000_000n }), (done, volume) => {
        let now = graduated;
        for (const [split, place] of done) {
          const key = keyAt(now, place % now.bands.length);
          const before = exactFee(compileSchedule(whole(now)), volume);
          now = split ? splitBand(now, key).doc : removeBand(now, key);
          expect(feeDraftProblems(draftOf(now), now.scope)).toEqual([]);
          if (split) expect(exactFee(compileSchedule(whole(now)), volume)).toBe(before);
        }
      }),
    );
  });
});

describe("presets", () => {
  it.each(PRESETS)("make a schedule without problems: %s", (which) => {
    expect(feeDraftProblems(draftOf(preset(doc(), which)), { role: "merchant" })).toEqual([]);
  });

  it("build on what is there", () => {
    const typed = changeBand(doc(), "", {});
    const first = changeBand(typed, keyAt(typed, 0), { rate: "0.0038" });
    expect(bandsOf(preset(first, "off"))).toEqual([
      ["0", "0.0038"],
      ["10000000", "0.0028"],
    ]);
    expect(bandsOf(preset(preset(first, "off"), "above"))).toEqual([
      ["0", "0.0038"],
      ["10000000", "0.0028"],
      ["50000000", "0.0005"],
    ]);
    const small = changeBand(first, keyAt(first, 0), { rate: "0.0005" });
    expect(bandsOf(preset(small, "off"))[1]).toEqual(["10000000", "0"]);
  });
});

describe("the sample", () => {
  it("charges a trade over an edge by slice: 12.50", () => {
    const plan = compileSchedule(whole(graduated));
    const sample = feeSampleOf(plan, usualFeeSample(plan, 100n));
    expect(sample.slices).toEqual([
      { from: 49_500_000n, amount: 500_000n, rate: "0.002", exact: "1000" },
      { from: 50_000_000n, amount: 500_000n, rate: "0.0005", exact: "250" },
    ]);
    expect([sample.exact, sample.rounded, sample.charge.amount, sample.month?.trueUp]).toEqual([
      "1250",
      1250n,
      1250n,
      0n,
    ]);
  });

  it("charges volume provisionally, and tells the month's true-up: 105.00, then −99.00", () => {
    const plan = compileSchedule(whole(preset(doc(), "volume")));
    const sample = feeSampleOf(plan, usualFeeSample(plan, 100n));
    expect(sample.charge.amount).toBe(10_500n);
    expect(sample.month).toEqual({ fee: 60_000n, charged: 69_900n, trueUp: -9_900n });
    expect(feeSampleOf(plan, { ...usualFeeSample(plan, 100n), charged: 49_500n }).month?.trueUp).toBe(0n);
  });

  it("has no month where each trade is final", () => {
    const plan = compileSchedule(whole(preset(doc(), "flat")));
    expect(feeSampleOf(plan, usualFeeSample(plan, 100n))).toMatchObject({ rounded: 60n, month: null });
  });
});

describe("the curve", () => {
  it("falls at the edges: the next unit at once, all of it little by little", () => {
    const { points, edges } = curveOf(compileSchedule(whole(graduated)), 100n);
    expect(edges).toEqual([10_000_000n, 50_000_000n]);
    const at = (volume: bigint) => points.find((point) => point.volume === volume);
    expect(at(9_999_999n)).toMatchObject({ marginal: 3_000n, effective: 3_000n });
    expect(at(10_000_000n)).toMatchObject({ marginal: 2_000n, effective: 3_000n });
    expect(at(50_000_000n)).toMatchObject({ marginal: 500n, effective: 2_200n });
  });

  it("shows the bounds of a flat fee over the amount of a trade", () => {
    const flat = { ...preset(doc(), "flat"), min: "60", max: "600" };
    const { points, edges } = curveOf(compileSchedule(whole(flat)), 100n);
    expect(edges).toEqual([10_000n, 100_000n]);
    expect(points.find(({ volume }) => volume === 5_000n)).toMatchObject({
      marginal: 0n,
      effective: 12_000n,
    });
    expect(points.at(-1)).toMatchObject({ volume: 150_000n, marginal: 0n, effective: 4_000n });
  });
});
