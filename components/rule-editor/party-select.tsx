"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { Select } from "@/components/ui/select";
import { PartyFilter } from "@/components/vouchers/pickers";

const NAMED = "named";

/** A role in the trade, or one party by name. */
export function PartySelect({
  value,
  roles,
  label,
  onChange,
}: {
  value: string;
  roles: readonly string[];
  /** Of the picker behind; the select itself is labelled by its field. */
  label: string;
  onChange: (ref: string) => void;
}) {
  const t = useTranslations("rules.editor");
  const name = useRefName();
  const [choosing, setChoosing] = useState(false);
  const named = value.includes("-") || (choosing && value === "");
  return (
    <div className="space-y-1.5">
      <Select
        value={named ? NAMED : value}
        placeholder={t("choose")}
        onValueChange={(next) => {
          setChoosing(next === NAMED);
          onChange(next === NAMED ? "" : next);
        }}
        options={[
          ...[...new Set([...roles, ...(value && !named ? [value] : [])])].map((role) => ({
            value: role,
            label: name(role),
          })),
          { value: NAMED, label: t("namedParty") },
        ]}
      />
      {named ? (
        <PartyFilter
          id={value || null}
          label={label}
          kinds={["merchant", "brand", "distributor", "supplier", "platform"]}
          onChange={(id) => onChange(id ?? "")}
        />
      ) : null}
    </div>
  );
}

/** The name of a role, an upline, or a source of money; an id stands as it is. */
export function useRefName(): (ref: string) => string {
  const t = useTranslations("trace.roles");
  const editor = useTranslations("rules.editor");
  return (ref) => {
    if (ref.startsWith("upline:")) return editor("upline", { level: Number(ref.slice("upline:".length)) });
    const key = ref as Parameters<typeof t>[0];
    return t.has(key) ? t(key) : ref;
  };
}
