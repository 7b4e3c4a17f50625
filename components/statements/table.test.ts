import { expect, it } from "vitest";
import { statementsFilter, statementsInput, statementsTable } from "./table";

it("asks for the rows by the same search, days and filters as for the sums above them", () => {
  const query = statementsTable.load({
    q: "ST-0093",
    from: "2026-11-01",
    to: "2026-11-02",
    "f.states": "draft",
    "f.partyId": "no id",
    cursor: "x",
  });
  expect(statementsFilter(query)).toMatchObject({
    q: "ST-0093",
    from: "2026-11-01",
    to: "2026-11-02",
    states: ["draft"],
  });
  expect(statementsFilter(query).partyId).toBeUndefined();
  expect(statementsInput(query)).toEqual({ ...statementsFilter(query), cursor: "x", limit: query.limit });
});

it("narrows by states that a statement can have by now, and by no other that an address names", () => {
  expect(statementsFilter(statementsTable.load({ "f.states": "approved,paid,paying,x" })).states).toEqual([
    "paid",
  ]);
});
