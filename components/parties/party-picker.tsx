"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useTRPC } from "@/components/trpc";
import { Combobox, type ComboboxOption } from "@/components/ui/combobox";
import type { PartyKind } from "@/server/core/permissions";

export interface PickedParty {
  id: string;
  kind: PartyKind;
  name: string;
  number: string;
}

/** One party by name or number; the server searches. For those who may see all parties. */
export function PartyPicker({
  value,
  onValueChange,
  kinds,
  clearable,
  size,
  "aria-label": ariaLabel,
}: {
  value: string | null;
  onValueChange: (id: string | null, party: PickedParty | null) => void;
  kinds?: PartyKind[];
  clearable?: boolean;
  size?: "sm" | "md";
  "aria-label"?: string;
}) {
  const t = useTranslations("parties.picker");
  const kindNames = useTranslations("common.partyKinds");
  const trpc = useTRPC();
  const [query, setQuery] = useState("");
  const found = useQuery(
    trpc.parties.options.queryOptions(
      { q: query || undefined, kinds },
      { placeholderData: keepPreviousData },
    ),
  );
  const chosen = useQuery(
    trpc.parties.options.queryOptions({ ids: value ? [value] : [] }, { enabled: value !== null }),
  );
  const known = [...(found.data ?? []), ...(chosen.data ?? [])];
  const optionOf = (party: PickedParty): ComboboxOption => ({
    value: party.id,
    label: party.name,
    detail: `${party.number} · ${kindNames(party.kind)}`,
  });
  const current = known.find((party) => party.id === value);
  return (
    <Combobox
      aria-label={ariaLabel}
      size={size}
      clearable={clearable}
      placeholder={t("placeholder")}
      options={(found.data ?? []).map(optionOf)}
      value={current ? optionOf(current) : null}
      onQueryChange={setQuery}
      loading={found.isFetching}
      onValueChange={(option) => {
        const party = known.find(({ id }) => id === option?.value) ?? null;
        onValueChange(party?.id ?? null, party);
      }}
    />
  );
}
