"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { Field } from "@/components/ui/field";
import { RateInput } from "@/components/ui/rate-input";
import { Select } from "@/components/ui/select";
import type { SplitRuleDefinition } from "@/server/domain/clearing/schemas";
import { type CardSaleTerms, cardSaleRule } from "@/server/domain/clearing/standard";
import { Publish } from "./publish-form";
import type { RuleView } from "./types";

const BEARERS = ["platform", "distributor", "proportional"] as const;
const LEVELS = [1, 2, 3] as const;

/** A rate as it is typed: null where the field is empty, "wrong" where nobody can read it. */
export type TypedRate = string | null | "wrong";
export interface CardSaleValues {
  commissionRate: TypedRate;
  uplineRates: readonly TypedRate[];
  feeBearer: (typeof BEARERS)[number];
}

/** Three levels of recruiters, and bearers that a card sale has. */
export function fitsCardSaleForm({ uplineRates = [], feeBearer }: CardSaleTerms): boolean {
  return (
    uplineRates.length <= LEVELS.length &&
    (BEARERS as readonly (string | undefined)[]).includes(feeBearer ?? "platform")
  );
}

export function cardSaleValues(terms: CardSaleTerms | null): CardSaleValues {
  return {
    commissionRate: terms?.commissionRate ?? null,
    uplineRates: LEVELS.map((level) => terms?.uplineRates?.[level - 1] ?? null),
    feeBearer: (terms?.feeBearer as CardSaleValues["feeBearer"] | undefined) ?? "platform",
  };
}

/** Null while a rate cannot be read. A level left empty below one that earns gets nothing. */
export function cardSaleDefinition(values: CardSaleValues): SplitRuleDefinition | null {
  const { commissionRate, uplineRates, feeBearer } = values;
  if (commissionRate === "wrong" || uplineRates.includes("wrong")) return null;
  const last = uplineRates.findLastIndex((rate) => rate !== null);
  return cardSaleRule({
    commissionRate,
    uplineRates: uplineRates.slice(0, last + 1).map((rate) => rate ?? "0"),
    feeBearer,
  });
}

/** The plain form of a card sale's split: cost and mark-up go where they belong by themselves, the rest is the margin. */
export function CardSaleForm({ rule, terms }: { rule?: RuleView; terms: CardSaleTerms | null }) {
  const t = useTranslations("rules.form");
  const editor = useTranslations("rules.editor");
  const [values, setValues] = useState(() => cardSaleValues(terms));
  const typed = (rate: string | null, text: string): TypedRate =>
    rate ?? (text.trim() === "" ? null : "wrong");
  return (
    <Publish rule={rule} kind="card_sale" definition={cardSaleDefinition(values)}>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label={t("cardCommission")} hint={t("cardCommissionHint")} optional>
          <RateInput
            value={readable(values.commissionRate)}
            onValueChange={(rate, text) =>
              setValues((old) => ({ ...old, commissionRate: typed(rate, text) }))
            }
          />
        </Field>
        <Field label={t("bearer")}>
          <Select
            value={values.feeBearer}
            onValueChange={(feeBearer) => setValues((old) => ({ ...old, feeBearer }))}
            options={BEARERS.map((value) => ({ value, label: t(`bearers.${value}`) }))}
          />
        </Field>
      </div>
      <Field group label={t("uplines")} hint={t("uplinesHint")}>
        <div className="grid gap-4 sm:grid-cols-3">
          {LEVELS.map((level) => (
            <Field key={level} label={editor("upline", { level })}>
              <RateInput
                value={readable(values.uplineRates[level - 1] ?? null)}
                onValueChange={(rate, text) =>
                  setValues((old) => ({
                    ...old,
                    uplineRates: old.uplineRates.with(level - 1, typed(rate, text)),
                  }))
                }
              />
            </Field>
          ))}
        </div>
      </Field>
    </Publish>
  );
}

const readable = (rate: TypedRate) => (rate === "wrong" ? null : rate);
