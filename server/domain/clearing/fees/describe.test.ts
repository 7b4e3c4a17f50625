import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { describeAppliesTo, describeFee, feeDifference } from "./describe";
import type { FeeScheduleDefinition } from "./schemas";

const EVERYONE = { everyone: true, tiers: [], parties: [] };
const graduated: FeeScheduleDefinition = {
  method: "graduated",
  bands: [
    { from: "0", rate: "0.003" },
    { from: "10000000", rate: "0.002" },
    { from: "50000000", rate: "0.0005" },
  ],
  appliesTo: EVERYONE,
};

describe("a fee schedule in words", () => {
  it("says what each part of the month costs", () => {
    expect(describeFee(graduated, "CNY", "zh-CN")).toEqual([
      "按当月累计交易额分段计费：不满 ¥100,000.00 的部分 0.3%，¥100,000.00 至 ¥500,000.00 的部分 0.2%，满 ¥500,000.00 的部分 0.05%。",
    ]);
    expect(describeFee(graduated, "CNY", "en")[0]).toMatch(/^Of the month's volume: 0.3% on what is below /);
  });

  it("says so in English, and by which month it counts", () => {
    expect(describeFee(graduated, "CNY", "en", "Asia/Shanghai")).toEqual([
      "Of the month's volume: 0.3% on what is below ¥100,000.00, 0.2% on what is from ¥100,000.00 to ¥500,000.00, 0.05% on what is from ¥500,000.00.",
      "Counted by calendar month (Asia/Shanghai).",
    ]);
    const volume = { ...graduated, method: "volume" as const, min: "10000" };
    expect(describeFee(volume, "CNY", "en")).toEqual([
      "The whole month's volume at one rate: 0.3% below ¥100,000.00, 0.2% from ¥100,000.00 to ¥500,000.00, 0.05% from ¥500,000.00. Charged by the volume so far, trued up when the month is over.",
      "At least ¥100.00 a month; what it lacks is charged when the month is over.",
    ]);
    expect(describeFee(graduated, "CNY", "zh-CN", "Asia/Shanghai")[1]).toBe(
      "按自然月累计（Asia/Shanghai）。",
    );
  });

  it("says bounds, the fixed part, rounding and bearer", () => {
    const flat: FeeScheduleDefinition = {
      method: "flat",
      bands: [{ from: "0", rate: "0.006" }],
      fixed: "10",
      min: "50",
      max: "1000",
      rounding: "up",
      bearer: "merchant",
      appliesTo: EVERYONE,
    };
    expect(describeFee(flat, "CNY", "zh-CN")).toEqual([
      "每笔按 0.6% 计费。",
      "每笔另加 ¥0.10。",
      "每笔最低 ¥0.50。",
      "每笔最高 ¥10.00。",
      "进一。",
      "由商户承担。",
    ]);
  });

  it("says whom it applies to", () => {
    const names = { party: () => "长风", tier: () => "金牌" };
    const whom = { everyone: false, tiers: ["gold"], parties: ["x"] };
    expect(describeAppliesTo(whom, "distributor", "zh-CN", names)).toBe("等级 金牌、长风");
    expect(describeAppliesTo(EVERYONE, "merchant", "en")).toBe("all merchants");
    const many = { everyone: false, tiers: [], parties: Array.from({ length: 12 }, (_, i) => `${i}`) };
    const text = describeAppliesTo(many, "merchant", "zh-CN", { ...names, party: (id) => `商户${id}` });
    expect(text).toMatch(/^商户0、.*商户9、另 2 个$/);
  });
});

describe("what changes", () => {
  const change = (after: Partial<FeeScheduleDefinition>) =>
    feeDifference(
      graduated,
      { ...graduated, ...after },
      { role: "merchant", currency: "CNY", locale: "zh-CN" },
    );

  it("is nothing between equals", () => {
    expect(change({})).toEqual([]);
  });

  it("is told band by band", () => {
    const [first, second, third] = graduated.bands;
    if (!first || !second || !third) throw new Error("bands");
    expect(change({ bands: [first, { from: "20000000", rate: "0.0018" }, third] })).toEqual([
      "第 2 档起点 ¥100,000.00 → ¥200,000.00",
      "月交易额 ¥200,000.00 起 0.2% → 0.18%",
    ]);
    expect(change({ bands: [first, third] })).toEqual(["取消月交易额 ¥100,000.00 起 0.2%"]);
  });

  it("is told of method, bounds and whom", () => {
    expect(
      change({ method: "volume", max: "100", appliesTo: { everyone: false, tiers: [], parties: ["x"] } }),
    ).toEqual(["计费方式 分段累进 → 全量阶梯", "每月上限 无 → ¥1.00", "新增适用：…", "不再适用：全部商户"]);
  });

  it("is told in English", () => {
    const [first, second] = graduated.bands;
    if (!first || !second) throw new Error("bands");
    const english = (after: Partial<FeeScheduleDefinition>) =>
      feeDifference(
        graduated,
        { ...graduated, ...after },
        { role: "merchant", currency: "CNY", locale: "en" },
      );
    const top = (rate: string) => ({ from: "50000000", rate });
    expect(english({ bands: [first, second, top("0.0004")] })).toEqual([
      "Band from ¥500,000.00: 0.05% → 0.04%",
    ]);
    expect(english({ bands: [...graduated.bands, { from: "90000000", rate: "0.0002" }] })).toEqual([
      "New: Band from ¥900,000.00: 0.02%",
    ]);
    expect(english({ min: "1000" })).toEqual(["At least, a month: none → ¥10.00"]);
  });

  it("leaves nothing out: two that differ are told apart, in both languages", () => {
    const rate = fc.constantFrom("0", "0.001", "0.002", "0.000001");
    const bands = fc.uniqueArray(fc.constantFrom("1", "100", "10000000"), { maxLength: 3 }).chain((edges) => {
      const froms = ["0", ...edges.sort((a, b) => Number(BigInt(a) - BigInt(b)))];
      return fc
        .array(rate, { minLength: froms.length, maxLength: froms.length })
        .map((rates) => froms.map((from, i) => ({ from, rate: rates[i] ?? "0" })));
    });
    const amount = fc.option(fc.constantFrom("0", "1", "100"), { nil: undefined });
    const some = (...values: string[]) => fc.subarray(values);
    const definition: fc.Arbitrary<FeeScheduleDefinition> = fc.record({
      method: fc.constantFrom("flat" as const, "graduated" as const, "volume" as const),
      bands,
      fixed: amount,
      min: amount,
      max: amount,
      rounding: fc.constantFrom("half_up" as const, "half_even" as const, "down" as const, "up" as const),
      bearer: fc.option(fc.constantFrom("platform" as const, "merchant" as const), { nil: undefined }),
      appliesTo: fc.record({ everyone: fc.boolean(), tiers: some("gold", "lead"), parties: some("x", "y") }),
    });
    const names = { party: (id: string) => id, tier: (code: string) => code };
    fc.assert(
      fc.property(
        definition,
        definition,
        fc.constantFrom("en" as const, "zh-CN" as const),
        (a, b, locale) => {
          const told = feeDifference(a, b, { role: "distributor", currency: "CNY", locale, names });
          expect(told.length === 0).toBe(JSON.stringify(a) === JSON.stringify(b));
          expect(told.join()).not.toMatch(/undefined|NaN/);
        },
      ),
      { numRuns: 500 },
    );
    fc.assert(
      fc.property(definition, (a) => {
        for (const key of Object.keys(a) as (keyof FeeScheduleDefinition)[]) {
          expect(
            feeDifference(
              a,
              { ...a, [key]: structuredClone(a[key]) },
              { role: "channel", currency: "CNY", locale: "en" },
            ),
          ).toEqual([]);
        }
      }),
      { numRuns: 50 },
    );
  });
});
