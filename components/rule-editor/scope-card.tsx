"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { memo, useDeferredValue, useState } from "react";
import { useFormat } from "@/components/format/use-format";
import { ProductPicker } from "@/components/products/product-picker";
import { RuleScopeText } from "@/components/rules/scope";
import type { RuleView } from "@/components/rules/types";
import { useTRPC } from "@/components/trpc";
import { Badge } from "@/components/ui/badge";
import { Card } from "@/components/ui/card";
import { DescriptionList } from "@/components/ui/description-list";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import type { ProblemAt } from "@/components/versions/use-problems";
import { CampaignFilter, PartyFilter } from "@/components/vouchers/pickers";
import { type RuleScope, TRADE_KINDS } from "@/server/domain/clearing/schemas";
import type { Change } from "./funding-card";
import { changeKind, type RuleDoc } from "./state";

type Facts = Omit<RuleScope, "tradeKind">;

/** What a rule is called and applies to; of one that others have seen, only to read. */
export function ScopeCard({
  doc,
  change,
  at,
  rule,
  exponent,
}: {
  doc: RuleDoc;
  change: Change;
  at: ProblemAt;
  /** With a version that was submitted: its scope stays. */
  rule: RuleView | null;
  exponent: number;
}) {
  const t = useTranslations("rules.editor.scope");
  const rules = useTranslations("rules");
  if (rule && rule.versions.length > 0) {
    return (
      <Card title={t("title")} description={t("fixed")}>
        <DescriptionList
          columns={3}
          items={[
            { label: rules("fields.number"), value: <span className="figure">{rule.number}</span> },
            { label: rules("fields.scope"), value: <RuleScopeText rule={rule} /> },
            { label: rules("fields.priority"), value: <span className="figure">{rule.priority}</span> },
          ]}
        />
      </Card>
    );
  }
  return (
    <Card title={t("title")} description={rules("scope.hint")}>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label={rules("fields.name")} required error={at("name")}>
          <Input
            value={doc.name}
            maxLength={120}
            onChange={(event) => {
              const name = event.target.value;
              change("name", (old) => ({ ...old, name }));
            }}
          />
        </Field>
        <Field label={t("kind")}>
          <Select
            value={doc.scope.tradeKind}
            onValueChange={(kind) => change("scope/kind", (old) => changeKind(old, kind, exponent))}
            options={TRADE_KINDS.map((kind) => ({ value: kind, label: t(`kinds.${kind}`) }))}
          />
        </Field>
        <FactFields
          facts={doc.scope}
          at={(field) => at("scope", field)}
          onChange={(facts) =>
            change(`scope/${Object.keys(facts).join()}`, (old) => ({
              ...old,
              scope: { ...old.scope, ...facts },
            }))
          }
        />
        <Field label={rules("fields.priority")} hint={rules("fields.priorityHint")} error={at("priority")}>
          <PriorityInput
            value={doc.priority}
            onChange={(priority) => change("priority", (old) => ({ ...old, priority }))}
          />
        </Field>
      </div>
    </Card>
  );
}

/** A whole number from −1000 to 1000, as it is typed: "-" and nothing are on the way to one. */
function PriorityInput({ value, onChange }: { value: number; onChange: (priority: number) => void }) {
  const [text, setText] = useState(`${value}`);
  const [told, setTold] = useState(value);
  if (told !== value) {
    setTold(value);
    setText(`${value}`);
  }
  return (
    <Input
      inputMode="numeric"
      value={text}
      maxLength={5}
      className="figure max-w-32"
      aria-invalid={readPriority(text) === null || undefined}
      onBlur={() => setText(`${value}`)}
      onChange={(event) => {
        setText(event.target.value);
        const priority = readPriority(event.target.value);
        if (priority === null) return;
        setTold(priority);
        onChange(priority);
      }}
    />
  );
}

function readPriority(text: string): number | null {
  const plain = text.normalize("NFKC").replace("−", "-").trim();
  const value = Number(plain);
  return /^-?\d{1,4}$/.test(plain) && Math.abs(value) <= 1000 ? value : null;
}

/** Pickers of the facts that scopes of a trade kind can name. */
function FactFields({
  facts,
  at,
  onChange,
}: {
  facts: RuleScope;
  at?: (field: keyof Facts) => string | undefined;
  onChange: (facts: Facts) => void;
}) {
  const rules = useTranslations("rules.scope");
  const cards = facts.tradeKind === "card_sale";
  return (
    <>
      {cards ? (
        <>
          <Field label={rules("product")} error={at?.("productId")}>
            <ProductPicker
              clearable
              value={facts.productId ?? null}
              placeholder={rules("all")}
              onValueChange={(productId) => onChange({ productId })}
            />
          </Field>
          <TierField value={facts.tier ?? ""} error={at?.("tier")} onChange={(tier) => onChange({ tier })} />
        </>
      ) : (
        <>
          <Field label={rules("campaign")} error={at?.("campaignId")}>
            <CampaignFilter
              id={facts.campaignId ?? null}
              label={rules("campaign")}
              onChange={(campaignId) => onChange({ campaignId })}
            />
          </Field>
          <Field label={rules("merchant")} error={at?.("merchantId")}>
            <PartyFilter
              id={facts.merchantId ?? null}
              label={rules("merchant")}
              kinds={["merchant"]}
              onChange={(merchantId) => onChange({ merchantId })}
            />
          </Field>
        </>
      )}
      <Field label={rules("channel")} error={at?.("channelId")}>
        <PartyFilter
          id={facts.channelId ?? null}
          label={rules("channel")}
          kinds={["channel"]}
          onChange={(channelId) => onChange({ channelId })}
        />
      </Field>
    </>
  );
}

function TierField({
  value,
  error,
  onChange,
}: {
  value: string;
  error?: string;
  onChange: (tier: string | null) => void;
}) {
  const t = useTranslations("rules.editor.scope");
  const rules = useTranslations("rules.scope");
  const trpc = useTRPC();
  const { data: tiers = [] } = useQuery(trpc.tiers.list.queryOptions());
  return (
    <Field label={t("tier")} error={error}>
      <Select
        value={value}
        onValueChange={(tier) => onChange(tier || null)}
        options={[
          { value: "", label: rules("all") },
          ...tiers.map(({ code, name }) => ({ value: code, label: name })),
        ]}
      />
    </Field>
  );
}

/** For a case that one puts together: which rule clears it, this draft among them, and why. */
export const WinnerCard = memo(function WinnerCard({ doc, ruleId }: { doc: RuleDoc; ruleId: string | null }) {
  const t = useTranslations("rules.editor.winner");
  const format = useFormat();
  const trpc = useTRPC();
  const [own, setOwn] = useState<Facts>({});
  const facts: RuleScope = { ...doc.scope, ...own };
  const asked = useDeferredValue(
    JSON.stringify({
      case: facts,
      draft: {
        ...(ruleId && { ruleId }),
        scope: doc.scope,
        priority: doc.priority,
        effectiveFrom: doc.effectiveFrom,
      },
    }),
  );
  const { data } = useQuery(
    trpc.rules.winner.queryOptions(JSON.parse(asked), { placeholderData: keepPreviousData }),
  );
  const field = useTranslations("rules.editor.winner.fields");
  const nameOf = (one: { draft: boolean; number: string | null; name: string | null }) =>
    one.draft ? t("draft") : `${one.number ?? ""} ${one.name ?? ""}`;
  return (
    <Card title={t("title")} description={t("hint")}>
      <div className="grid gap-4 sm:grid-cols-2">
        <FactFields facts={facts} onChange={(change) => setOwn({ ...own, ...change })} />
      </div>
      {data ? (
        <div aria-live="polite" className="mt-4 space-y-3">
          <p className="text-sm">
            {data.winner
              ? t(`because.${data.because}`, {
                  rule: data.winner.draft ? t("theDraft") : nameOf(data.winner),
                  fields: data.winner.names.map((name) => field(name)).join(t("and")) || t("everything"),
                  priority: data.winner.priority,
                  at: format.instant(data.at),
                })
              : t("nobody")}
          </p>
          <ol className="space-y-1.5 text-sm">
            {data.considered.slice(0, 8).map((one) => (
              <li
                key={`${one.ruleId}/${one.version}/${one.draft}`}
                className="flex flex-wrap items-center justify-between gap-x-3 gap-y-1"
              >
                <span className="min-w-0 truncate">{nameOf(one)}</span>
                <Badge tone={one.outcome === "chosen" ? "success" : "neutral"}>
                  {one.outcome === "does_not_apply" && one.field
                    ? t("otherField", { field: field(one.field) })
                    : t(`outcomes.${one.outcome as "chosen"}`)}
                </Badge>
              </li>
            ))}
          </ol>
        </div>
      ) : null}
    </Card>
  );
});
