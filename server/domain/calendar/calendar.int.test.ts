import { beforeAll, expect, test } from "vitest";
import type { Database } from "@/db/client";
import { withTransaction } from "@/server/core/transaction";
import { testDatabase } from "@/server/testing/database";
import { makeTenant, type TestTenant } from "@/server/testing/factories";
import {
  addYear,
  dayNumber,
  getYear,
  listYears,
  loadCalendar,
  removeDay,
  saveDay,
  seedChineseCalendar,
} from "./index";

let db: Database;
let owner: Database;
beforeAll(async () => {
  ({ db, owner } = await testDatabase());
});

const isBusinessDay = (t: TestTenant, day: string) =>
  withTransaction(t.system, async (ctx) => (await loadCalendar(ctx)).isBusinessDay(dayNumber(day)));

test("the published days of China, made-up working days included", async () => {
  const t = await makeTenant(owner, db);
  await seedChineseCalendar(t.system);
  await seedChineseCalendar(t.system); // adds nothing
  expect(await isBusinessDay(t, "2026-10-01")).toBe(false);
  expect(await isBusinessDay(t, "2026-10-10")).toBe(true); // a Saturday
  expect(await isBusinessDay(t, "2026-11-20")).toBe(true);
  expect(await isBusinessDay(t, "2026-11-21")).toBe(false);
  const { years, published } = await listYears(t.as("auditor"));
  expect(years.find((y) => y.year === 2026)).toEqual({
    year: 2026,
    source: "chinese-days",
    holidays: 33,
    madeUp: 6,
  });
  expect(published).toEqual([]);
});

test("a year without data is an error until somebody adds it; processes see each change at once", async () => {
  const t = await makeTenant(owner, db);
  await seedChineseCalendar(t.system);
  await expect(isBusinessDay(t, "2027-01-04")).rejects.toMatchObject({ code: "CALENDAR_YEAR_MISSING" });
  await expect(addYear(t.as("operator"), { year: 2027, from: "chinese-days" })).rejects.toMatchObject({
    code: "CALENDAR_YEAR_MISSING",
  });
  await addYear(t.as("operator"), { year: 2027, from: "plain" });
  expect(await isBusinessDay(t, "2027-01-01")).toBe(true);
  await saveDay(t.as("operator"), { day: "2027-01-01", working: false, name: "元旦" });
  expect(await isBusinessDay(t, "2027-01-01")).toBe(false);
  expect((await getYear(t.as("support"), 2027)).days).toEqual([
    { day: "2027-01-01", working: false, name: "元旦" },
  ]);
  await removeDay(t.as("operator"), { day: "2027-01-01" });
  expect(await isBusinessDay(t, "2027-01-01")).toBe(true);
  await expect(addYear(t.as("operator"), { year: 2027, from: "plain" })).rejects.toMatchObject({
    code: "CONFLICT",
  });
  await expect(
    saveDay(t.as("operator"), { day: "2028-01-01", working: false, name: "元旦" }),
  ).rejects.toMatchObject({ code: "CALENDAR_YEAR_MISSING" });
  await expect(removeDay(t.as("operator"), { day: "2027-03-03" })).rejects.toMatchObject({
    code: "NOT_FOUND",
  });
});

test("is the operator's to change", async () => {
  const t = await makeTenant(owner, db);
  for (const role of ["finance", "support", "auditor"] as const) {
    await expect(addYear(t.as(role), { year: 2026, from: "plain" })).rejects.toMatchObject({
      code: "PERMISSION_DENIED",
    });
  }
  const { id } = { id: t.tenant.platformPartyId };
  await expect(listYears(t.as("merchant", { id, kind: "merchant" }))).rejects.toMatchObject({
    code: "PERMISSION_DENIED",
  });
});
