import { expect, it } from "vitest";
import { lastMoment } from "./last-moment";

it("shows an end at midnight as the minute before, and any other as it is", () => {
  const midnight = new Date("2026-12-22T16:00:00Z");
  expect(lastMoment(midnight, "Asia/Shanghai").toISOString()).toBe("2026-12-22T15:59:00.000Z");
  expect(lastMoment(midnight, "UTC")).toBe(midnight);
});
