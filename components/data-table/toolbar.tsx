"use client";

import type { RowData } from "@tanstack/react-table";
import { Columns3, Download, ListFilter, Search, X } from "lucide-react";
import { useTranslations } from "next-intl";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { Badge } from "@/components/ui/badge";
import { Button, buttonStyles, IconButton } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { DateRangePicker } from "@/components/ui/date-range-picker";
import { Sheet } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Menu, MenuCheck, MenuItem, MenuSeparator } from "@/components/ui/menu";
import { Popover } from "@/components/ui/popover";
import { Select } from "@/components/ui/select";
import type { DataColumn } from "./data-table";
import type { Filters, SortDirection } from "./definition";
import type { TableState } from "./use-table-state";

export interface FilterSpec<F extends Filters = Filters> {
  name: keyof F & string;
  label: string;
  /** The choices, for a filter of known values. */
  options?: readonly { value: string; label: string }[];
  /** A control of its own, e.g. a party picker, for a filter of any text. */
  render?: (value: string | null, onChange: (value: string | null) => void) => ReactNode;
}

interface ToolbarProps<Row extends RowData, F extends Filters, S extends string> {
  table: TableState<F, S>;
  columns: readonly DataColumn<Row, S>[];
  visibleIds: readonly string[];
  searchLabel?: string;
  filters: readonly FilterSpec<F>[];
  dateLabel?: string;
  exportHref?: string;
  actions?: ReactNode;
}

export function TableToolbar<Row extends RowData, F extends Filters, S extends string>(
  props: ToolbarProps<Row, F, S>,
) {
  const { table, filters, dateLabel, searchLabel } = props;
  const t = useTranslations("common.table");
  const active = Object.values(table.values.filters).filter((list) => list !== null).length;
  const sortable = props.columns.filter((column) => column.sort);
  const range = { from: table.values.from, to: table.values.to };
  return (
    <div
      role="toolbar"
      aria-label={t("filters")}
      className="flex flex-wrap items-center gap-2"
      data-print="hide"
    >
      {searchLabel ? (
        <SearchField label={searchLabel} value={table.values.q ?? ""} onChange={table.setSearch} />
      ) : null}
      {dateLabel ? (
        <DateRangePicker
          label={dateLabel}
          value={range}
          onValueChange={table.setRange}
          className="max-sm:flex-1"
        />
      ) : null}

      <div className="contents max-sm:hidden">
        {filters.map((filter) => (
          <FilterControl key={filter.name} table={table} filter={filter} />
        ))}
      </div>

      {filters.length > 0 || sortable.length > 0 ? (
        <Sheet
          side="right"
          title={t("filters")}
          trigger={
            <Button variant="outline" icon={<ListFilter aria-hidden />} className="sm:hidden">
              {t("filter")}
              {active > 0 ? <Badge tone="primary">{active}</Badge> : null}
            </Button>
          }
        >
          <div className="space-y-5">
            {sortable.length > 0 ? <SortField table={table} columns={sortable} /> : null}
            {filters.map((filter) => (
              <FilterField key={filter.name} table={table} filter={filter} />
            ))}
          </div>
        </Sheet>
      ) : null}

      {table.filtered ? (
        <Button variant="ghost" icon={<X aria-hidden />} onClick={table.clear}>
          {t("clearFilters")}
        </Button>
      ) : null}

      <div className="ms-auto flex items-center gap-2">
        {props.exportHref ? (
          // A file, not a page: no client navigation, no prefetch.
          <a href={props.exportHref} download className={buttonStyles({ variant: "outline" })}>
            <Download aria-hidden />
            <ExportLabel />
          </a>
        ) : null}
        <ColumnMenu {...props} />
        {props.actions}
      </div>
    </div>
  );
}

function ExportLabel() {
  const t = useTranslations("common.actions");
  return <span className="max-sm:sr-only">{t("export")}</span>;
}

/** Asks once the typing pauses; Enter asks at once. */
function SearchField(props: { label: string; value: string; onChange: (q: string) => void }) {
  const t = useTranslations("common.actions");
  const [text, setText] = useState(props.value);
  const [known, setKnown] = useState(props.value);
  if (known !== props.value) {
    setKnown(props.value);
    if (props.value !== text.trim()) setText(props.value);
  }
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const tell = (next: string, wait: number) => {
    setText(next);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => props.onChange(next), wait);
  };
  return (
    <search className="w-full sm:w-64">
      <Input
        type="search"
        enterKeyHint="search"
        aria-label={props.label}
        placeholder={props.label}
        value={text}
        maxLength={100}
        onChange={(event) => tell(event.target.value, 300)}
        onKeyDown={(event) => {
          if (event.key === "Enter" && !event.nativeEvent.isComposing) tell(text, 0);
        }}
        prefix={<Search aria-hidden />}
        suffix={
          text ? (
            <IconButton label={t("clear")} size="icon-sm" onClick={() => tell("", 0)}>
              <X aria-hidden />
            </IconButton>
          ) : null
        }
        className="[&::-webkit-search-cancel-button]:hidden"
      />
    </search>
  );
}

function FilterControl<F extends Filters, S extends string>(props: {
  table: TableState<F, S>;
  filter: FilterSpec<F>;
}) {
  const { table, filter } = props;
  const t = useTranslations("common.table");
  const chosen = table.values.filters[filter.name] ?? [];
  const names = chosen.map(
    (value) => filter.options?.find((option) => option.value === value)?.label ?? value,
  );
  const shown = filter.options
    ? names.length > 2
      ? String(names.length)
      : names.join(" · ")
    : names.length > 0
      ? "1"
      : "";
  return (
    <Popover
      label={t("filterBy", { name: filter.label })}
      className="w-64"
      trigger={
        <Button variant="outline" className="max-w-72 border-dashed font-normal data-[popup-open]:bg-accent">
          <ListFilter aria-hidden className="text-muted-foreground" />
          {filter.label}
          {shown ? <Badge tone="primary">{shown}</Badge> : null}
        </Button>
      }
    >
      <FilterField table={table} filter={filter} hideLabel />
    </Popover>
  );
}

function FilterField<F extends Filters, S extends string>(props: {
  table: TableState<F, S>;
  filter: FilterSpec<F>;
  hideLabel?: boolean;
}) {
  const { table, filter, hideLabel } = props;
  const chosen = table.values.filters[filter.name] ?? [];
  const many = table.definition.filters[filter.name]?.many ?? false;
  if (!filter.options) {
    return (
      <Field label={filter.label} hideLabel={hideLabel}>
        {filter.render?.(chosen[0] ?? null, (value) => table.setFilter(filter.name, value ? [value] : null))}
      </Field>
    );
  }
  return (
    <Field group label={filter.label} hideLabel={hideLabel}>
      <div className="max-h-72 space-y-1.5 overflow-y-auto p-0.5">
        {filter.options.map((option) => (
          <Checkbox
            key={option.value}
            label={option.label}
            checked={chosen.includes(option.value)}
            onCheckedChange={(checked) =>
              table.setFilter(
                filter.name,
                many
                  ? checked
                    ? [...chosen, option.value]
                    : chosen.filter((value) => value !== option.value)
                  : checked
                    ? [option.value]
                    : null,
              )
            }
          />
        ))}
      </div>
    </Field>
  );
}

function SortField<Row extends RowData, F extends Filters, S extends string>(props: {
  table: TableState<F, S>;
  columns: readonly DataColumn<Row, S>[];
}) {
  const { table } = props;
  const t = useTranslations("common.table");
  const options = props.columns.flatMap((column) =>
    (["asc", "desc"] as const).map((direction) => ({
      value: `${column.sort}.${direction}`,
      label: `${column.header} · ${t(direction === "asc" ? "ascending" : "descending")}`,
    })),
  );
  return (
    <Field label={t("sortBy", { name: "" })}>
      <Select
        options={options}
        value={table.query.sort ? `${table.query.sort}.${table.query.direction}` : ""}
        placeholder={table.query.sort ? undefined : "–"}
        onValueChange={(value) => {
          const column = props.columns.find((one) => value.startsWith(`${one.sort}.`));
          if (!column?.sort) return;
          table.setSort({ by: column.sort, direction: value.slice(column.sort.length + 1) as SortDirection });
        }}
      />
    </Field>
  );
}

function ColumnMenu<Row extends RowData, F extends Filters, S extends string>({
  table,
  columns,
  visibleIds,
}: ToolbarProps<Row, F, S>) {
  const t = useTranslations("common.table");
  const choosable = columns.filter((column) => !column.fixed);
  if (choosable.length < 2) return null;
  return (
    <Menu
      trigger={
        <IconButton label={t("chooseColumns")} variant="outline" className="max-sm:hidden">
          <Columns3 aria-hidden />
        </IconButton>
      }
    >
      {choosable.map((column) => (
        <MenuCheck
          key={column.id}
          checked={visibleIds.includes(column.id)}
          disabled={visibleIds.length === 1 && visibleIds.includes(column.id)}
          onCheckedChange={(checked) =>
            table.setColumns(
              columns
                .map((one) => one.id)
                .filter((id) => (id === column.id ? checked : visibleIds.includes(id))),
            )
          }
        >
          {column.header}
        </MenuCheck>
      ))}
      <MenuSeparator />
      <MenuItem disabled={table.columns === null} onSelect={() => table.setColumns(null)}>
        {t("resetColumns")}
      </MenuItem>
    </Menu>
  );
}
