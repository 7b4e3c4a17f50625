"use client";

import { useTranslations } from "next-intl";
import { Card } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { MoneyInput } from "@/components/ui/money-input";
import { Select } from "@/components/ui/select";
import type { Change } from "@/components/versions/history";
import type { ProblemAt } from "@/components/versions/use-problems";
import { ROUNDING_MODES } from "@/server/core/money";
import { FEE_BEARERS } from "@/server/domain/clearing/schemas";
import { type FeeDoc, partsOf } from "./state";

/** Fixed part, bounds, rounding and, of a channel's fee, who bears it. */
export function PartsCard({
  doc,
  currency,
  change,
  at,
}: {
  doc: FeeDoc;
  currency: string;
  change: Change<FeeDoc>;
  at: ProblemAt;
}) {
  const t = useTranslations("fees.editor.parts");
  const trace = useTranslations("trace.rounding");
  const bearers = useTranslations("rules.form.bearers");
  const flat = doc.method === "flat";
  const labels = {
    fixed: { label: t("fixed"), hint: t("fixedHint") },
    min: flat ? { label: t("minTrade") } : { label: t("minMonth"), hint: t("minMonthHint") },
    max: flat ? { label: t("maxTrade") } : { label: t("maxMonth"), hint: t("maxMonthHint") },
  };
  return (
    <Card title={t("title")}>
      <div className="grid gap-4 sm:grid-cols-2 2xl:grid-cols-3">
        {partsOf(doc).map((part) => (
          <Field key={part} {...labels[part]} error={at(part)} optional>
            <MoneyInput
              key={currency}
              value={doc[part] ? BigInt(doc[part]) : null}
              currency={currency}
              onValueChange={(amount, text) =>
                change(part, (old) => ({
                  ...old,
                  [part]: amount === null ? (text.trim() === "" ? null : "") : `${amount}`,
                }))
              }
            />
          </Field>
        ))}
        <Field label={t("rounding")}>
          <Select
            value={doc.rounding}
            onValueChange={(rounding) => change("rounding", (old) => ({ ...old, rounding }))}
            options={ROUNDING_MODES.map((mode) => ({ value: mode, label: trace(mode) }))}
          />
        </Field>
        {doc.scope.role === "channel" ? (
          <Field label={t("bearer")} error={at("bearer")}>
            <Select
              value={doc.bearer ?? "rule"}
              onValueChange={(bearer) =>
                change("bearer", (old) => ({ ...old, bearer: bearer === "rule" ? null : bearer }))
              }
              options={[
                { value: "rule" as const, label: t("byRule") },
                ...FEE_BEARERS.map((value) => ({ value, label: bearers(value) })),
              ]}
            />
          </Field>
        ) : null}
      </div>
    </Card>
  );
}
