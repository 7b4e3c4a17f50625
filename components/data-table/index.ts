export { type DataColumn, DataTable, type DataTableProps, type Selection } from "./data-table";
export type { FilterSpec } from "./toolbar";
export { type TableState, useTableState } from "./use-table-state";
