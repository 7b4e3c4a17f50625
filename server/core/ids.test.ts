import { expect, it } from "vitest";
import { isId, newId, referenceOf, referenceRange } from "./ids";

it("makes ids that sort as they were made, more than a millisecond's counter holds too", () => {
  const ids = Array.from({ length: 20_000 }, () => newId());
  expect(ids.every(isId)).toBe(true);
  expect(ids).toEqual([...new Set(ids)].sort());
});

it("finds an id again by its reference", () => {
  expect(referenceOf("RD", "01a20053-2dee-769c-bc46-9ab4bd121fa6")).toBe("RD-D201-9JVV-K9SW");
  for (let i = 0; i < 1_000; i++) {
    const id = newId();
    const range = referenceRange("RD", referenceOf("RD", id));
    expect(range && range.from <= id && id <= range.to).toBe(true);
  }
});
