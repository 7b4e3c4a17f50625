"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useDeferredValue, useState } from "react";
import { useTRPC } from "@/components/trpc";
import { Combobox, type ComboboxOption, MultiCombobox } from "@/components/ui/combobox";
import type { ControlSize } from "@/components/ui/input";
import type { PartyKind } from "@/server/core/permissions";

interface PickerProps {
  value: ComboboxOption | null;
  onValueChange: (option: ComboboxOption | null) => void;
  placeholder?: string;
  size?: ControlSize;
  disabled?: boolean;
  clearable?: boolean;
  "aria-label"?: string;
}

/** A party by name or number, as the server finds it. */
export function PartyPicker({ kinds, ...props }: PickerProps & { kinds: readonly PartyKind[] }) {
  const { options, setQuery, loading } = usePartyOptions(kinds);
  return <Combobox clearable {...props} options={options} onQueryChange={setQuery} loading={loading} />;
}

export function PartiesPicker({
  kinds,
  value,
  onValueChange,
  disabled,
}: {
  kinds: readonly PartyKind[];
  value: readonly ComboboxOption[];
  onValueChange: (options: ComboboxOption[]) => void;
  disabled?: boolean;
}) {
  const { options, setQuery, loading } = usePartyOptions(kinds);
  return (
    <MultiCombobox
      value={value}
      onValueChange={onValueChange}
      options={options}
      onQueryChange={setQuery}
      loading={loading}
      disabled={disabled}
    />
  );
}

function usePartyOptions(kinds: readonly PartyKind[]) {
  const trpc = useTRPC();
  const [typed, setQuery] = useState("");
  const q = useDeferredValue(typed.trim());
  const { data, isFetching } = useQuery(
    trpc.parties.options.queryOptions(
      { q: q || undefined, kinds: [...kinds], limit: 30 },
      { placeholderData: keepPreviousData },
    ),
  );
  const options = (data ?? []).map(({ id, name, number }) => ({ value: id, label: name, detail: number }));
  return { options, setQuery, loading: isFetching };
}

/** A campaign by name or number. */
export function CampaignPicker(props: PickerProps) {
  const trpc = useTRPC();
  const [typed, setQuery] = useState("");
  const q = useDeferredValue(typed.trim());
  const { data, isFetching } = useQuery(
    trpc.campaigns.options.queryOptions({ q: q || undefined }, { placeholderData: keepPreviousData }),
  );
  return (
    <Combobox
      clearable
      {...props}
      options={(data ?? []).map(({ id, name, number }) => ({ value: id, label: name, detail: number }))}
      onQueryChange={setQuery}
      loading={isFetching}
    />
  );
}

/** A filter's picker knows an id from the address; its name comes from the server. */
export function CampaignFilter({
  id,
  onChange,
  label,
}: {
  id: string | null;
  onChange: (id: string | null) => void;
  label: string;
}) {
  const trpc = useTRPC();
  const { data } = useQuery({
    ...trpc.campaigns.options.queryOptions({ ids: id ? [id] : [] }),
    enabled: id !== null,
  });
  return (
    <CampaignPicker
      aria-label={label}
      value={id ? { value: id, label: data?.[0]?.name ?? "…" } : null}
      onValueChange={(option) => onChange(option?.value ?? null)}
    />
  );
}

export function PartyFilter({
  id,
  onChange,
  label,
  kinds,
}: {
  id: string | null;
  onChange: (id: string | null) => void;
  label: string;
  kinds: readonly PartyKind[];
}) {
  const trpc = useTRPC();
  const { data } = useQuery({
    ...trpc.parties.options.queryOptions({ ids: id ? [id] : [] }),
    enabled: id !== null,
  });
  return (
    <PartyPicker
      aria-label={label}
      kinds={kinds}
      value={id ? { value: id, label: data?.[0]?.name ?? "…" } : null}
      onValueChange={(option) => onChange(option?.value ?? null)}
    />
  );
}
