import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type History, type HistoryAction, historyReducer, startOf } from "./history";

interface Doc {
  name: string;
  priority: number;
}
type Action = HistoryAction<Doc>;
const doc: Doc = { name: "", priority: 0 };

describe("undo", () => {
  const rename = (name: string): Action => ({
    type: "change",
    field: "name",
    to: (d) => ({ ...d, name }),
  });
  const prioritise = (priority: number): Action => ({
    type: "change",
    field: "priority",
    to: (d) => ({ ...d, priority }),
  });

  it("takes typing in one field back as one step, and brings it again", () => {
    let state = startOf(doc);
    for (const action of [rename("a"), rename("ab"), prioritise(3), rename("abc")])
      state = historyReducer(state, action);
    state = historyReducer(state, { type: "undo" });
    expect([state.present.name, state.present.priority]).toEqual(["ab", 3]);
    state = historyReducer(state, { type: "undo" });
    expect([state.present.name, state.present.priority]).toEqual(["ab", 0]);
    state = historyReducer(state, { type: "undo" });
    expect(state.present.name).toBe("");
    expect(historyReducer(state, { type: "undo" })).toBe(state);
    state = historyReducer(historyReducer(state, { type: "redo" }), { type: "redo" });
    expect([state.present.name, state.present.priority]).toEqual(["ab", 3]);
  });

  it("parts two visits of a field, and forgets the future once something else is done", () => {
    let state = historyReducer(startOf(doc), rename("a"));
    state = historyReducer(state, { type: "settle" });
    state = historyReducer(state, rename("ab"));
    state = historyReducer(state, { type: "undo" });
    expect(state.present.name).toBe("a");
    state = historyReducer(state, prioritise(1));
    expect(historyReducer(state, { type: "redo" })).toBe(state);
  });

  it("goes all the way back and all the way forth, whatever was done", () => {
    const actions = fc.array(
      fc.oneof(fc.nat(9).map(prioritise), fc.string().map(rename), fc.constant<Action>({ type: "settle" })),
      { maxLength: 50 },
    );
    fc.assert(
      fc.property(actions, (done) => {
        const start = startOf(doc);
        const end = done.reduce<History<Doc>>(historyReducer, start);
        let state = end;
        for (let i = 0; i < done.length; i++) state = historyReducer(state, { type: "undo" });
        expect(state.present).toBe(start.present);
        for (let i = 0; i < done.length; i++) state = historyReducer(state, { type: "redo" });
        expect(state.present).toEqual(end.present);
      }),
    );
  });
});
