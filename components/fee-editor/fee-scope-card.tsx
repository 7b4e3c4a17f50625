"use client";

import { useTranslations } from "next-intl";
import { FeeFacts } from "@/components/fees/fee-facts";
import type { FeeScheduleView } from "@/components/fees/types";
import { Card } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import type { Change } from "@/components/versions/history";
import type { ProblemAt } from "@/components/versions/use-problems";
import { FEE_ROLES } from "@/server/domain/clearing/fees/schemas";
import { changeRole, type FeeDoc } from "./state";

/** What a schedule is called, and which leg of whom it prices; of one that others have seen, only to read. */
export function FeeScopeCard({
  doc,
  change,
  at,
  schedule,
}: {
  doc: FeeDoc;
  change: Change<FeeDoc>;
  at: ProblemAt;
  /** With a version that was submitted: its scope stays. */
  schedule: FeeScheduleView | null;
}) {
  const t = useTranslations("fees");
  const { role, leg, currency } = doc.scope;
  if (schedule) {
    return (
      <Card title={t("editor.scope.title")} description={t("editor.scope.fixed")}>
        <FeeFacts of={schedule} />
      </Card>
    );
  }
  const set = (part: Partial<FeeDoc["scope"]>) =>
    change(`scope/${Object.keys(part).join()}`, (old) => ({ ...old, scope: { ...old.scope, ...part } }));
  return (
    <Card title={t("editor.scope.title")}>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label={t("fields.name")} required error={at("name")}>
          <Input
            value={doc.name}
            maxLength={120}
            onChange={(event) => {
              const name = event.target.value;
              change("name", (old) => ({ ...old, name }));
            }}
          />
        </Field>
        <Field label={t("fields.role")}>
          <Select
            value={role}
            onValueChange={(next) => change("scope/role", (old) => changeRole(old, next))}
            options={FEE_ROLES.map((value) => ({ value, label: t(`roles.${value}`) }))}
          />
        </Field>
        <Field
          label={t("fields.leg")}
          hint={t(role === "channel" ? "editor.scope.channelHint" : "editor.scope.legHint")}
          error={at("scope", "leg")}
        >
          <Input
            value={leg}
            maxLength={40}
            spellCheck={false}
            readOnly={role === "channel"}
            className="font-mono text-xs"
            onChange={(event) => set({ leg: event.target.value })}
          />
        </Field>
        <Field label={t("fields.currency")} error={at("scope", "currency")}>
          <Input
            value={currency}
            maxLength={8}
            className="uppercase"
            onChange={(event) => set({ currency: event.target.value.normalize("NFKC").toUpperCase().trim() })}
          />
        </Field>
      </div>
    </Card>
  );
}
