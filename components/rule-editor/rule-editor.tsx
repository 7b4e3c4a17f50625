"use client";

import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useMemo } from "react";
import { localIn } from "@/components/format/format";
import { useFormat } from "@/components/format/use-format";
import { useViewer } from "@/components/layout/viewer";
import { ReplayPanel } from "@/components/replay/replay-panel";
import { RuleWords } from "@/components/rules/rule-words";
import type { RuleView } from "@/components/rules/types";
import { useLegName } from "@/components/trace/leg-name";
import { useTRPC } from "@/components/trpc";
import { LinkButton } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { DateInput } from "@/components/ui/date-input";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { MoneyInput } from "@/components/ui/money-input";
import { RateInput } from "@/components/ui/rate-input";
import { Select } from "@/components/ui/select";
import { allProblems, DraftFrame } from "@/components/versions/draft-frame";
import { shownVersion } from "@/components/versions/types";
import { useDebounced } from "@/components/versions/use-debounced";
import { type DraftPlace, useDraft } from "@/components/versions/use-draft";
import { hideMissing, type ProblemAt, useProblems } from "@/components/versions/use-problems";
import { useUnchanged } from "@/components/versions/use-unchanged";
import { currencyExponent, isCurrency } from "@/server/core/money";
import { cornerProblems } from "@/server/domain/clearing/corners";
import { definitionOfDraft, draftOfDefinition, draftProblems } from "@/server/domain/clearing/draft";
import { FEE_BEARERS, type Problem, type SaveRuleDraftInput } from "@/server/domain/clearing/schemas";
import { type Change, FundingCard } from "./funding-card";
import { LegsCard } from "./legs-card";
import { SampleCard } from "./sample-card";
import { ScopeCard, WinnerCard } from "./scope-card";
import { docOf, draftOf, newDoc, type RuleDoc, usualRange } from "./state";

/** A new rule; with `rule` its draft, or a new one from what it says now; with `from` from that version of it. */
export function RuleEditor({ rule = null, from }: { rule?: RuleView | null; from?: number }) {
  const t = useTranslations("rules.editor");
  const titles = useTranslations("rules");
  const { tenant } = useViewer();
  const exponent = currencyExponent(tenant.currency);
  const draft = useDraft({
    of: rule,
    home: "/rules",
    start: () => openDoc(rule, from, tenant),
    ...useVerbs(),
  });
  const { doc, settled, change, tried } = draft;
  const problems = useDraftProblems(settled, draft.id);
  const { at, textOf } = useProblems(problems);
  const placeOf = usePlaces(doc);
  const definition = useMemo(() => definitionOfDraft(draftOf(settled), settled.scope.tradeKind), [settled]);
  const unchanged = useUnchanged(rule?.versions, definition, settled.effectiveFrom);
  const currency = isCurrency(doc.currency) ? doc.currency : tenant.currency;
  return (
    <DraftFrame
      draft={draft}
      title={rule && rule.versions.length > 0 ? titles("newVersion", { name: rule.name }) : titles("new")}
      list={{ label: titles("title"), href: "/rules" }}
      actions={
        doc.scope.tradeKind !== "stored_value" && (!rule || rule.versions.length > 0) ? (
          <LinkButton variant="outline" href={rule ? `/rules/new?rule=${rule.id}` : "/rules/new?mode=simple"}>
            {t("simple")}
          </LinkButton>
        ) : null
      }
      problems={problems}
      unchanged={unchanged}
      textOf={textOf}
      placeOf={placeOf}
      aside={
        <>
          <SampleCard definition={definition} scope={settled.scope} currency={currency} />
          <WinnerCard doc={settled} ruleId={draft.id} />
          {draft.id && draft.exists ? (
            <ReplayPanel subject={{ kind: "rule", id: draft.id }} save={draft.autosave.flush} />
          ) : null}
          {definition ? (
            <Card title={titles("form.preview")}>
              <RuleWords definition={definition} />
            </Card>
          ) : null}
        </>
      }
    >
      <ScopeCard
        doc={doc}
        change={change}
        at={tried ? at : hideMissing(at, problems)}
        rule={rule}
        exponent={exponent}
      />
      {doc.scope.tradeKind === "card_sale" ? null : <FundingCard doc={doc} change={change} at={at} />}
      <LegsCard doc={doc} currency={currency} change={change} at={at} />
      <TermsCard doc={doc} change={change} at={at} tenant={tenant} />
    </DraftFrame>
  );
}

function useVerbs() {
  const trpc = useTRPC();
  const client = useQueryClient();
  const save = useMutation(trpc.rules.saveDraft.mutationOptions());
  const submit = useMutation(trpc.rules.submitDraft.mutationOptions());
  const discard = useMutation(trpc.rules.discardDraft.mutationOptions());
  return {
    save: async (doc: RuleDoc, { id, revision }: DraftPlace) => {
      const saved = await save.mutateAsync({ ...inputOf(doc), ruleId: id, revision });
      return { id: saved.ruleId, revision: saved.revision };
    },
    submit: ({ id, revision }: Required<DraftPlace>, publish: boolean) =>
      submit.mutateAsync({ ruleId: id, revision, publish }),
    discard: ({ id, revision }: Required<DraftPlace>) => discard.mutateAsync({ ruleId: id, revision }),
    latest: async (id: string) =>
      (await client.fetchQuery(trpc.rules.get.queryOptions({ id }, { staleTime: 0 }))).draft?.revision,
    refresh: () => client.invalidateQueries(trpc.rules.pathFilter()),
  };
}

function openDoc(
  rule: RuleView | null,
  from: number | undefined,
  tenant: { currency: string; timezone: string },
): RuleDoc {
  const exponent = currencyExponent(tenant.currency);
  if (!rule) return newDoc("redemption", tenant.currency, exponent);
  const { name, priority, tradeKind, campaignId, productId, merchantId, channelId, tier, draft } = rule;
  const scope = { tradeKind, campaignId, productId, merchantId, channelId, tier };
  const source = rule.versions.find(({ version }) => version === from);
  const shown = source ?? shownVersion(rule);
  const opened =
    draft && !source
      ? docOf(draft.definition, {
          name,
          scope,
          priority,
          effectiveFrom: draft.effectiveFrom
            ? localIn(draft.effectiveFrom, tenant.timezone).slice(0, 10)
            : null,
          note: draft.note ?? "",
          checked: draft.checked,
        })
      : shown
        ? docOf(draftOfDefinition(shown.definition), {
            name,
            scope,
            priority,
            effectiveFrom: null,
            note: "",
            checked: shown.checked ?? usualRange(tradeKind, exponent),
          })
        : newDoc(tradeKind, tenant.currency, exponent);
  return { ...opened, currency: opened.currency || tenant.currency };
}

/** What cannot be read of the range is sent as a range that is none: it is saved, and told. */
function inputOf(doc: RuleDoc): SaveRuleDraftInput {
  const { from, to, share } = doc.checked;
  return {
    name: doc.name,
    scope: doc.scope,
    priority: doc.priority,
    definition: draftOf(doc),
    effectiveFrom: doc.effectiveFrom,
    note: doc.note,
    checked: { from: from ?? "1", to: to ?? "0", share: share ?? "9" },
  };
}

/** Found here at once: what the definition lacks and how it fails; found by the server: what the tenant has not. */
function useDraftProblems(doc: RuleDoc, ruleId: string | null): Problem[] {
  const trpc = useTRPC();
  const { tenant } = useViewer();
  const { name: _, priority: __, note: ___, ...asked } = inputOf(doc);
  const pausing = useDebounced(JSON.stringify({ ...asked, ...(ruleId && { ruleId }) }));
  const { data: told = [] } = useQuery(
    trpc.rules.problems.queryOptions(JSON.parse(pausing), { placeholderData: keepPreviousData }),
  );
  return useMemo(() => {
    const { checked, definition, scope } = inputOf(doc);
    const problems: Problem[] = doc.name.trim() === "" ? [{ code: "VALUE_MISSING", path: ["name"] }] : [];
    problems.push(...draftProblems(definition, scope.tradeKind));
    const whole = definitionOfDraft(definition, scope.tradeKind);
    if (whole) problems.push(...cornerProblems(whole, scope.tradeKind, checked, tenant.currency));
    return whole ? allProblems(problems, told, OF_THE_TENANT) : problems;
  }, [doc, told, tenant.currency]);
}

const OF_THE_TENANT = new Set<Problem["code"]>([
  "SCOPE_IMPOSSIBLE",
  "SCOPE_UNKNOWN",
  "PARTY_INVALID",
  "SAME_PARTY",
  "CURRENCY_WITHOUT_ACCOUNT",
  "CURRENCY_OTHER_THAN_SCOPE",
  "EFFECTIVE_IN_PAST",
]);

function usePlaces(doc: RuleDoc): (problem: Problem) => string | null {
  const t = useTranslations("rules.editor");
  const legName = useLegName();
  return ({ path }) => {
    if (path[0] === "legs" && typeof path[1] === "number") {
      return t("legs.leg", { leg: legName(doc.legs[path[1]]?.code ?? ""), place: path[1] + 1 });
    }
    const places = ["name", "scope", "funding", "checked", "currency", "effectiveFrom", "legs"] as const;
    const known = places.find((place) => place === path[0]);
    return known ? t(`places.${known}`) : null;
  };
}

/** Fee bearer, currency, the orders it is for, when it begins and why. */
function TermsCard({
  doc,
  change,
  at,
  tenant,
}: {
  doc: RuleDoc;
  change: Change;
  at: ProblemAt;
  tenant: { currency: string; timezone: string };
}) {
  const t = useTranslations("rules.editor.terms");
  const rules = useTranslations("rules");
  const format = useFormat();
  const set = (field: string, part: Partial<RuleDoc>) => change(field, (old) => ({ ...old, ...part }));
  const range = (part: Partial<RuleDoc["checked"]>) =>
    change(`checked/${Object.keys(part).join()}`, (old) => ({
      ...old,
      checked: { ...old.checked, ...part },
    }));
  const currency = isCurrency(doc.currency) ? doc.currency : tenant.currency;
  const bound = (key: "from" | "to") => (
    <MoneyInput
      key={currency}
      value={doc.checked[key] === null ? null : BigInt(doc.checked[key])}
      currency={currency}
      onValueChange={(amount) => range({ [key]: amount === null ? null : `${amount}` })}
    />
  );
  return (
    <Card title={t("title")}>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label={rules("form.bearer")}>
          <Select
            value={doc.feeBearer}
            onValueChange={(feeBearer) => set("feeBearer", { feeBearer })}
            options={FEE_BEARERS.filter((bearer) =>
              doc.scope.tradeKind === "card_sale" ? bearer !== "merchant" : bearer !== "distributor",
            ).map((value) => ({ value, label: rules(`form.bearers.${value}`) }))}
          />
        </Field>
        <Field label={t("currency")} hint={t("currencyHint")} error={at("currency")}>
          <Input
            value={doc.currency}
            maxLength={8}
            className="uppercase"
            onChange={(event) => {
              const typed = event.target.value.normalize("NFKC").toUpperCase().trim();
              set("currency", { currency: typed });
            }}
          />
        </Field>
      </div>
      <Field group label={t("checked")} hint={t("checkedHint")} error={at("checked")} className="mt-4">
        <div className="grid gap-4 sm:grid-cols-3">
          <Field label={t("from")}>{bound("from")}</Field>
          <Field label={t("to")}>{bound("to")}</Field>
          <Field label={t(doc.scope.tradeKind === "card_sale" ? "costShare" : "discountShare")}>
            <RateInput value={doc.checked.share} onValueChange={(share) => range({ share })} />
          </Field>
        </div>
      </Field>
      <div className="mt-4 grid gap-4 sm:grid-cols-2">
        <Field
          label={rules("fields.effective")}
          hint={t("effectiveHint", { zone: format.zone() })}
          error={at("effectiveFrom")}
          optional
        >
          <DateInput
            value={doc.effectiveFrom}
            min={localIn(new Date(), tenant.timezone).slice(0, 10)}
            onValueChange={(effectiveFrom) => set("effectiveFrom", { effectiveFrom })}
          />
        </Field>
        <Field label={rules("fields.note")} hint={rules("fields.noteHint")} optional>
          <Input
            value={doc.note}
            maxLength={500}
            onChange={(event) => set("note", { note: event.target.value })}
          />
        </Field>
      </div>
    </Card>
  );
}
