import { describe, expect, it } from "vitest";
import { withEdit } from "./edits";

describe("edits of a table", () => {
  it("keep what differs, and forget what was typed back", () => {
    const one = withEdit(new Map<string, bigint | null>(), "a", 5n, 4n);
    expect([...one]).toEqual([["a", 5n]]);
    expect([...withEdit(one, "b", null, 3n)]).toEqual([
      ["a", 5n],
      ["b", null],
    ]);
    expect(withEdit(one, "a", 4n, 4n).size).toBe(0);
    expect(withEdit(one, "c", null, null).size).toBe(1);
  });
  it("compare records by what they hold", () => {
    const same = (a: { n: bigint }, b: { n: bigint }) => a.n === b.n;
    expect(withEdit(new Map(), "a", { n: 1n }, { n: 1n }, same).size).toBe(0);
  });
});
