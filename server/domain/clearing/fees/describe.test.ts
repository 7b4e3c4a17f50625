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
    expect(describeAppliesTo(whom, "distributor", "zh-CN", names)).toBe("等级 金牌，长风");
    expect(describeAppliesTo(EVERYONE, "merchant", "en")).toBe("all merchants");
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
});
