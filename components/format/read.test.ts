import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatRate } from "./format";
import { readCount, readDay, readPercent, readRate } from "./read";

describe("a percentage", () => {
  it.each([
    ["0.6", "0.006"],
    ["0.6%", "0.006"],
    ["０．６％", "0.006"],
    ["100", "1"],
    ["12.3456", "0.123456"],
    [".5", "0.005"],
    ["0", "0"],
    [" 2 % ", "0.02"],
  ])("%s is %s", (text, rate) => expect(readPercent(text)).toBe(rate));
  it.each(["", "%", "1,5", "-1", "abc", "0.00001", "1e3", "12345"])("%s is none", (text) => {
    expect(readPercent(text)).toBeNull();
  });
  it("reads back what is shown", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 9_999_999 }), (millionths) => {
        const digits = String(millionths).padStart(7, "0");
        const rate = `${digits.slice(0, -6)}.${digits.slice(-6)}`.replace(/\.?0+$/, "");
        expect(readPercent(formatRate(rate === "" ? "0" : rate))).toBe(rate === "" ? "0" : rate);
      }),
    );
  });
});

describe("a rate as people say it", () => {
  it.each([
    ["0.6", "0.006"],
    ["0.6 %", "0.006"],
    ["０．６％", "0.006"],
    ["6‰", "0.006"],
    ["６ ‰", "0.006"],
    ["60 bp", "0.006"],
    ["60BPs", "0.006"],
    ["60基点", "0.006"],
    ["60 个基点", "0.006"],
    ["60‱", "0.006"],
    ["万分之六十", "0.006"],
    ["万分之六", "0.0006"],
    ["万分之六点五", "0.00065"],
    ["千分之六", "0.006"],
    ["千6", "0.006"],
    ["百分之二十五", "0.25"],
    ["百分之两点五", "0.025"],
    ["百分之十", "0.1"],
    ["0.005bp", null],
    ["1 bp", "0.0001"],
    ["0.01bp", "0.000001"],
    ["0", "0"],
    ["100", "1"],
    ["1000%", "10"],
    ["1000.0001%", null],
    ["-1", null],
    ["1e3", null],
    ["", null],
    ["%", null],
    ["万分之", null],
    ["万分之点五", null],
    ["六", null],
    ["1.2.3", null],
    ["0.00001", null],
  ])("%s is %s", (text, rate) => expect(readRate(text)).toBe(rate));

  it("reads what a percentage is as one, and what it shows", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000_000 }), (millionths) => {
        const digits = String(millionths).padStart(7, "0");
        const rest = digits.slice(-6).replace(/0+$/, "");
        const rate = `${digits.slice(0, -6)}${rest ? `.${rest}` : ""}`;
        expect(readRate(formatRate(rate))).toBe(rate);
        const text = formatRate(rate).replace("%", "");
        expect(readRate(text)).toBe(readPercent(text));
      }),
    );
  });
});

describe("a count", () => {
  it.each([
    ["0", 0],
    ["1,000", 1000],
    ["１０", 10],
  ])("%s is %s", (text, count) => expect(readCount(text)).toBe(count));
  it.each(["", "-1", "1.5", "x", "12345678901"])("%s is none", (text) => {
    expect(readCount(text)).toBeNull();
  });
});

describe("a day", () => {
  it.each([
    ["2026-11-21", "2026-11-21"],
    ["2026/1/5", "2026-01-05"],
    ["２０２６．１．５", "2026-01-05"],
    ["20261121", "2026-11-21"],
    ["2026年11月21日", "2026-11-21"],
  ])("%s is %s", (text, day) => expect(readDay(text)).toBe(day));
  it.each(["2026-02-29", "21/11/2026", "2026-13-01", "today", ""])("%s is none", (text) => {
    expect(readDay(text)).toBeNull();
  });
});
