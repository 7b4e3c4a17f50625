import { describe, expect, it } from "vitest";
import { ROLES } from "@/server/core/permissions";
import en from "../i18n/en/nav";
import zh from "../i18n/zh-CN/nav";
import { NAV, navFor, phoneNavFor } from "./nav";
import { findPages } from "./palette-search";

const chinese = (query: string) => findPages(query, "operator", (key) => zh[key]).map((hit) => hit.id);
const english = (query: string) => findPages(query, "operator", (key) => en[key]).map((hit) => hit.id);

describe("quick find", () => {
  it("knows pages by the initials of their pinyin", () => {
    expect(chinese("hx")).toEqual(["redeem", "redemptions"]);
    expect(chinese("JSD")).toEqual(["statements"]);
    expect(chinese("ｆｚ")).toEqual(["rules"]);
  });
  it("knows pages by name and by the beginning of a word", () => {
    expect(chinese("核销")).toEqual(["redeem", "redemptions"]);
    expect(english("rul")).toEqual(["rules"]);
    expect(english("api")).toEqual(["apiKeys", "apiDocs"]);
    expect(english("")).toHaveLength(navFor("operator").length);
  });
  it("shows nobody a page that is not theirs", () => {
    expect(findPages("audit", "merchant", (key) => en[key])).toEqual([]);
  });
});

describe("navigation", () => {
  it("has an initial for every character of a Chinese name", () => {
    for (const { key, pinyin } of NAV) expect([...zh[key].replaceAll(" ", "")]).toHaveLength(pinyin.length);
  });
  it("gives every role two to four pages within the thumb's reach", () => {
    for (const role of ROLES) {
      const keys = phoneNavFor(role).map((item) => item.key);
      expect(keys.length).toBeGreaterThanOrEqual(2);
      expect(keys.length).toBeLessThanOrEqual(4);
    }
    expect(phoneNavFor("merchant")[0]?.key).toBe("redeem");
  });
});
