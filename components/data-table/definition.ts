import { createLoader, createParser, parseAsInteger, parseAsString, type SearchParams } from "nuqs/server";

/**
 * What a table keeps in the address, so that a link shows what its sender saw, "back" leads to the same rows,
 * and the server can fetch them before the browser asks. The page and the table use the same definition:
 *
 *   export const partiesTable = defineTable({
 *     id: "parties",
 *     filters: { kind: oneOf(PARTY_KINDS), status: manyOf(["active", "suspended"]), brandId: anyText() },
 *     sorts: ["number", "name"],
 *     defaultSort: { by: "number", direction: "asc" },
 *   });
 *   // page.tsx:   const query = partiesTable.load(await searchParams);
 *   // component:  const table = useTableState(partiesTable);  table.query
 */
export interface TableDefinition<F extends Filters = Filters, S extends string = string> {
  /** Under which the choice of columns is remembered. */
  id: string;
  filters: F;
  sorts: readonly S[];
  defaultSort: TableSort<S> | null;
  defaultSize: number;
  parsers: TableParsers;
  /** The query of an address, on the server. */
  load: (searchParams: SearchParams) => TableQuery<F, S>;
  read: (values: TableValues) => TableQuery<F, S>;
}

export type SortDirection = "asc" | "desc";
export interface TableSort<S extends string = string> {
  by: S;
  direction: SortDirection;
}

export interface Filter<V extends string = string, Many extends boolean = boolean> {
  many: Many;
  /** What is allowed; `null` for any text (an id, a code). */
  values: readonly V[] | null;
}
export type Filters = Record<string, Filter>;
export type FilterValues<F extends Filters> = {
  [K in keyof F]?: F[K] extends Filter<infer V, infer Many> ? (Many extends true ? V[] : V) : never;
};

export function oneOf<const V extends string>(values: readonly V[]): Filter<V, false> {
  return { many: false, values };
}
export function manyOf<const V extends string>(values: readonly V[]): Filter<V, true> {
  return { many: true, values };
}
export function anyText(): Filter<string, false> {
  return { many: false, values: null };
}

/** What a list asks the server for. What is empty is left out. */
export interface TableQuery<F extends Filters = Filters, S extends string = string> {
  q?: string;
  /** Business dates, both included. */
  from?: string;
  to?: string;
  filters: FilterValues<F>;
  sort?: S;
  direction?: SortDirection;
  cursor?: string;
  limit: number;
}

/** The same as it stands in the address. */
export interface TableValues {
  q: string | null;
  from: string | null;
  to: string | null;
  sort: TableSort | null;
  cursor: string | null;
  size: number | null;
  cols: string[] | null;
  filters: Record<string, string[] | null>;
}

export const PAGE_SIZES = [20, 50, 100, 200] as const;

export function defineTable<
  F extends Filters = Record<never, Filter>,
  const S extends string = never,
>(options: {
  id: string;
  filters?: F;
  /** Orders that the server knows. */
  sorts?: readonly S[];
  defaultSort?: TableSort<NoInfer<S>>;
  pageSize?: (typeof PAGE_SIZES)[number];
}): TableDefinition<F, S> {
  const filters = options.filters ?? ({} as F);
  const sorts = options.sorts ?? [];
  const defaultSort = options.defaultSort ?? null;
  const defaultSize = options.pageSize ?? 50;
  const parsers = parsersOf(filters, sorts);
  const loader = createLoader(parsers);
  const read = (values: TableValues): TableQuery<F, S> => {
    const sort = values.sort ?? defaultSort;
    const query: TableQuery<F, S> = {
      filters: valuesOf(filters, values.filters),
      limit: values.size ?? defaultSize,
    };
    if (values.q) query.q = values.q;
    if (values.from) query.from = values.from;
    if (values.to) query.to = values.to;
    if (values.cursor) query.cursor = values.cursor;
    if (sort) {
      query.sort = sort.by as S; // the parser lets no other through
      query.direction = sort.direction;
    }
    return query;
  };
  return {
    id: options.id,
    filters,
    sorts,
    defaultSort,
    defaultSize,
    parsers,
    read,
    load: (searchParams) => read(splitValues(loader(searchParams))),
  };
}

export type TableParsers = ReturnType<typeof parsersOf>;
const FILTER_PREFIX = "f.";

function parsersOf(filters: Filters, sorts: readonly string[]) {
  const filterParsers: Record<string, ReturnType<typeof listParser>> = {};
  for (const [name, filter] of Object.entries(filters)) filterParsers[name] = listParser(filter.values);
  return {
    q: parseAsString,
    from: dayParser,
    to: dayParser,
    sort: createParser<TableSort>({
      parse: (text) => {
        const [by = "", direction] = text.split(".");
        return sorts.includes(by) && (direction === "asc" || direction === "desc") ? { by, direction } : null;
      },
      serialize: ({ by, direction }) => `${by}.${direction}`,
      eq: (a, b) => a.by === b.by && a.direction === b.direction,
    }),
    cursor: parseAsString,
    size: sizeParser,
    cols: listParser(null),
    ...prefixed(filterParsers),
  };
}

const sizeParser = createParser<number>({
  parse: (text) => {
    const size = parseAsInteger.parse(text);
    return size !== null && PAGE_SIZES.some((one) => one === size) ? size : null;
  },
  serialize: String,
});

const dayParser = createParser<string>({
  parse: (text) => (/^\d{4}-\d{2}-\d{2}$/.test(text) ? text : null),
  serialize: String,
});

function listParser(allowed: readonly string[] | null) {
  return createParser<string[]>({
    parse: (text) => {
      const list = text.split(",").filter((one) => one !== "" && (!allowed || allowed.includes(one)));
      return list.length > 0 ? list : null;
    },
    serialize: (list) => list.join(","),
    eq: (a, b) => a.length === b.length && a.every((one, i) => one === b[i]),
  });
}

function prefixed<T>(record: Record<string, T>): Record<`f.${string}`, T> {
  return Object.fromEntries(
    Object.entries(record).map(([name, value]) => [`${FILTER_PREFIX}${name}`, value]),
  );
}

/** Takes the filters out of the flat record that the address gives. */
export function splitValues(flat: {
  q: string | null;
  from: string | null;
  to: string | null;
  sort: TableSort | null;
  cursor: string | null;
  size: number | null;
  cols: string[] | null;
  [filter: `f.${string}`]: string[] | null;
}): TableValues {
  const { q, from, to, sort, cursor, size, cols, ...rest } = flat;
  const filters: Record<string, string[] | null> = {};
  for (const [key, value] of Object.entries(rest)) filters[key.slice(FILTER_PREFIX.length)] = value;
  return { q, from, to, sort, cursor, size, cols, filters };
}

export function filterKey(name: string): `f.${string}` {
  return `${FILTER_PREFIX}${name}`;
}

function valuesOf<F extends Filters>(filters: F, values: Record<string, string[] | null>): FilterValues<F> {
  const found: Record<string, string | string[]> = {};
  for (const [name, filter] of Object.entries(filters)) {
    const list = values[name];
    if (!list || list.length === 0) continue;
    const first = list[0];
    if (filter.many) found[name] = list;
    else if (first !== undefined) found[name] = first;
  }
  return found as FilterValues<F>; // every value went through its filter's parser
}
