"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { useViewer } from "@/components/layout/viewer";
import { Alert } from "@/components/ui/alert";
import { LinkButton } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { Textarea } from "@/components/ui/input";
import { MoneyInput } from "@/components/ui/money-input";
import { PageFrame } from "@/components/ui/page-frame";
import { RadioGroup } from "@/components/ui/radio-group";
import { RateInput } from "@/components/ui/rate-input";
import { Select } from "@/components/ui/select";
import {
  type SplitRuleDefinition,
  splitRuleDefinition,
  type TradeKind,
} from "@/server/domain/clearing/schemas";
import {
  cardSaleTermsOf,
  type RedemptionTerms,
  redemptionRule,
  redemptionTermsOf,
} from "@/server/domain/clearing/standard";
import { CardSaleForm, fitsCardSaleForm } from "./card-sale-form";
import { Publish } from "./publish-form";
import type { RuleView } from "./types";

const KINDS = ["redemption", "card_sale"] as const;
const BASES = ["net_of_merchant_discount", "gross", "paid", "discount"] as const;
const BEARERS = ["platform", "merchant", "proportional"] as const;
const FUNDERS = ["brand", "platform", "merchant"] as const;

/** What the plain form holds; a rate that cannot be read is null. */
interface Terms {
  commissionRate: string | null;
  commissionBase: (typeof BASES)[number];
  feeBearer: (typeof BEARERS)[number];
  handling: bigint | null;
  funding: Record<(typeof FUNDERS)[number], string | null>;
}

/** A new rule, or with `rule` a further version of it. */
export function RuleForm({ rule }: { rule?: RuleView }) {
  const t = useTranslations("rules");
  const [chosen, setChosen] = useState<(typeof KINDS)[number]>("redemption");
  return (
    <PageFrame
      title={rule ? t("newVersion", { name: rule.name }) : t("new")}
      breadcrumbs={[{ label: t("title"), href: "/rules" }]}
      actions={
        <LinkButton variant="outline" href={rule ? `/rules/${rule.id}/edit` : "/rules/new"}>
          {t("editor.full")}
        </LinkButton>
      }
      width="narrow"
    >
      {rule ? null : (
        <Card>
          <Field label={t("fields.kind")} group>
            <RadioGroup
              look="inline"
              value={chosen}
              onValueChange={(kind) => setChosen(kind as typeof chosen)}
              options={KINDS.map((value) => ({ value, label: t(`fields.kinds.${value}`) }))}
            />
          </Field>
        </Card>
      )}
      <FormOfKind key={chosen} rule={rule} kind={rule?.tradeKind ?? chosen} />
    </PageFrame>
  );
}

/** The plain form where it can say what the rule says, else the definition as it is. */
function FormOfKind({ rule, kind }: { rule?: RuleView; kind: TradeKind }) {
  const newest = rule?.versions[0]?.definition;
  if (kind === "card_sale") {
    const terms = newest ? cardSaleTermsOf(newest) : null;
    if (!newest || (terms && fitsCardSaleForm(terms))) return <CardSaleForm rule={rule} terms={terms} />;
  } else if (kind === "redemption") {
    const terms = newest ? redemptionTermsOf(newest) : null;
    if (!newest || (terms && fitsForm(terms))) return <PlainForm rule={rule} terms={terms} />;
  }
  return <AdvancedForm rule={rule} definition={newest} kind={kind} />;
}

/** The form names three funders by role and four bases; a rule that says otherwise is edited as it is. */
function fitsForm({ funding = [], commissionBase, feeBearer }: RedemptionTerms): boolean {
  return (
    funding.every((f) => (FUNDERS as readonly string[]).includes(f.party) && f.priority === undefined) &&
    (BASES as readonly (string | undefined)[]).includes(commissionBase) &&
    (BEARERS as readonly (string | undefined)[]).includes(feeBearer)
  );
}

function PlainForm({ rule, terms }: { rule?: RuleView; terms: RedemptionTerms | null }) {
  const t = useTranslations("rules");
  const base = useTranslations("trace.bases");
  const role = useTranslations("trace.roles");
  const { tenant } = useViewer();
  const [values, setValues] = useState<Terms>(() => formValues(terms));
  const set = (change: Partial<Terms>) => setValues((old) => ({ ...old, ...change }));
  const definition = definitionOf(values, tenant.currency);
  return (
    <Publish rule={rule} kind="redemption" definition={definition}>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label={t("form.commission")} required>
          <RateInput
            value={values.commissionRate}
            onValueChange={(commissionRate) => set({ commissionRate })}
          />
        </Field>
        <Field label={t("form.base")}>
          <Select
            value={values.commissionBase}
            onValueChange={(commissionBase) => set({ commissionBase })}
            options={BASES.map((value) => ({ value, label: base(value) }))}
          />
        </Field>
        <Field label={t("form.bearer")}>
          <Select
            value={values.feeBearer}
            onValueChange={(feeBearer) => set({ feeBearer })}
            options={BEARERS.map((value) => ({ value, label: t(`form.bearers.${value}`) }))}
          />
        </Field>
        <Field label={t("form.handling")} hint={t("form.handlingHint")} optional>
          <MoneyInput
            value={values.handling}
            currency={tenant.currency}
            onValueChange={(handling) => set({ handling })}
          />
        </Field>
      </div>
      <Field group label={t("form.funding")} hint={t("form.fundingHint")}>
        <div className="grid gap-4 sm:grid-cols-3">
          {FUNDERS.map((funder) => (
            <Field key={funder} label={role(funder)}>
              <RateInput
                value={values.funding[funder]}
                onValueChange={(share) => set({ funding: { ...values.funding, [funder]: share } })}
              />
            </Field>
          ))}
        </div>
      </Field>
    </Publish>
  );
}

function formValues(terms: RedemptionTerms | null): Terms {
  const shareOf = (party: string) => terms?.funding?.find((f) => f.party === party)?.share ?? null;
  return {
    commissionRate: terms?.commissionRate ?? null,
    commissionBase: (terms?.commissionBase as Terms["commissionBase"]) ?? "net_of_merchant_discount",
    feeBearer: (terms?.feeBearer as Terms["feeBearer"]) ?? "platform",
    handling: terms?.handling ? BigInt(terms.handling.amount) : null,
    funding: { brand: shareOf("brand"), platform: shareOf("platform"), merchant: shareOf("merchant") },
  };
}

function definitionOf(values: Terms, currency: string): SplitRuleDefinition | null {
  if (values.commissionRate === null) return null;
  return redemptionRule({
    commissionRate: values.commissionRate,
    commissionBase: values.commissionBase,
    feeBearer: values.feeBearer,
    funding: FUNDERS.flatMap((party) => {
      const share = values.funding[party];
      return share === null || share === "0" ? [] : [{ party, share }];
    }),
    handling:
      values.handling !== null && values.handling > 0n
        ? { amount: values.handling.toString(), currency }
        : undefined,
  });
}

function AdvancedForm({
  rule,
  definition,
  kind,
}: {
  rule?: RuleView;
  definition?: SplitRuleDefinition;
  kind: TradeKind;
}) {
  const t = useTranslations("rules.form");
  const [text, setText] = useState(() => JSON.stringify(definition, null, 2));
  return (
    <Publish rule={rule} kind={kind} definition={readDefinition(text)}>
      <Alert tone="info">{t("advanced")}</Alert>
      <Field label={t("definition")} required>
        <Textarea
          rows={20}
          spellCheck={false}
          className="font-mono text-xs"
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </Field>
    </Publish>
  );
}

function readDefinition(text: string): SplitRuleDefinition | null {
  try {
    const parsed = splitRuleDefinition.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null; // not JSON yet
  }
}
