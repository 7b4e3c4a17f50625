"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useDeferredValue, useState } from "react";
import { useTRPC } from "@/components/trpc";
import { Combobox, type ComboboxOption } from "@/components/ui/combobox";

/** One product by name or number, as the server finds it. Knows the name of an id that comes from outside. */
export function ProductPicker({
  value,
  onValueChange,
  clearable,
  placeholder,
  "aria-label": ariaLabel,
}: {
  value: string | null;
  onValueChange: (id: string | null) => void;
  clearable?: boolean;
  placeholder?: string;
  "aria-label"?: string;
}) {
  const trpc = useTRPC();
  const [typed, setQuery] = useState("");
  const q = useDeferredValue(typed.trim());
  const found = useQuery(
    trpc.products.options.queryOptions({ q: q || undefined }, { placeholderData: keepPreviousData }),
  );
  const chosen = useQuery(
    trpc.products.options.queryOptions({ ids: value ? [value] : [] }, { enabled: value !== null }),
  );
  const optionOf = ({ id, name, number }: { id: string; name: string; number: string }): ComboboxOption => ({
    value: id,
    label: name,
    detail: number,
  });
  const current = [...(found.data ?? []), ...(chosen.data ?? [])].find(({ id }) => id === value);
  return (
    <Combobox
      aria-label={ariaLabel}
      clearable={clearable}
      placeholder={placeholder}
      options={(found.data ?? []).map(optionOf)}
      value={current ? optionOf(current) : value ? { value, label: "…" } : null}
      onQueryChange={setQuery}
      loading={found.isFetching}
      onValueChange={(option) => onValueChange(option?.value ?? null)}
    />
  );
}

/** A filter's picker: the address holds the id. */
export function ProductFilter({
  id,
  onChange,
  label,
}: {
  id: string | null;
  onChange: (id: string | null) => void;
  label: string;
}) {
  return <ProductPicker value={id} onValueChange={onChange} clearable aria-label={label} />;
}
