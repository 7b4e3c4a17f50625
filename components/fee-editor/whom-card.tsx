"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { localIn } from "@/components/format/format";
import { useFormat } from "@/components/format/use-format";
import { useViewer } from "@/components/layout/viewer";
import { usePartyNames } from "@/components/rules/use-party-names";
import { useTRPC } from "@/components/trpc";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Checkbox } from "@/components/ui/checkbox";
import { DateInput } from "@/components/ui/date-input";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import type { Change } from "@/components/versions/history";
import type { ProblemAt } from "@/components/versions/use-problems";
import { PartiesPicker } from "@/components/vouchers/pickers";
import type { FeeDoc } from "./state";

interface Props {
  doc: FeeDoc;
  change: Change<FeeDoc>;
  at: ProblemAt;
}

/** Everyone of the role, tiers of distributors, and parties by name. */
export function WhomCard({ doc, change, at }: Props) {
  const t = useTranslations("fees.editor.whom");
  const trpc = useTRPC();
  const { role } = doc.scope;
  const { everyone, tiers, parties } = doc.appliesTo;
  const nameOf = usePartyNames(parties);
  const { data: known = [] } = useQuery({
    ...trpc.tiers.list.queryOptions(),
    enabled: role === "distributor",
  });
  const set = (part: Partial<FeeDoc["appliesTo"]>) =>
    change(`appliesTo/${Object.keys(part).join()}`, (old) => ({
      ...old,
      appliesTo: { ...old.appliesTo, ...part },
    }));
  const nobody = at("appliesTo");
  return (
    <Card title={t("title")} description={t("hint")}>
      <div className="space-y-4">
        <Checkbox
          label={t(`everyone.${role}`)}
          checked={everyone}
          onCheckedChange={(checked) => set({ everyone: checked })}
        />
        {role === "distributor" ? (
          <Field group label={t("tiers")} error={at("appliesTo", "tiers")}>
            {known.length === 0 ? (
              <p className="text-sm text-muted-foreground">{t("noTiers")}</p>
            ) : (
              <div className="flex flex-wrap gap-x-5 gap-y-2">
                {known.map(({ code, name }) => (
                  <Checkbox
                    key={code}
                    id={`tier-${code}`}
                    label={name}
                    checked={tiers.includes(code)}
                    onCheckedChange={(checked) =>
                      set({ tiers: checked ? [...tiers, code] : tiers.filter((one) => one !== code) })
                    }
                  />
                ))}
              </div>
            )}
          </Field>
        ) : null}
        <Field label={t(`parties.${role}`)} error={at("appliesTo", "parties")} optional>
          <PartiesPicker
            key={role}
            kinds={[role]}
            value={parties.map((id) => ({ value: id, label: nameOf(id) ?? "…" }))}
            onValueChange={(options) => set({ parties: options.map(({ value }) => value) })}
          />
        </Field>
        {nobody && !at("appliesTo", "tiers") && !at("appliesTo", "parties") ? (
          <p className="text-xs font-medium text-destructive">{nobody}</p>
        ) : null}
      </div>
    </Card>
  );
}

/** When it begins, and why. */
export function BeginsCard({ doc, change, at }: Props) {
  const t = useTranslations("fees.editor.terms");
  const rules = useTranslations("rules.fields");
  const format = useFormat();
  const { tenant } = useViewer();
  const today = localIn(new Date(), tenant.timezone).slice(0, 10);
  const nextMonth = monthAfter(today);
  const begin = (effectiveFrom: string | null) =>
    change("effectiveFrom", (old) => ({ ...old, effectiveFrom }));
  return (
    <Card title={t("title")}>
      <div className="grid gap-4 sm:grid-cols-2">
        <div className="space-y-2">
          <Field
            label={rules("effective")}
            hint={t("hint", { zone: format.zone() })}
            error={at("effectiveFrom")}
            optional
          >
            <DateInput value={doc.effectiveFrom} min={today} onValueChange={begin} />
          </Field>
          {doc.effectiveFrom === nextMonth ? null : (
            <Button type="button" size="sm" variant="outline" onClick={() => begin(nextMonth)}>
              {t("nextMonth", { day: format.day(nextMonth) })}
            </Button>
          )}
        </div>
        <Field label={rules("note")} hint={rules("noteHint")} optional>
          <Input
            value={doc.note}
            maxLength={500}
            onChange={(event) => {
              const note = event.target.value;
              change("note", (old) => ({ ...old, note }));
            }}
          />
        </Field>
      </div>
    </Card>
  );
}

/** The first day of the month after a day's. */
function monthAfter(day: string): string {
  const [year = 0, month = 0] = day.split("-").map(Number);
  const next = month === 12 ? [year + 1, 1] : [year, month + 1];
  return `${next[0]}-${`${next[1]}`.padStart(2, "0")}-01`;
}
