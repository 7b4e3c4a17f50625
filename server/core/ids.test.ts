import { expect, it } from "vitest";
import { isId, newId, newIds, referenceOf, referenceRange } from "./ids";

it("makes ids that sort as they were made, more than a millisecond's counter holds too", () => {
  const ids = Array.from({ length: 20_000 }, () => newId());
  expect(ids.every(isId)).toBe(true);
  expect(ids).toEqual([...new Set(ids)].sort());
});

it("makes many at once, in the same order as one by one", () => {
  expect(newIds(0)).toBe("{}");
  const before = newId();
  const ids = newIds(3_000).slice(1, -1).split(",");
  const all = [before, ...ids, newId()];
  expect(ids).toHaveLength(3_000);
  expect(all.every(isId)).toBe(true);
  expect(all).toEqual([...new Set(all)].sort());
});

it("has another end each time, and every variant", () => {
  const ids = Array.from({ length: 500 }, () => newId());
  expect(new Set(ids.map((id) => id.slice(20))).size).toBe(500);
  expect([...new Set(ids.map((id) => id[19]))].sort()).toEqual(["8", "9", "a", "b"]);
});

it("finds an id again by its reference", () => {
  expect(referenceOf("RD", "01a20053-2dee-769c-bc46-9ab4bd121fa6")).toBe("RD-D201-9JVV-K9SW");
  for (let i = 0; i < 1_000; i++) {
    const id = newId();
    const range = referenceRange("RD", referenceOf("RD", id));
    expect(range && range.from <= id && id <= range.to).toBe(true);
  }
});
