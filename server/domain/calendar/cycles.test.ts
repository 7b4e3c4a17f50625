import chineseDays2025 from "chinese-days/dist/years/2025.json";
import chineseDays from "chinese-days/dist/years/2026.json";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isDomainError } from "@/server/core/errors";
import { type BusinessCalendar, businessCalendar } from "./business-days";
import { dueAt, dueAtAfter, latestWindowStart, nextWindowStart } from "./cycles";
import { type SettlementCycle, settlementCycle, T_PLUS_0, T_PLUS_1, timeZone } from "./schemas";
import { dayNumber, endOfLocalDate, isoDate, localDateOf, startOfLocalDate, weekdayOf, zoneOf } from "./zone";

const SHANGHAI = "Asia/Shanghai";
const NEW_YORK = "America/New_York";

const windows = (windowsPerDay: 1 | 2, delay: number, dayCount: "calendar" | "business" = "calendar") =>
  settlementCycle.parse({ kind: "windows", windowsPerDay, delay, dayCount });
const T_PLUS_HALF = windows(2, 1);
const MONTHLY: SettlementCycle = { kind: "monthly" };
const weekly = (weekStart: number): SettlementCycle => ({ kind: "weekly", weekStart });

/** Local time in Shanghai, which has had one offset since 1991. */
const cn = (text: string) => new Date(`${text.replace(" ", "T")}:00+08:00`);

const china: BusinessCalendar = businessCalendar(
  [2025, 2026],
  [chineseDays2025, chineseDays].flatMap((year) => [
    ...Object.keys(year.holidays).map((day) => ({ day, working: false })),
    ...Object.keys(year.workdays).map((day) => ({ day, working: true })),
  ]),
);

describe("the design's cycles, in Shanghai", () => {
  const due = (cycle: SettlementCycle, traded: string) => dueAt(cycle, cn(traded), SHANGHAI, china);

  it("T+0: due at once", () => {
    expect(due(T_PLUS_0, "2026-11-16 09:00")).toEqual(cn("2026-11-16 09:00"));
  });
  it("T+1: Monday's trades are due Tuesday 00:00", () => {
    expect(due(T_PLUS_1, "2026-11-16 00:00")).toEqual(cn("2026-11-17 00:00"));
    expect(due(T_PLUS_1, "2026-11-16 23:59")).toEqual(cn("2026-11-17 00:00"));
    expect(due(T_PLUS_1, "2026-11-17 00:00")).toEqual(cn("2026-11-18 00:00"));
  });
  it("T+7", () => {
    expect(due(windows(1, 7), "2026-11-16 13:00")).toEqual(cn("2026-11-23 00:00"));
  });
  it("T+0.5: Monday 09:00 is due Monday 12:00, Monday 15:00 is due Tuesday 00:00", () => {
    expect(due(T_PLUS_HALF, "2026-11-16 09:00")).toEqual(cn("2026-11-16 12:00"));
    expect(due(T_PLUS_HALF, "2026-11-16 11:59")).toEqual(cn("2026-11-16 12:00"));
    expect(due(T_PLUS_HALF, "2026-11-16 12:00")).toEqual(cn("2026-11-17 00:00"));
    expect(due(T_PLUS_HALF, "2026-11-16 15:00")).toEqual(cn("2026-11-17 00:00"));
    expect(due(windows(2, 3), "2026-11-16 15:00")).toEqual(cn("2026-11-18 00:00"));
  });
  it("weekly: the start of the next week", () => {
    expect(due(weekly(1), "2026-11-16 00:00")).toEqual(cn("2026-11-23 00:00")); // a Monday
    expect(due(weekly(1), "2026-11-22 23:59")).toEqual(cn("2026-11-23 00:00"));
    expect(due(weekly(7), "2026-11-16 10:00")).toEqual(cn("2026-11-22 00:00"));
    expect(due(weekly(7), "2026-11-22 10:00")).toEqual(cn("2026-11-29 00:00"));
  });
  it("monthly: the start of the next month", () => {
    expect(due(MONTHLY, "2026-11-01 00:00")).toEqual(cn("2026-12-01 00:00"));
    expect(due(MONTHLY, "2026-12-31 23:59")).toEqual(cn("2027-01-01 00:00"));
    expect(due(MONTHLY, "2028-02-29 12:00")).toEqual(cn("2028-03-01 00:00"));
  });
});

describe("business days", () => {
  const due = (cycle: SettlementCycle, traded: string) => dueAt(cycle, cn(traded), SHANGHAI, china);

  it("with T+1, Friday's and the weekend's trades are due Monday 00:00", () => {
    for (const traded of ["2026-11-20 10:00", "2026-11-21 10:00", "2026-11-22 23:59"]) {
      expect(due(windows(1, 1, "business"), traded)).toEqual(cn("2026-11-23 00:00"));
    }
    expect(due(windows(1, 2, "business"), "2026-11-20 10:00")).toEqual(cn("2026-11-24 00:00"));
  });
  it("with T+0.5, Friday afternoon's are due Monday 00:00", () => {
    const half = windows(2, 1, "business");
    expect(due(half, "2026-11-20 10:00")).toEqual(cn("2026-11-20 12:00"));
    expect(due(half, "2026-11-20 15:00")).toEqual(cn("2026-11-23 00:00"));
    expect(due(half, "2026-11-21 15:00")).toEqual(cn("2026-11-23 00:00"));
    expect(due(windows(2, 2, "business"), "2026-11-20 15:00")).toEqual(cn("2026-11-23 12:00"));
  });
  it("passes over the National Day week of 2026, and counts the days made up for it (调休)", () => {
    const working = (day: string) => china.isBusinessDay(dayNumber(day));
    expect(working("2026-10-01")).toBe(false); // a Thursday
    expect(working("2026-10-07")).toBe(false); // a Wednesday
    expect(working("2026-09-20")).toBe(true); // a Sunday worked
    expect(working("2026-10-10")).toBe(true); // a Saturday worked
    expect(due(windows(1, 1, "business"), "2026-09-30 10:00")).toEqual(cn("2026-10-08 00:00"));
    expect(due(windows(1, 1, "business"), "2026-09-18 10:00")).toEqual(cn("2026-09-20 00:00"));
    expect(due(windows(1, 1, "business"), "2026-10-09 10:00")).toEqual(cn("2026-10-10 00:00"));
    expect(due(windows(1, 3, "business"), "2026-09-30 10:00")).toEqual(cn("2026-10-10 00:00"));
  });
  it("a year without data is an error", () => {
    const late = () => due(windows(1, 1, "business"), "2026-12-31 10:00");
    expect(late).toThrowError(/CALENDAR_YEAR_MISSING.*2027/);
    try {
      late();
    } catch (error) {
      expect(isDomainError(error) && error.params).toEqual({ year: 2027 });
    }
    expect(() => dueAt(windows(1, 1, "business"), cn("2026-11-20 10:00"), SHANGHAI)).toThrowError(
      /CALENDAR_YEAR_MISSING/,
    );
    expect(due(T_PLUS_1, "2026-12-31 10:00")).toEqual(cn("2027-01-01 00:00")); // calendar days need none
  });
});

describe("daylight saving in New York", () => {
  const due = (cycle: SettlementCycle, traded: string) =>
    dueAt(cycle, new Date(traded), NEW_YORK).toISOString();

  it("in spring a day has 23 hours", () => {
    expect(due(T_PLUS_1, "2026-03-07T23:00:00-05:00")).toBe("2026-03-08T05:00:00.000Z");
    expect(due(T_PLUS_1, "2026-03-08T01:59:00-05:00")).toBe("2026-03-09T04:00:00.000Z");
    expect(due(T_PLUS_1, "2026-03-08T03:00:00-04:00")).toBe("2026-03-09T04:00:00.000Z");
    expect(due(T_PLUS_HALF, "2026-03-08T00:30:00-05:00")).toBe("2026-03-08T16:00:00.000Z");
    expect(due(T_PLUS_HALF, "2026-03-08T12:00:00-04:00")).toBe("2026-03-09T04:00:00.000Z");
  });
  it("in autumn it has 25", () => {
    expect(due(T_PLUS_1, "2026-10-31T23:59:00-04:00")).toBe("2026-11-01T04:00:00.000Z");
    expect(due(T_PLUS_1, "2026-11-01T01:30:00-04:00")).toBe("2026-11-02T05:00:00.000Z");
    expect(due(T_PLUS_1, "2026-11-01T01:30:00-05:00")).toBe("2026-11-02T05:00:00.000Z");
    expect(due(T_PLUS_HALF, "2026-11-01T01:30:00-05:00")).toBe("2026-11-01T17:00:00.000Z");
    expect(due(weekly(7), "2026-10-31T12:00:00-04:00")).toBe("2026-11-01T04:00:00.000Z");
    expect(due(MONTHLY, "2026-10-31T23:00:00-04:00")).toBe("2026-11-01T04:00:00.000Z");
  });
});

describe("days of a zone", () => {
  it("begin when the clock springs over a midnight that does not exist", () => {
    expect(startOfLocalDate("2018-11-04", "America/Sao_Paulo").toISOString()).toBe(
      "2018-11-04T03:00:00.000Z",
    );
    expect(localDateOf(new Date("2018-11-04T02:59:59.999Z"), "America/Sao_Paulo")).toBe("2018-11-03");
    expect(localDateOf(new Date("2018-11-04T03:00:00Z"), "America/Sao_Paulo")).toBe("2018-11-04");
  });
  it("do not begin before the evening that is lived twice is over", () => {
    expect(startOfLocalDate("2018-02-18", "America/Sao_Paulo").toISOString()).toBe(
      "2018-02-18T03:00:00.000Z",
    );
    expect(localDateOf(new Date("2018-02-18T02:30:00Z"), "America/Sao_Paulo")).toBe("2018-02-17");
  });
  it("may be missing altogether", () => {
    expect(localDateOf(new Date("2011-12-30T09:59:59Z"), "Pacific/Apia")).toBe("2011-12-29");
    expect(localDateOf(new Date("2011-12-30T10:00:00Z"), "Pacific/Apia")).toBe("2011-12-31");
    expect(dueAt(T_PLUS_1, new Date("2011-12-30T09:00:00Z"), "Pacific/Apia").toISOString()).toBe(
      "2011-12-30T10:00:00.000Z",
    );
  });
  it("agree with Intl at any instant", () => {
    const zones = [
      "Asia/Shanghai",
      NEW_YORK,
      "Europe/London",
      "Asia/Kathmandu",
      "Australia/Lord_Howe",
      "Pacific/Apia",
    ];
    const instant = fc.date({
      min: new Date("1995-01-01"),
      max: new Date("2040-01-01"),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(fc.constantFrom(...zones), instant, (name, at) => {
        const parts = new Intl.DateTimeFormat("en-CA", { timeZone: name, dateStyle: "short" }).format(at);
        expect(localDateOf(at, name)).toBe(parts);
        const start = startOfLocalDate(parts, name);
        const end = endOfLocalDate(parts, name);
        expect(start <= at && at < end).toBe(true);
        expect(localDateOf(new Date(start.getTime() - 1), name) < parts).toBe(true);
      }),
    );
  });
  it("are numbered", () => {
    expect(isoDate(dayNumber("2026-11-21"))).toBe("2026-11-21");
    expect(weekdayOf(dayNumber("2026-11-21"))).toBe(6);
    expect(weekdayOf(dayNumber("1969-12-28"))).toBe(7);
  });
  it("need a zone that exists", () => {
    expect(timeZone.safeParse(SHANGHAI).success).toBe(true);
    expect(timeZone.safeParse("Asia/Nowhere").success).toBe(false);
    expect(() => zoneOf("Asia/Nowhere")).toThrow(RangeError);
  });
});

describe("late postings", () => {
  const through = cn("2026-11-18 00:00");
  it("fall due in the next window after the closing", () => {
    expect(dueAtAfter(T_PLUS_1, cn("2026-11-16 09:00"), through, SHANGHAI)).toEqual(cn("2026-11-19 00:00"));
    expect(dueAtAfter(T_PLUS_HALF, cn("2026-11-16 09:00"), through, SHANGHAI)).toEqual(
      cn("2026-11-18 12:00"),
    );
    expect(dueAtAfter(T_PLUS_1, cn("2026-11-18 09:00"), through, SHANGHAI)).toEqual(cn("2026-11-19 00:00"));
    expect(dueAtAfter(T_PLUS_1, cn("2026-11-16 09:00"), null, SHANGHAI)).toEqual(cn("2026-11-17 00:00"));
    expect(dueAtAfter(T_PLUS_0, cn("2026-11-16 09:00"), through, SHANGHAI).getTime()).toBe(
      through.getTime() + 1,
    );
    expect(
      dueAtAfter(windows(1, 1, "business"), cn("2026-11-16 09:00"), cn("2026-11-20 00:00"), SHANGHAI, china),
    ).toEqual(cn("2026-11-23 00:00"));
  });
  it("closings close through the latest window start", () => {
    const at = cn("2026-11-21 15:00");
    const latest = (cycle: SettlementCycle) => latestWindowStart(cycle, at, SHANGHAI, china);
    expect(latest(T_PLUS_1)).toEqual(cn("2026-11-21 00:00"));
    expect(latest(T_PLUS_HALF)).toEqual(cn("2026-11-21 12:00"));
    expect(latest(windows(1, 1, "business"))).toEqual(cn("2026-11-20 00:00"));
    expect(latest(windows(2, 1, "business"))).toEqual(cn("2026-11-20 12:00"));
    expect(latest(weekly(1))).toEqual(cn("2026-11-16 00:00"));
    expect(latest(MONTHLY)).toEqual(cn("2026-11-01 00:00"));
    expect(latest(T_PLUS_0)).toEqual(at);
  });
});

describe("any cycle, any zone, any instant", () => {
  const zone = fc.constantFrom(
    SHANGHAI,
    NEW_YORK,
    "Europe/London",
    "America/Sao_Paulo",
    "Australia/Lord_Howe",
    "Pacific/Apia",
  );
  const cycle: fc.Arbitrary<SettlementCycle> = fc.oneof(
    fc.record({
      kind: fc.constant("windows" as const),
      windowsPerDay: fc.constantFrom(1 as const, 2 as const),
      delay: fc.integer({ min: 1, max: 30 }),
      dayCount: fc.constantFrom("calendar" as const, "business" as const),
    }),
    fc.integer({ min: 1, max: 7 }).map(weekly),
    fc.constant(MONTHLY),
  );
  const everyYear = businessCalendar(
    Array.from({ length: 60 }, (_, i) => 1990 + i),
    [],
  );
  const instant = fc.date({ min: new Date("2005-01-01"), max: new Date("2035-01-01"), noInvalidDate: true });

  it("due is after the trade, is a window start, and never goes back", () => {
    fc.assert(
      fc.property(
        cycle,
        zone,
        instant,
        fc.integer({ min: 0, max: 40 * 86_400_000 }),
        (c, z, traded, later) => {
          const due = dueAt(c, traded, z, everyYear);
          expect(due > traded).toBe(true);
          expect(latestWindowStart(c, due, z, everyYear)).toEqual(due);
          const next = dueAt(c, new Date(traded.getTime() + later), z, everyYear);
          expect(next >= due).toBe(true);
          if (c.kind === "windows" && c.dayCount === "business") {
            expect(everyYear.isBusinessDay(zoneOf(z).dayOf(due.getTime()))).toBe(true);
          }
        },
      ),
    );
  });
  it("a late posting is due after the closing, at the first window there is", () => {
    fc.assert(
      fc.property(cycle, zone, instant, instant, (c, z, traded, closed) => {
        const due = dueAtAfter(c, traded, closed, z, everyYear);
        expect(due > closed).toBe(true);
        expect(due >= dueAt(c, traded, z, everyYear)).toBe(true);
        const next = nextWindowStart(c, closed, z, everyYear);
        expect(next > closed).toBe(true);
        expect(latestWindowStart(c, new Date(next.getTime() - 1), z, everyYear) <= closed).toBe(true);
      }),
    );
  });
});
