"use client";

import {
  type ColumnDef,
  columnVisibilityFeature,
  type RowData,
  type RowSelectionState,
  rowSelectionFeature,
  tableFeatures,
  useTable,
} from "@tanstack/react-table";
import { ArrowDown, ArrowUp, ArrowUpDown } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { type ReactNode, useMemo, useState } from "react";
import { useFormat } from "@/components/format/use-format";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { cn } from "@/components/ui/cn";
import { CursorPagination } from "@/components/ui/cursor-pagination";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorAlert } from "@/components/ui/error-alert";
import { readError } from "@/components/ui/error-message";
import { Skeleton } from "@/components/ui/skeleton";
import type { Filters } from "./definition";
import { PAGE_SIZES } from "./definition";
import { type FilterSpec, TableToolbar } from "./toolbar";
import type { TableState } from "./use-table-state";

export interface DataColumn<Row extends RowData, S extends string = string> {
  id: string;
  /** Short: it stands above the column, and before the value on a phone. */
  header: string;
  cell: (row: Row) => ReactNode;
  /** `end` for money and counts. */
  align?: "start" | "end" | "center";
  /** The server's name of this order; makes the header a button. */
  sort?: S;
  /** Not shown until chosen. */
  hidden?: boolean;
  /** Cannot be hidden. */
  fixed?: boolean;
  /** Holds links or buttons of its own, which stay above the link of the row. */
  interactive?: boolean;
  /** Text that breaks where it has to: kept wide enough to be read, though the other columns need the room. */
  wraps?: keyof typeof WIDTH;
  /** On a phone each row is a card: its heading, the figure beside the heading, a line (default), or left out. */
  card?: "title" | "aside" | "line" | "none";
  className?: string;
}

export type Selection =
  | { kind: "rows"; ids: readonly string[] }
  /** All that match the view's search, filters and dates, on every page: act by `table.query`. */
  | { kind: "all"; count: number | null };

export interface DataTableProps<Row extends RowData, F extends Filters, S extends string> {
  table: TableState<F, S>;
  /** Names the table for screen readers. */
  label: string;
  columns: readonly DataColumn<Row, S>[];
  rows: readonly Row[] | undefined;
  rowId: (row: Row) => string;
  /** What the row is called where it has to be named ("select …"). */
  rowName?: (row: Row) => string;
  rowHref?: (row: Row) => string;
  nextCursor?: string | null;
  /** How many match, where the server says so. */
  total?: number | null;
  /** Nothing to show yet: draws the shape of the table. */
  loading?: boolean;
  /** Old rows stand while new ones come. */
  fetching?: boolean;
  error?: unknown;
  onRetry?: () => void;

  /** Left out, there is no search field. */
  searchLabel?: string;
  filters?: readonly FilterSpec<F>[];
  /** Which date `from` and `to` mean ("business date"). Left out, there is no range. */
  dateLabel?: string;
  /** Address of the view as CSV; `table.exportHref("/api/…")` makes it. */
  exportHref?: string;
  /** At the right of the toolbar. */
  actions?: ReactNode;

  /** Buttons for what is selected; makes rows selectable. */
  bulkActions?: (selection: Selection, clear: () => void) => ReactNode;

  /** When there is nothing at all: what to do next. */
  empty?: ReactNode;
}

const features = tableFeatures({ columnVisibilityFeature, rowSelectionFeature });

/** The one table of the house: state in the address, pages by cursor, cards on a phone. */
export function DataTable<Row extends RowData, F extends Filters, S extends string>(
  props: DataTableProps<Row, F, S>,
) {
  const { table: state, columns, rows, rowId, rowHref, bulkActions, loading, fetching } = props;
  const t = useTranslations("common.table");
  const format = useFormat();
  const [rowSelection, setRowSelection] = useState<RowSelectionState>({});
  const [allMatching, setAllMatching] = useState(false);

  // What was selected belongs to the view it was selected in.
  const view = JSON.stringify({ ...state.query, cursor: null, limit: null });
  const [selectedView, setSelectedView] = useState(view);
  if (selectedView !== view) {
    setSelectedView(view);
    setRowSelection({});
    setAllMatching(false);
  }
  const clearSelection = () => {
    setRowSelection({});
    setAllMatching(false);
  };

  const chosen = state.columns;
  const columnVisibility = useMemo(
    () =>
      Object.fromEntries(
        columns.map((column) => [
          column.id,
          column.fixed ? true : chosen ? chosen.includes(column.id) : !column.hidden,
        ]),
      ),
    [columns, chosen],
  );
  const defs = useMemo(
    () =>
      columns.map(
        (column): ColumnDef<typeof features, Row> => ({
          id: column.id,
          header: column.header,
          enableHiding: !column.fixed,
        }),
      ),
    [columns],
  );
  const byId = useMemo(() => new Map(columns.map((column) => [column.id, column])), [columns]);
  const data = useMemo(() => [...(rows ?? [])], [rows]);
  const table = useTable({
    features,
    columns: defs,
    data,
    getRowId: rowId,
    state: { columnVisibility, rowSelection },
    onRowSelectionChange: setRowSelection,
    enableRowSelection: Boolean(bulkActions),
  });

  const visible = table.getVisibleLeafColumns().flatMap((column) => byId.get(column.id) ?? []);
  const titleId = (visible.find((column) => column.card === "title") ?? visible[0])?.id;
  const pageIds = data.map(rowId);
  const selectedIds = Object.keys(rowSelection);
  const onPage = pageIds.filter((id) => rowSelection[id]).length;
  const hasSelection = allMatching || selectedIds.length > 0;
  const nextCursor = props.nextCursor ?? null;
  const total = props.total ?? null;
  const showSkeleton = Boolean(loading) && !rows;
  const isEmpty = !showSkeleton && data.length === 0 && !props.error;
  if (readError(props.error).code === "PERMISSION_DENIED") return <ErrorAlert error={props.error} />;

  return (
    <div className="min-w-0 space-y-3">
      <TableToolbar
        table={state}
        columns={columns}
        visibleIds={visible.map((column) => column.id)}
        searchLabel={props.searchLabel}
        filters={props.filters ?? []}
        dateLabel={props.dateLabel}
        exportHref={props.exportHref}
        actions={props.actions}
      />

      {bulkActions && hasSelection ? (
        <SelectionBar
          selection={allMatching ? { kind: "all", count: total } : { kind: "rows", ids: selectedIds }}
          canSelectAll={
            !allMatching && onPage === pageIds.length && (nextCursor !== null || state.hasPrevious)
          }
          total={total}
          onSelectAll={() => setAllMatching(true)}
          onClear={clearSelection}
          actions={bulkActions}
        />
      ) : null}

      <ErrorAlert error={props.error} onRetry={props.onRetry} />

      {isEmpty ? (
        <div className="rounded-lg border border-border bg-card">
          {state.filtered ? (
            <EmptyState
              title={t("emptyFiltered")}
              description={t("emptyFilteredHint")}
              actions={
                <Button variant="outline" onClick={state.clear}>
                  {t("clearFilters")}
                </Button>
              }
            />
          ) : (
            (props.empty ?? <EmptyState title={t("empty")} description={t("emptyHint")} />)
          )}
        </div>
      ) : props.error && data.length === 0 ? null : (
        <section
          aria-label={props.label}
          // A region that scrolls has to be reachable by keyboard.
          tabIndex={-1}
          className={cn(
            "relative overflow-x-auto rounded-lg border-border transition-opacity focus-visible:outline-offset-0 sm:border sm:bg-card",
            fetching && !showSkeleton && "opacity-60",
          )}
        >
          <table
            aria-busy={showSkeleton || fetching || undefined}
            className="w-full border-collapse text-sm max-sm:block"
          >
            <caption className="sr-only">{showSkeleton ? t("loading") : props.label}</caption>
            <thead className="max-sm:sr-only">
              <tr className="border-b border-border bg-muted/60">
                {bulkActions ? (
                  <th scope="col" className="w-9 ps-3 text-start align-middle">
                    <Checkbox
                      aria-label={t("selectPage")}
                      checked={pageIds.length > 0 && (allMatching || onPage === pageIds.length)}
                      indeterminate={!allMatching && onPage > 0 && onPage < pageIds.length}
                      disabled={pageIds.length === 0}
                      onCheckedChange={(checked) => {
                        setAllMatching(false);
                        setRowSelection((old) => select(old, pageIds, checked));
                      }}
                    />
                  </th>
                ) : null}
                {visible.map((column) => (
                  <HeaderCell key={column.id} column={column} table={state} />
                ))}
              </tr>
            </thead>
            <tbody className="max-sm:block max-sm:space-y-2.5">
              {showSkeleton
                ? SKELETON_ROWS.map((key) => (
                    <tr
                      key={key}
                      className="border-b border-border sm:last:border-0 max-sm:block max-sm:rounded-lg max-sm:border max-sm:bg-card max-sm:p-3"
                    >
                      {bulkActions ? <td className="ps-3 max-sm:hidden" /> : null}
                      {visible.map((column) => (
                        <td key={column.id} className="h-10 px-3 max-sm:block max-sm:h-7">
                          <Skeleton
                            className={cn("h-4", column.align === "end" ? "ms-auto w-16" : "w-24 max-w-full")}
                          />
                        </td>
                      ))}
                    </tr>
                  ))
                : table.getRowModel().rows.map((row) => {
                    const href = rowHref?.(row.original);
                    const id = row.id;
                    const selected = allMatching || Boolean(rowSelection[id]);
                    return (
                      <tr
                        key={id}
                        aria-selected={bulkActions ? selected : undefined}
                        className={cn(
                          "relative border-b border-border transition-colors sm:last:border-0",
                          "max-sm:grid max-sm:grid-cols-[1fr_auto] max-sm:gap-x-3 max-sm:gap-y-1 max-sm:rounded-lg max-sm:border max-sm:bg-card max-sm:p-3.5",
                          href && "hover:bg-accent/60 has-[a[data-row-link]:focus-visible]:bg-accent/60",
                          selected && "bg-primary-soft/60",
                          bulkActions && "max-sm:ps-11",
                        )}
                      >
                        {bulkActions ? (
                          <td className="relative z-10 w-9 ps-3 align-middle max-sm:absolute max-sm:start-3.5 max-sm:top-3 max-sm:w-auto max-sm:p-0">
                            <Checkbox
                              aria-label={t("selectRow", { name: props.rowName?.(row.original) ?? id })}
                              checked={selected}
                              disabled={allMatching}
                              onCheckedChange={(checked) =>
                                setRowSelection((old) => select(old, [id], checked))
                              }
                            />
                          </td>
                        ) : null}
                        {row.getVisibleCells().map((cell) => {
                          const column = byId.get(cell.column.id);
                          if (!column) return null;
                          // Not as a component of its own: what is open in a cell stays open when columns are made anew.
                          const content = column.cell(row.original);
                          return (
                            <BodyCell
                              key={cell.id}
                              column={column}
                              role={column.id === titleId ? "title" : (column.card ?? "line")}
                              href={column.id === titleId ? href : undefined}
                            >
                              {content}
                            </BodyCell>
                          );
                        })}
                      </tr>
                    );
                  })}
            </tbody>
          </table>
        </section>
      )}

      {showSkeleton || isEmpty ? null : (
        <CursorPagination
          hasPrevious={state.hasPrevious}
          hasNext={nextCursor !== null}
          onFirst={state.first}
          onPrevious={state.previous}
          onNext={() => (nextCursor !== null ? state.next(nextCursor) : undefined)}
          pageSize={state.query.limit}
          pageSizes={PAGE_SIZES}
          onPageSizeChange={state.setSize}
          busy={fetching}
          summary={total === null ? null : t("total", { count: format.count(total) })}
        />
      )}
    </div>
  );
}

function select(old: RowSelectionState, ids: readonly string[], checked: boolean): RowSelectionState {
  const next = { ...old };
  for (const id of ids) {
    if (checked) next[id] = true;
    else delete next[id];
  }
  return next;
}

const SKELETON_ROWS = ["a", "b", "c", "d", "e", "f", "g", "h"];
const WIDTH = { name: "sm:min-w-28", sentence: "sm:min-w-40" };
const ALIGN = { start: "text-start", end: "text-end", center: "text-center" } as const;

function HeaderCell<Row extends RowData, F extends Filters, S extends string>({
  column,
  table,
}: {
  column: DataColumn<Row, S>;
  table: TableState<F, S>;
}) {
  const t = useTranslations("common.table");
  const align = column.align ?? "start";
  const base = cn("h-9 px-3 text-xs font-medium whitespace-nowrap text-muted-foreground", ALIGN[align]);
  if (!column.sort) {
    return (
      <th scope="col" className={base}>
        {column.header}
      </th>
    );
  }
  const by = column.sort;
  const active = table.query.sort === by ? table.query.direction : undefined;
  const Icon = active === "asc" ? ArrowUp : active === "desc" ? ArrowDown : ArrowUpDown;
  return (
    <th
      scope="col"
      aria-sort={active === "asc" ? "ascending" : active === "desc" ? "descending" : "none"}
      className={base}
    >
      <button
        type="button"
        title={t("sortBy", { name: column.header })}
        onClick={() =>
          table.setSort({
            by,
            direction:
              active === "desc" ? "asc" : active === "asc" ? "desc" : align === "end" ? "desc" : "asc",
          })
        }
        className={cn(
          "-mx-1.5 inline-flex h-7 items-center gap-1 rounded-sm px-1.5 hover:bg-accent hover:text-foreground",
          active && "text-foreground",
        )}
      >
        {column.header}
        <Icon aria-hidden className={cn("size-3.5", !active && "opacity-50")} />
      </button>
    </th>
  );
}

function BodyCell<Row extends RowData>(props: {
  column: DataColumn<Row>;
  role: "title" | "aside" | "line" | "none";
  href: string | undefined;
  children: ReactNode;
}) {
  const { column, role, href } = props;
  const align = column.align ?? "start";
  return (
    <td
      className={cn(
        "h-10 px-3 py-1.5 align-middle",
        ALIGN[align],
        align === "end" && "figure",
        column.wraps && WIDTH[column.wraps],
        column.interactive && "relative z-10",
        "max-sm:h-auto max-sm:p-0",
        role === "none" && "max-sm:hidden",
        role === "title" && "font-medium max-sm:order-1 max-sm:min-w-0",
        role === "aside" && "max-sm:order-2 max-sm:text-end max-sm:font-medium",
        role === "line" &&
          "max-sm:order-3 max-sm:col-span-2 max-sm:flex max-sm:items-baseline max-sm:justify-between max-sm:gap-4 max-sm:text-end max-sm:text-[0.8125rem]",
        column.className,
      )}
    >
      {role === "line" ? (
        <span aria-hidden className="shrink-0 text-xs text-muted-foreground sm:hidden">
          {column.header}
        </span>
      ) : null}
      {href ? (
        <Link
          href={href}
          data-row-link
          className="underline-offset-4 after:absolute after:inset-0 hover:underline focus-visible:outline-none focus-visible:after:rounded-md focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-ring"
        >
          {props.children}
        </Link>
      ) : (
        props.children
      )}
    </td>
  );
}

function SelectionBar(props: {
  selection: Selection;
  canSelectAll: boolean;
  total: number | null;
  onSelectAll: () => void;
  onClear: () => void;
  actions: (selection: Selection, clear: () => void) => ReactNode;
}) {
  const t = useTranslations("common.table");
  const format = useFormat();
  const { selection, total } = props;
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2 rounded-lg border border-primary/40 bg-primary-soft px-3 py-2 text-sm">
      <span role="status" className="figure font-medium">
        {selection.kind === "rows"
          ? t("selected", { count: format.count(selection.ids.length) })
          : selection.count === null
            ? t("allMatchingSelectedUncounted")
            : t("allMatchingSelected", { count: format.count(selection.count) })}
      </span>
      {props.canSelectAll ? (
        <Button variant="link" size="sm" onClick={props.onSelectAll}>
          {total === null
            ? t("selectAllMatchingUncounted")
            : t("selectAllMatching", { count: format.count(total) })}
        </Button>
      ) : null}
      <Button variant="link" size="sm" onClick={props.onClear}>
        {t("clearSelection")}
      </Button>
      <span className="ms-auto flex flex-wrap gap-2">{props.actions(selection, props.onClear)}</span>
    </div>
  );
}
