import { expect, it } from "vitest";
import { MonthTable } from "./month-table";

const month = (scheduleId: string, period: string, partyId: string) => ({ scheduleId, period, partyId });

it("keeps a value a schedule, party and month", () => {
  const table = new MonthTable<number>();
  table.set(month("s", "2026-11", "a"), 1);
  table.set(month("s", "2026-11", "b"), 2);
  table.set(month("s", "2026-12", "a"), 3);
  table.set(month("t", "2026-11", "a"), 4);
  table.set(month("s", "2026-11", "a"), 5);
  expect(table.size).toBe(4);
  expect(table.get(month("s", "2026-11", "a"))).toBe(5);
  expect(table.has(month("t", "2026-12", "a"))).toBe(false);
  expect([...table.values()].sort()).toEqual([2, 3, 4, 5]);
  table.delete(month("s", "2026-12", "a"));
  table.delete(month("s", "2026-12", "a"));
  expect(table.size).toBe(3);
  expect(table.get(month("s", "2026-12", "a"))).toBeUndefined();
});
