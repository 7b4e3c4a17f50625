"use client";

import { useTranslations } from "next-intl";
import type { Explanation } from "./types";

export type RoleName = (ref: string, partyId?: string | null) => string;

/** A role of the trade with the name of who plays it, as far as the reader may know. */
export function useRoleName(explanation: Explanation): RoleName {
  const t = useTranslations("trace.roles");
  const names = new Map<string, string>();
  for (const { debit, credit } of explanation.transfers) {
    names.set(debit.party.id, debit.party.name);
    names.set(credit.party.id, credit.party.name);
  }
  const { merchant, brand, supplier, distributor } = explanation.trade;
  for (const party of [merchant, brand, supplier, distributor]) {
    if (party) names.set(party.id, party.name);
  }
  return (ref, partyId) => {
    const name = names.get(partyId ?? ref);
    const level = /^upline:(\d)$/.exec(ref)?.[1];
    if (level) return [t("upline", { level: Number(level) }), name].filter(Boolean).join(" · ");
    const key = ref as Parameters<typeof t>[0];
    if (!t.has(key)) return name ?? ref;
    return name && ref !== "payer" ? `${t(key)} · ${name}` : t(key);
  };
}
