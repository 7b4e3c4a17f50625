"use client";

import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Redo2, Undo2 } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { type KeyboardEvent, useDeferredValue, useMemo, useReducer, useRef, useState } from "react";
import { localIn } from "@/components/format/format";
import { useFormat } from "@/components/format/use-format";
import { useCan, useViewer } from "@/components/layout/viewer";
import { RuleWords } from "@/components/rules/rule-words";
import type { RuleView } from "@/components/rules/types";
import { useTRPC } from "@/components/trpc";
import { Alert } from "@/components/ui/alert";
import { Button, IconButton, LinkButton } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { DateInput } from "@/components/ui/date-input";
import { ErrorAlert } from "@/components/ui/error-alert";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { MoneyInput } from "@/components/ui/money-input";
import { PageFrame } from "@/components/ui/page-frame";
import { RateInput } from "@/components/ui/rate-input";
import { Select } from "@/components/ui/select";
import { toast } from "@/components/ui/toast";
import { currencyExponent, isCurrency } from "@/server/core/money";
import { cornerProblems } from "@/server/domain/clearing/corners";
import { definitionOfDraft, draftOfDefinition, draftProblems } from "@/server/domain/clearing/draft";
import { FEE_BEARERS, type Problem, type SaveRuleDraftInput } from "@/server/domain/clearing/schemas";
import { type Change, FundingCard } from "./funding-card";
import { LeaveGuard } from "./leave-guard";
import { LegsCard } from "./legs-card";
import { SampleCard } from "./sample-card";
import { ScopeCard, WinnerCard } from "./scope-card";
import { docOf, draftOf, historyReducer, newDoc, type RuleDoc, startOf, usualRange } from "./state";
import { useAutosave } from "./use-autosave";
import { useDebounced } from "./use-debounced";
import { useProblems } from "./use-problems";

/** A new rule; with `rule` its draft, or a new one from what it says now; with `from` from that version of it. */
export function RuleEditor({ rule = null, from }: { rule?: RuleView | null; from?: number }) {
  const t = useTranslations("rules.editor");
  const titles = useTranslations("rules");
  const router = useRouter();
  const client = useQueryClient();
  const trpc = useTRPC();
  const can = useCan();
  const { tenant } = useViewer();
  const exponent = currencyExponent(tenant.currency);
  const [history, dispatch] = useReducer(historyReducer, null, () => startOf(openDoc(rule, from, tenant)));
  const doc = history.present;
  const change: Change = (field, to) => dispatch({ type: "change", field, to });

  const place = useRef({ ruleId: rule?.id, revision: rule?.draft?.revision });
  const [ruleId, setRuleId] = useState(rule?.id ?? null);
  const saveDraft = useMutation(trpc.rules.saveDraft.mutationOptions());
  const submit = useMutation(trpc.rules.submitDraft.mutationOptions());
  const discard = useMutation(trpc.rules.discardDraft.mutationOptions());
  const autosave = useAutosave(doc, async (now) => {
    const saved = await saveDraft.mutateAsync({ ...inputOf(now), ...place.current });
    place.current = { ruleId: saved.ruleId, revision: saved.revision };
    setRuleId(saved.ruleId);
    // a reload opens what was saved; the screen stays
    window.history.replaceState(null, "", `/rules/${saved.ruleId}/edit`);
  });

  // Typing goes first; what follows from it may come a moment later.
  const settled = useDeferredValue(doc);
  const problems = useDraftProblems(settled, ruleId);
  const { at, textOf } = useProblems(problems);
  const definition = useMemo(() => definitionOfDraft(draftOf(settled), settled.scope.tradeKind), [settled]);
  const currency = isCurrency(doc.currency) ? doc.currency : tenant.currency;
  const publishes = can("rule:publish") && !tenant.ruleFourEyes;
  const [tried, setTried] = useState(false);

  const send = async (publish: boolean) => {
    setTried(true);
    if (problems.length > 0 || settled !== doc) return;
    const untouched = place.current.revision === undefined && autosave.state === "untouched";
    if (untouched) change("save", (old) => ({ ...old })); // a draft that nobody changed has to exist, too
    await new Promise((settled) => setTimeout(settled, 0));
    if (!(await autosave.flush())) return;
    const { ruleId: id, revision } = place.current;
    if (!id || revision === undefined) return;
    const done = await submit.mutateAsync({ ruleId: id, revision, publish });
    await client.invalidateQueries(trpc.rules.pathFilter());
    toast.success(t(publish ? "published" : "submitted", { version: done.version }));
    router.push(`/rules/${id}`);
  };
  const throwAway = async () => {
    const { ruleId: id, revision } = place.current;
    if (!(await autosave.flush()) || !id) return;
    await discard.mutateAsync({ ruleId: id, revision: place.current.revision ?? revision ?? 0 });
    await client.invalidateQueries(trpc.rules.pathFilter());
    router.push(rule && rule.versions.length > 0 ? `/rules/${id}` : "/rules");
  };
  const onKey = (event: KeyboardEvent) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
    const key = event.key.toLowerCase();
    if (key !== "z" && key !== "y") return;
    event.preventDefault();
    dispatch({ type: key === "y" || event.shiftKey ? "redo" : "undo" });
  };

  return (
    <PageFrame
      title={rule && rule.versions.length > 0 ? `${titles("newVersion")}: ${rule.name}` : titles("new")}
      breadcrumbs={[{ label: titles("title"), href: "/rules" }]}
      actions={
        <>
          <SaveNote state={autosave.state} />
          <IconButton
            label={t("undo")}
            aria-keyshortcuts="Control+Z"
            disabled={history.past.length === 0}
            onClick={() => dispatch({ type: "undo" })}
          >
            <Undo2 aria-hidden />
          </IconButton>
          <IconButton
            label={t("redo")}
            aria-keyshortcuts="Control+Y"
            disabled={history.future.length === 0}
            onClick={() => dispatch({ type: "redo" })}
          >
            <Redo2 aria-hidden />
          </IconButton>
          {doc.scope.tradeKind !== "stored_value" && (!rule || rule.versions.length > 0) ? (
            <LinkButton
              variant="outline"
              href={rule ? `/rules/new?rule=${rule.id}` : "/rules/new?mode=simple"}
            >
              {t("simple")}
            </LinkButton>
          ) : null}
        </>
      }
    >
      <LeaveGuard unsaved={autosave.unsaved} flush={autosave.flush} />
      <ErrorAlert error={autosave.error} onRetry={() => void autosave.flush()} />
      {/* biome-ignore lint/a11y/noStaticElementInteractions: undo works wherever the focus is */}
      <div
        onKeyDown={onKey}
        onBlur={() => dispatch({ type: "settle" })}
        className="grid items-start gap-4 xl:grid-cols-[minmax(0,7fr)_minmax(0,5fr)]"
      >
        <div className="min-w-0 space-y-4">
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
        </div>
        <div className="min-w-0 space-y-4 xl:sticky xl:top-20 xl:max-h-[calc(100vh-6rem)] xl:overflow-y-auto">
          <SampleCard definition={definition} scope={settled.scope} currency={currency} />
          <WinnerCard doc={settled} ruleId={ruleId} />
          {definition ? (
            <Card title={titles("form.preview")}>
              <RuleWords definition={definition} />
            </Card>
          ) : null}
        </div>
      </div>
      <div aria-live="polite">
        {problems.length > 0 ? (
          <Alert
            tone={tried ? "danger" : "info"}
            live={false}
            title={t("problems", { count: problems.length })}
          >
            <ul className="list-disc ps-5">
              {problems.map((problem) => (
                <li key={`${problem.code}/${problem.path.join(".")}`}>
                  <Where problem={problem} doc={doc} /> {textOf(problem)}
                </li>
              ))}
            </ul>
          </Alert>
        ) : null}
      </div>
      <ErrorAlert error={submit.error ?? discard.error} />
      <div className="flex flex-wrap justify-end gap-2">
        {rule?.draft || autosave.state !== "untouched" ? (
          <Button
            type="button"
            variant="ghost"
            loading={discard.isPending}
            onClick={() => void throwAway().catch(() => {})}
          >
            {t("discard")}
          </Button>
        ) : null}
        <Button
          type="button"
          variant={publishes ? "outline" : "primary"}
          loading={submit.isPending}
          onClick={() => void send(false).catch(() => {})}
        >
          {t("submit")}
        </Button>
        {publishes ? (
          <Button type="button" loading={submit.isPending} onClick={() => void send(true).catch(() => {})}>
            {titles("form.submit")}
          </Button>
        ) : null}
      </div>
    </PageFrame>
  );
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
  const shown =
    source ??
    rule.versions.find(({ status }) => status === "in_force") ??
    rule.versions.find(({ status }) => status === "scheduled") ??
    rule.versions[0];
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
    const seen = new Set(problems.map(keyOf));
    const elsewhere = told.filter(
      (problem) => OF_THE_TENANT.has(problem.code) && !seen.has(keyOf(problem)) && whole !== null,
    );
    return [...problems, ...elsewhere];
  }, [doc, told, tenant.currency]);
}

const keyOf = ({ code, path }: Problem) => `${code}/${path.join(".")}`;
const OF_THE_TENANT = new Set<Problem["code"]>([
  "SCOPE_IMPOSSIBLE",
  "SCOPE_UNKNOWN",
  "PARTY_INVALID",
  "SAME_PARTY",
  "CURRENCY_WITHOUT_ACCOUNT",
  "CURRENCY_OTHER_THAN_SCOPE",
  "EFFECTIVE_IN_PAST",
]);

/** A name that nobody typed yet is no mistake until it is sent. */
function hideMissing(at: ReturnType<typeof useProblems>["at"], problems: readonly Problem[]) {
  const missing = (path: readonly (string | number)[]) =>
    problems.some(({ code, path: where }) => code === "VALUE_MISSING" && where.join() === path.join());
  return (...path: (string | number)[]) => (missing(path) ? undefined : at(...path));
}

function Where({ problem: { path }, doc }: { problem: Problem; doc: RuleDoc }) {
  const t = useTranslations("rules.editor");
  if (path[0] === "legs" && typeof path[1] === "number") {
    return (
      <span className="font-medium">
        {t("legs.leg", { leg: doc.legs[path[1]]?.code ?? "", place: path[1] + 1 })}:
      </span>
    );
  }
  const places = ["name", "scope", "funding", "checked", "currency", "effectiveFrom", "legs"] as const;
  const known = places.find((place) => place === path[0]);
  return known ? <span className="font-medium">{t(`places.${known}`)}:</span> : null;
}

function SaveNote({ state }: { state: ReturnType<typeof useAutosave>["state"] }) {
  const t = useTranslations("rules.editor.save");
  return (
    <span aria-live="polite" className="text-xs text-muted-foreground">
      {t(state)}
    </span>
  );
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
  at: ReturnType<typeof useProblems>["at"];
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
