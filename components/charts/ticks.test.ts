import { expect, it } from "vitest";
import { axisOfSlightlyNegative, ticksUpTo } from "./ticks";

it("counts from zero in steps that people count in", () => {
  expect(ticksUpTo(11_000)).toEqual([0, 5_000, 10_000, 15_000]);
  expect(ticksUpTo(8)).toEqual([0, 2, 4, 6, 8]);
});

it("gives a small dip below zero room, and no tick", () => {
  expect(axisOfSlightlyNegative([-8, 0, 11_000])).toEqual({
    domain: [-8, 15_000],
    ticks: [0, 5_000, 10_000, 15_000],
  });
  expect(axisOfSlightlyNegative([0, 11_000])).toBeNull();
  expect(axisOfSlightlyNegative([-5_000, 11_000])).toBeNull();
  expect(axisOfSlightlyNegative([])).toBeNull();
});
