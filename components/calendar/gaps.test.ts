import { expect, it } from "vitest";
import { calendarGaps } from "./gaps";

const year = (year: number, holidays = 28) => ({ year, holidays });

it("tells of the next year's calendar once it can be known, on its own page all year long", () => {
  const known = [year(2026), year(2025)];
  expect(calendarGaps(known, "2026-10-31", { ahead: false })).toEqual([]);
  expect(calendarGaps(known, "2026-11-01", { ahead: false })).toEqual([{ year: 2027, kind: "missing" }]);
  expect(calendarGaps(known, "2026-02-01", { ahead: true })).toEqual([{ year: 2027, kind: "missing" }]);
});

it("tells of this year at any time, and of a year that has the plain week alone", () => {
  expect(calendarGaps([], "2026-03-01", { ahead: false })).toEqual([{ year: 2026, kind: "missing" }]);
  expect(calendarGaps([year(2026), year(2027, 0)], "2026-12-01", { ahead: false })).toEqual([
    { year: 2027, kind: "bare" },
  ]);
  expect(calendarGaps([year(2026), year(2027)], "2026-12-01", { ahead: true })).toEqual([]);
});
