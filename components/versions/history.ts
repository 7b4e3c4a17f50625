/** What an editor did, to be undone and done again. */
export interface History<D> {
  past: D[];
  present: D;
  future: D[];
  /** What the last change touched: typing on in one field is one step. */
  touched: string | null;
}

export type HistoryAction<D> =
  | { type: "change"; to: (doc: D) => D; field: string }
  | { type: "undo" }
  | { type: "redo" }
  /** Leaving a field ends its step. */
  | { type: "settle" };

/** Changes what is edited; `field` names what is touched. */
export type Change<D> = (field: string, to: (doc: D) => D) => void;

const MOST = 200;

export function startOf<D>(doc: D): History<D> {
  return { past: [], present: doc, future: [], touched: null };
}

export function historyReducer<D>(state: History<D>, action: HistoryAction<D>): History<D> {
  const { past, present, future, touched } = state;
  switch (action.type) {
    case "change": {
      const next = action.to(present);
      if (next === present) return state;
      const goesOn = touched === action.field && past.length > 0;
      return {
        past: goesOn ? past : [...past, present].slice(-MOST),
        present: next,
        future: [],
        touched: action.field,
      };
    }
    case "undo": {
      const before = past.at(-1);
      if (before === undefined) return state;
      return { past: past.slice(0, -1), present: before, future: [present, ...future], touched: null };
    }
    case "redo": {
      const [after, ...rest] = future;
      if (after === undefined) return state;
      return { past: [...past, present], present: after, future: rest, touched: null };
    }
    case "settle":
      return touched === null ? state : { ...state, touched: null };
  }
}
