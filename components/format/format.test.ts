import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  addDays,
  formatDay,
  formatInstant,
  formatMoney,
  formatMoneyShort,
  formatMonth,
  formatRate,
  instantIn,
  localIn,
  startOfDayIn,
  zoneName,
  zoneOffset,
} from "./format";

const SHANGHAI = "Asia/Shanghai";
const NEW_YORK = "America/New_York";

it("tells months as people write them", () => {
  expect(formatMonth("2026-11", "zh-CN")).toBe("2026年11月");
  expect(formatMonth("2026-01", "en")).toBe("Jan 2026");
  expect(formatMonth("soon", "en")).toBe("soon");
});

describe("instants", () => {
  const at = new Date("2026-11-20T16:05:09Z");
  it("are told in the zone that was asked for", () => {
    expect(formatInstant(at, { locale: "zh-CN", timeZone: SHANGHAI })).toBe("2026-11-21 00:05");
    expect(formatInstant(at, { locale: "en", timeZone: SHANGHAI })).toBe("21 Nov 2026, 00:05");
    expect(formatInstant(at, { locale: "en", timeZone: NEW_YORK, style: "second" })).toBe(
      "20 Nov 2026, 11:05:09",
    );
    expect(formatInstant(at, { locale: "zh-CN", timeZone: NEW_YORK, style: "full" })).toBe(
      "2026-11-20 11:05:09（America/New_York，UTC−5）",
    );
    expect(formatInstant(at, { locale: "en", timeZone: NEW_YORK, style: "full" })).toBe(
      "20 Nov 2026, 11:05:09 (America/New_York, UTC−5)",
    );
    expect(formatInstant("nonsense", { locale: "en", timeZone: SHANGHAI })).toBe("–");
  });
  it("name zones with their distance at that moment", () => {
    expect(zoneName(SHANGHAI, at, "en")).toBe("Asia/Shanghai, UTC+8");
    expect(zoneName(SHANGHAI, at, "zh-CN")).toBe("Asia/Shanghai，UTC+8");
    expect(zoneOffset(NEW_YORK, new Date("2026-07-01T00:00:00Z"))).toBe("UTC−4");
    expect(zoneOffset("Asia/Kolkata", at)).toBe("UTC+5:30");
    expect(zoneName("UTC", at, "zh-CN")).toBe("UTC");
  });
  it("come back from the wall's clock", () => {
    expect(startOfDayIn("2026-11-21", SHANGHAI).toISOString()).toBe("2026-11-20T16:00:00.000Z");
    expect(startOfDayIn("2026-03-08", NEW_YORK).toISOString()).toBe("2026-03-08T05:00:00.000Z");
    expect(startOfDayIn("2026-11-02", NEW_YORK).toISOString()).toBe("2026-11-02T05:00:00.000Z");
    expect(instantIn("2026-11-21T09:30", SHANGHAI).toISOString()).toBe("2026-11-21T01:30:00.000Z");
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 80 * 365 * 24 * 60 }),
        fc.constantFrom(SHANGHAI, NEW_YORK, "Europe/Berlin", "Asia/Kolkata", "UTC"),
        (minutes, zone) => {
          const moment = new Date(Date.UTC(1990, 0, 1) + minutes * 60_000);
          const local = localIn(moment, zone);
          // The hour that is lived twice at the end of summer time has two instants; both read the same.
          expect(localIn(instantIn(local, zone), zone)).toBe(local);
        },
      ),
    );
  });
});

describe("days", () => {
  it("are calendar days, without a zone", () => {
    expect(formatDay("2026-01-05", "zh-CN")).toBe("2026-01-05");
    expect(formatDay("2026-01-05", "en")).toBe("5 Jan 2026");
    expect(addDays("2026-03-01", -1)).toBe("2026-02-28");
    expect(addDays("2024-02-28", 1)).toBe("2024-02-29");
  });
});

describe("rates", () => {
  it("become percentages by moving the point", () => {
    expect(formatRate("0.006")).toBe("0.6%");
    expect(formatRate("1")).toBe("100%");
    expect(formatRate("0")).toBe("0%");
    expect(formatRate("0.000001")).toBe("0.0001%");
    expect(formatRate("0.5")).toBe("50%");
    expect(formatRate("12.345678")).toBe("1234.5678%");
  });
});

describe("money", () => {
  it("is exact, with a minus that is as wide as a figure", () => {
    expect(formatMoney(-123450n, "CNY", "zh-CN")).toBe("−¥1,234.50");
    expect(formatMoney(9_007_199_254_740_993_01n, "CNY", "zh-CN")).toBe("¥9,007,199,254,740,993.01");
  });
  it("is short on axes", () => {
    expect(formatMoneyShort(12_345_600n, 2, "zh-CN")).toBe("12.3万");
    expect(formatMoneyShort(12_345_600n, 2, "en")).toBe("123K");
    expect(formatMoneyShort(-150_000n, 2, "en")).toBe("−1.5K");
    expect(formatMoneyShort(2_250_000n, 2, "zh-CN")).toBe("2.25万");
    expect(formatMoneyShort(135_000n, 2, "en")).toBe("1.35K");
    expect(formatMoneyShort(1_000_000n, 2, "zh-CN")).toBe("1万");
    expect(formatMoneyShort(50_000n, 2, "zh-CN")).toBe("500");
    expect(formatMoneyShort(0n, 2, "en")).toBe("0");
  });
});
