"use client";

import { useQueryStates } from "nuqs";
import { useCallback, useMemo, useSyncExternalStore } from "react";
import {
  type Filters,
  filterKey,
  splitValues,
  type TableDefinition,
  type TableQuery,
  type TableSort,
  type TableValues,
} from "./definition";

export interface TableState<F extends Filters = Filters, S extends string = string> {
  definition: TableDefinition<F, S>;
  /** What to ask the server for. */
  query: TableQuery<F, S>;
  values: TableValues;
  /** Something narrows the rows: a search, a filter, a date. */
  filtered: boolean;
  setSearch: (q: string) => void;
  setRange: (range: { from: string | null; to: string | null }) => void;
  setFilter: (name: keyof F & string, value: readonly string[] | null) => void;
  setSort: (sort: TableSort<S> | null) => void;
  setSize: (size: number) => void;
  clear: () => void;
  next: (cursor: string) => void;
  previous: () => void;
  first: () => void;
  hasPrevious: boolean;
  /** The chosen columns by id, or `null` for the table's own choice. */
  columns: readonly string[] | null;
  setColumns: (ids: readonly string[] | null) => void;
  /** `base` with search, filters, dates, sort and columns of this view: for an export. */
  exportHref: (base: string, extra?: Record<string, string>) => string;
}

export function useTableState<F extends Filters, S extends string>(
  definition: TableDefinition<F, S>,
): TableState<F, S> {
  const [flat, setFlat] = useQueryStates(definition.parsers, {
    history: "replace",
    scroll: false,
    shallow: true,
  });
  const values = useMemo(() => splitValues(flat), [flat]);
  const query = useMemo(() => definition.read(values), [definition, values]);
  const stored = useStoredColumns(definition.id);
  const trail = useTrail(definition.id, values);

  const narrow = useCallback(
    (change: Partial<Record<string, unknown>>) =>
      void setFlat({ ...change, cursor: null } as Parameters<typeof setFlat>[0]),
    [setFlat],
  );
  const filtered =
    Boolean(values.q || values.from || values.to) ||
    Object.values(values.filters).some((list) => list !== null);

  return {
    definition,
    query,
    values,
    filtered,
    setSearch: (q) => narrow({ q: q.trim() === "" ? null : q.trim() }),
    setRange: ({ from, to }) => narrow({ from, to }),
    setFilter: (name, value) => narrow({ [filterKey(name)]: value && value.length > 0 ? [...value] : null }),
    setSort: (sort) => narrow({ sort }),
    setSize: (size) => narrow({ size: size === definition.defaultSize ? null : size }),
    clear: () =>
      narrow({
        q: null,
        from: null,
        to: null,
        ...Object.fromEntries(Object.keys(definition.filters).map((name) => [filterKey(name), null])),
      }),
    next: (cursor) => {
      trail.remember(cursor, values.cursor);
      // A page is a place: the browser's back button returns from it.
      void setFlat({ cursor }, { history: "push", scroll: true });
    },
    previous: () => void setFlat({ cursor: trail.before(values.cursor) }, { history: "push", scroll: true }),
    first: () => void setFlat({ cursor: null }, { history: "push", scroll: true }),
    hasPrevious: values.cursor !== null,
    columns: values.cols ?? stored.columns,
    setColumns: (ids) => {
      stored.store(ids);
      void setFlat({ cols: ids ? [...ids] : null });
    },
    exportHref: (base, extra = {}) => {
      const params = new URLSearchParams();
      const { filters, q, from, to, sort, direction } = query;
      for (const [name, value] of Object.entries({ q, from, to, sort, direction, ...filters, ...extra })) {
        if (Array.isArray(value)) params.set(name, value.join(","));
        else if (typeof value === "string") params.set(name, value);
      }
      const columns = values.cols ?? stored.columns;
      if (columns) params.set("columns", columns.join(","));
      const text = params.toString();
      return text ? `${base}${base.includes("?") ? "&" : "?"}${text}` : base;
    },
  };
}

/** The choice of columns outlives the visit. */
function useStoredColumns(id: string) {
  const key = `kq.columns.${id}`;
  const text = useSyncExternalStore(
    subscribe,
    () => localStorage.getItem(key),
    () => null,
  );
  return useMemo(
    () => ({
      columns: text ? text.split(",") : null,
      store: (ids: readonly string[] | null) => {
        if (ids) localStorage.setItem(key, ids.join(","));
        else localStorage.removeItem(key);
        for (const listener of listeners) listener();
      },
    }),
    [key, text],
  );
}

const listeners = new Set<() => void>();
function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener("storage", listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener("storage", listener);
  };
}

/**
 * Which page led to which: a cursor knows only the way on. Kept for the visit; whoever comes by a link goes to the
 * first page instead.
 */
function useTrail(id: string, values: TableValues) {
  const { cursor: _, cols: __, ...view } = values;
  const key = `kq.trail.${id}.${JSON.stringify(view)}`;
  const read = (): Record<string, string | null> => {
    try {
      const found: unknown = JSON.parse(sessionStorage.getItem(key) ?? "{}");
      return typeof found === "object" && found !== null ? (found as Record<string, string | null>) : {};
    } catch {
      return {};
    }
  };
  return {
    remember: (cursor: string, from: string | null) =>
      sessionStorage.setItem(key, JSON.stringify({ ...read(), [cursor]: from })),
    before: (cursor: string | null): string | null => (cursor ? (read()[cursor] ?? null) : null),
  };
}
