import { expect, test } from "vitest";
import { overviewQuery } from "./range";

const NOW = new Date("2026-11-21T20:00:00Z"); // already the 22nd in Shanghai
const ask = (from: string | null, to: string | null, currency: string | null = null) =>
  overviewQuery({ from, to, currency }, "Asia/Shanghai", NOW);

test("30 days up to the tenant's today, unless the address says otherwise", () => {
  expect(ask(null, null)).toEqual({ from: "2026-10-24", to: "2026-11-22" });
  expect(ask("2026-11-01", "2026-11-07", "USD")).toEqual({
    from: "2026-11-01",
    to: "2026-11-07",
    currency: "USD",
  });
  expect(ask("2026-11-20", null)).toEqual({ from: "2026-11-20", to: "2026-11-22" });
});

test("what is no range is the usual one", () => {
  const usual = ask(null, null);
  for (const [from, to] of [
    ["2026-11-08", "2026-11-07"],
    ["2020-01-01", "2026-11-22"],
    ["2026-02-30", "yesterday"],
    ["'; drop table", null],
  ] as const) {
    expect(ask(from, to, "no such")).toEqual(usual);
  }
});
