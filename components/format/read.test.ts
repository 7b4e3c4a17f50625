import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatRate } from "./format";
import { readCount, readDay, readPercent } from "./read";

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
