"use client";

import { Combobox as Base } from "@base-ui/react/combobox";
import { Check, ChevronDown, X } from "lucide-react";
import { useTranslations } from "next-intl";
import { type RefObject, useRef, useState } from "react";
import { cn } from "./cn";
import { useFieldControl, useFieldLabelId } from "./field";
import { CONTROL, CONTROL_SIZE, type ControlSize } from "./input";
import { Spinner } from "./spinner";

export interface ComboboxOption {
  value: string;
  label: string;
  /** A second line: a number, a kind. */
  detail?: string;
}

interface CommonProps {
  /** What is offered for what has been typed; for a long list, what the server found. */
  options: readonly ComboboxOption[];
  /** Set it for a long list: ask the server, and give the answer as `options`. Without it the list is searched here. */
  onQueryChange?: (query: string) => void;
  loading?: boolean;
  placeholder?: string;
  size?: ControlSize;
  disabled?: boolean;
  id?: string;
  "aria-label"?: string;
  className?: string;
}

const POPUP =
  "z-50 max-h-[min(20rem,var(--available-height))] w-[max(var(--anchor-width),14rem)] max-w-[calc(100vw-1rem)] overflow-y-auto rounded-lg border border-border bg-popover p-1 shadow-pop outline-none";

/** One of many, by typing. */
export interface ComboboxProps extends CommonProps {
  /** The chosen option itself, so that its name is known before the list is. */
  value: ComboboxOption | null;
  onValueChange: (option: ComboboxOption | null) => void;
  clearable?: boolean;
}

export function Combobox({ value, onValueChange, clearable, ...props }: ComboboxProps) {
  const { options, onQueryChange, loading, placeholder, size = "md", disabled, className } = props;
  const t = useTranslations("common");
  const wiring = useFieldControl(props);
  const labelId = useFieldLabelId();
  return (
    <Base.Root<ComboboxOption>
      items={withChosen(options, value ? [value] : [])}
      filteredItems={onQueryChange ? options : undefined}
      value={value}
      onValueChange={(next, details) => {
        if (!keepsChoice(details)) onValueChange(next);
      }}
      onInputValueChange={(text, details) => {
        if (keepsChoice(details)) return;
        if (details.reason === "input-change" || details.reason === "input-clear") onQueryChange?.(text);
      }}
      itemToStringLabel={(option) => option.label}
      isItemEqualToValue={(a, b) => a.value === b.value}
      disabled={disabled}
    >
      <span className={cn("relative flex w-full items-center", className)}>
        <Base.Input
          {...wiring}
          aria-label={props["aria-label"]}
          aria-labelledby={props["aria-label"] ? undefined : labelId}
          placeholder={placeholder ?? t("form.typeToSearch")}
          className={cn(CONTROL, CONTROL_SIZE[size], "pe-14")}
        />
        <span className="absolute end-1 flex items-center text-muted-foreground">
          {clearable && value ? (
            <Base.Clear
              aria-label={t("actions.clear")}
              className="grid size-7 place-items-center rounded-sm hover:bg-accent"
            >
              <X aria-hidden className="size-3.5" />
            </Base.Clear>
          ) : null}
          <Base.Trigger
            aria-label={t("form.choose")}
            className="grid size-7 place-items-center rounded-sm hover:bg-accent"
          >
            {loading ? <Spinner /> : <ChevronDown aria-hidden className="size-4" />}
          </Base.Trigger>
        </span>
      </span>
      <Options loading={loading} />
    </Base.Root>
  );
}

/** Several of many, as chips. */
export interface MultiComboboxProps extends CommonProps {
  value: readonly ComboboxOption[];
  onValueChange: (options: ComboboxOption[]) => void;
}

export function MultiCombobox({ value, onValueChange, ...props }: MultiComboboxProps) {
  const { options, onQueryChange, loading, placeholder, disabled, className } = props;
  const t = useTranslations("common");
  const wiring = useFieldControl(props);
  const labelId = useFieldLabelId();
  const [query, setQuery] = useState("");
  const box = useRef<HTMLDivElement>(null);
  return (
    <Base.Root<ComboboxOption, true>
      multiple
      items={withChosen(options, value)}
      filteredItems={onQueryChange ? options : undefined}
      value={[...value]}
      inputValue={query}
      onValueChange={(next, details) => {
        if (keepsChoice(details)) return;
        setQuery("");
        onQueryChange?.("");
        onValueChange(next);
      }}
      onInputValueChange={(text, details) => {
        setQuery(text);
        if (details.reason === "input-change" || details.reason === "input-clear") onQueryChange?.(text);
      }}
      itemToStringLabel={(option) => option.label}
      isItemEqualToValue={(a, b) => a.value === b.value}
      disabled={disabled}
    >
      <Base.Chips
        ref={box}
        className={cn(
          CONTROL,
          "flex min-h-9 flex-wrap items-center gap-1 px-1.5 py-1 focus-within:border-ring focus-within:outline-2 focus-within:outline-ring",
          className,
        )}
      >
        {value.map((option) => (
          <Base.Chip
            key={option.value}
            className="flex h-6.5 max-w-full items-center gap-1 rounded-sm bg-secondary ps-2 text-xs outline-none data-[highlighted]:bg-primary-soft"
          >
            <span className="truncate">{option.label}</span>
            <Base.ChipRemove
              aria-label={t("form.removeItem", { name: option.label })}
              className="grid size-6 place-items-center rounded-sm hover:bg-accent"
            >
              <X aria-hidden className="size-3" />
            </Base.ChipRemove>
          </Base.Chip>
        ))}
        <Base.Input
          {...wiring}
          aria-label={props["aria-label"]}
          aria-labelledby={props["aria-label"] ? undefined : labelId}
          placeholder={value.length === 0 ? (placeholder ?? t("form.typeToSearch")) : undefined}
          className="h-6.5 min-w-24 flex-1 bg-transparent px-1.5 text-sm outline-none pointer-coarse:h-9 pointer-coarse:text-base"
        />
        {loading ? <Spinner className="me-1 text-muted-foreground" /> : null}
      </Base.Chips>
      <Options loading={loading} anchor={box} />
    </Base.Root>
  );
}

function Options({ loading, anchor }: { loading?: boolean; anchor?: RefObject<HTMLElement | null> }) {
  const t = useTranslations("common");
  return (
    <Base.Portal>
      <Base.Positioner
        anchor={anchor}
        align="start"
        sideOffset={4}
        collisionPadding={8}
        className="z-50 outline-none"
      >
        <Base.Popup className={POPUP}>
          <Base.Empty className="px-2 py-3 text-center text-sm text-muted-foreground empty:hidden">
            {loading ? t("states.loading") : t("form.noMatch")}
          </Base.Empty>
          <Base.List>
            {(option: ComboboxOption) => (
              <Base.Item
                key={option.value}
                value={option}
                className="flex cursor-pointer items-start gap-2 rounded-sm px-2 py-1.5 text-sm outline-none select-none data-[highlighted]:bg-accent pointer-coarse:min-h-11"
              >
                <span className="grid size-5 shrink-0 place-items-center">
                  <Base.ItemIndicator>
                    <Check aria-hidden className="size-4 text-primary" />
                  </Base.ItemIndicator>
                </span>
                <span className="min-w-0">
                  <span className="block truncate">{option.label}</span>
                  {option.detail ? (
                    <span className="block truncate text-xs text-muted-foreground">{option.detail}</span>
                  ) : null}
                </span>
              </Base.Item>
            )}
          </Base.List>
        </Base.Popup>
      </Base.Positioner>
    </Base.Portal>
  );
}

/** Escape closes the list, or the dialog around; it takes no choice back. Says whether this was it. */
function keepsChoice(details: Base.Root.ChangeEventDetails): boolean {
  if (details.reason !== "escape-key") return false;
  details.cancel();
  details.allowPropagation();
  return true;
}

/** What is chosen stays known while the server's answer holds other options. */
function withChosen(options: readonly ComboboxOption[], chosen: readonly ComboboxOption[]): ComboboxOption[] {
  const missing = chosen.filter((one) => !options.some((option) => option.value === one.value));
  return [...missing, ...options];
}
