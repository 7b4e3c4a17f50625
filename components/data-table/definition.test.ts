import { describe, expect, it } from "vitest";
import { anyText, defineTable, manyOf, oneOf } from "./definition";

const table = defineTable({
  id: "test",
  filters: { kind: oneOf(["a", "b"]), state: manyOf(["x", "y"]), brandId: anyText() },
  sorts: ["name", "createdAt"],
  defaultSort: { by: "name", direction: "asc" },
});

describe("a table's address", () => {
  it("empty, is the default view", () => {
    expect(table.load({})).toEqual({ filters: {}, limit: 50, sort: "name", direction: "asc" });
  });
  it("carries the whole view", () => {
    expect(
      table.load({
        q: "tea",
        from: "2026-11-01",
        to: "2026-11-21",
        sort: "createdAt.desc",
        cursor: "abc",
        size: "100",
        "f.kind": "b",
        "f.state": "x,y",
        "f.brandId": "42",
      }),
    ).toEqual({
      q: "tea",
      from: "2026-11-01",
      to: "2026-11-21",
      sort: "createdAt",
      direction: "desc",
      cursor: "abc",
      limit: 100,
      filters: { kind: "b", state: ["x", "y"], brandId: "42" },
    });
  });
  it("drops what it does not know", () => {
    expect(
      table.load({
        sort: "password.desc",
        size: "100000",
        from: "yesterday",
        "f.kind": "z",
        "f.state": "y,evil",
      }),
    ).toEqual({ filters: { state: ["y"] }, limit: 50, sort: "name", direction: "asc" });
  });
});
