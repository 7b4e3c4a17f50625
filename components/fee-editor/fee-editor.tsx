"use client";

import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useMemo } from "react";
import { FeeChart } from "@/components/fees/fee-chart";
import { FeeWords } from "@/components/fees/fee-words";
import type { FeeScheduleView } from "@/components/fees/types";
import { localIn } from "@/components/format/format";
import { useViewer } from "@/components/layout/viewer";
import { ReplayPanel } from "@/components/replay/replay-panel";
import { useTRPC } from "@/components/trpc";
import { Card } from "@/components/ui/card";
import { allProblems, DraftFrame } from "@/components/versions/draft-frame";
import { shownVersion } from "@/components/versions/types";
import { useDebounced } from "@/components/versions/use-debounced";
import { type DraftPlace, useDraft } from "@/components/versions/use-draft";
import { hideMissing, useProblems } from "@/components/versions/use-problems";
import { useUnchanged } from "@/components/versions/use-unchanged";
import { isCurrency } from "@/server/core/money";
import { feeDefinitionOf, feeDraftProblems } from "@/server/domain/clearing/fees/schemas";
import { legCode, type Problem } from "@/server/domain/clearing/schemas";
import { BandsCard } from "./bands-card";
import { FeeSampleCard } from "./fee-sample-card";
import { FeeScopeCard } from "./fee-scope-card";
import { PartsCard } from "./parts-card";
import { docOf, draftOf, type FeeDoc, inputOf, newFeeDoc } from "./state";
import { BeginsCard, WhomCard } from "./whom-card";

/** A new schedule; with `schedule` its draft, or a new one from what it says now; with `from` from that version of it. */
export function FeeEditor({ schedule = null, from }: { schedule?: FeeScheduleView | null; from?: number }) {
  const t = useTranslations("fees");
  const { tenant } = useViewer();
  const draft = useDraft({
    of: schedule,
    home: "/fees",
    start: () => openDoc(schedule, from, tenant),
    ...useVerbs(),
  });
  const { doc, settled, change, tried } = draft;
  const problems = useDraftProblems(settled, draft.id);
  const { at, textOf } = useProblems(problems);
  const gentle = tried ? at : hideMissing(at, problems);
  const placeOf = usePlaces();
  const currency = isCurrency(doc.scope.currency) ? doc.scope.currency : tenant.currency;
  const definition = useMemo(() => feeDefinitionOf(draftOf(settled), settled.scope), [settled]);
  const unchanged = useUnchanged(schedule?.versions, definition, settled.effectiveFrom);
  const submitted = schedule !== null && schedule.versions.length > 0;
  return (
    <DraftFrame
      draft={draft}
      title={submitted ? t("newVersion", { name: schedule.name }) : t("new")}
      list={{ label: t("title"), href: "/fees" }}
      problems={problems}
      unchanged={unchanged}
      textOf={textOf}
      placeOf={placeOf}
      aside={
        <>
          <Card title={t("chart.title")}>
            {definition ? (
              <FeeChart definition={definition} currency={currency} hideTitle />
            ) : (
              <p className="text-sm text-muted-foreground">{t("chart.incomplete")}</p>
            )}
          </Card>
          <FeeSampleCard definition={definition} currency={currency} />
          {draft.id && draft.exists ? (
            <ReplayPanel subject={{ kind: "fee", id: draft.id }} save={draft.autosave.flush} />
          ) : null}
          {definition ? (
            <Card title={t("editor.preview")}>
              <FeeWords definition={definition} currency={currency} />
            </Card>
          ) : null}
        </>
      }
    >
      <FeeScopeCard doc={doc} change={change} at={gentle} schedule={submitted ? schedule : null} />
      <BandsCard doc={doc} currency={currency} change={change} at={gentle} />
      <PartsCard doc={doc} currency={currency} change={change} at={at} />
      <WhomCard doc={doc} change={change} at={at} />
      <BeginsCard doc={doc} change={change} at={at} />
    </DraftFrame>
  );
}

function useVerbs() {
  const trpc = useTRPC();
  const client = useQueryClient();
  const { tenant } = useViewer();
  const save = useMutation(trpc.fees.saveDraft.mutationOptions());
  const submit = useMutation(trpc.fees.submit.mutationOptions());
  const discard = useMutation(trpc.fees.discard.mutationOptions());
  return {
    save: async (doc: FeeDoc, { id, revision }: DraftPlace) => {
      const saved = await save.mutateAsync({ ...inputOf(doc, tenant.currency), scheduleId: id, revision });
      return { id: saved.scheduleId, revision: saved.revision };
    },
    submit: ({ id, revision }: Required<DraftPlace>, publish: boolean) =>
      submit.mutateAsync({ scheduleId: id, revision, publish }),
    discard: ({ id, revision }: Required<DraftPlace>) => discard.mutateAsync({ scheduleId: id, revision }),
    latest: async (id: string) =>
      (await client.fetchQuery(trpc.fees.get.queryOptions({ id }, { staleTime: 0 }))).draft?.revision,
    refresh: () => client.invalidateQueries(trpc.fees.pathFilter()),
  };
}

function openDoc(
  schedule: FeeScheduleView | null,
  from: number | undefined,
  tenant: { currency: string; timezone: string },
): FeeDoc {
  if (!schedule) return newFeeDoc(tenant.currency);
  const { name, role, leg, currency, draft } = schedule;
  const head = { name, scope: { role, leg, currency } };
  const source = schedule.versions.find(({ version }) => version === from);
  if (draft && !source) {
    const effectiveFrom = draft.effectiveFrom
      ? localIn(draft.effectiveFrom, tenant.timezone).slice(0, 10)
      : null;
    return docOf(draft.definition, { ...head, effectiveFrom, note: draft.note ?? "" });
  }
  const shown = source ?? shownVersion(schedule);
  return shown
    ? docOf(shown.definition, { ...head, effectiveFrom: null, note: "" })
    : { ...newFeeDoc(currency), ...head };
}

/** Found here at once: what the schedule lacks; found by the server: what the tenant has not, and when it may begin. */
function useDraftProblems(doc: FeeDoc, scheduleId: string | null): Problem[] {
  const trpc = useTRPC();
  const { tenant } = useViewer();
  const { scope, definition, effectiveFrom } = inputOf(doc, tenant.currency);
  const pausing = useDebounced(
    JSON.stringify({ scope, definition, effectiveFrom, ...(scheduleId && { scheduleId }) }),
  );
  const { data: told = [] } = useQuery(
    trpc.fees.check.queryOptions(JSON.parse(pausing), { placeholderData: keepPreviousData }),
  );
  return useMemo(() => {
    const { name, scope } = doc;
    const here: Problem[] = [];
    if (name.trim() === "") here.push({ code: "VALUE_MISSING", path: ["name"] });
    if (!legCode.safeParse(scope.leg).success)
      here.push({ code: "LEG_CODE_INVALID", path: ["scope", "leg"] });
    if (!isCurrency(scope.currency)) here.push({ code: "CURRENCY_UNKNOWN", path: ["scope", "currency"] });
    here.push(...feeDraftProblems(draftOf(doc), scope));
    return allProblems(here, told, OF_THE_TENANT);
  }, [doc, told]);
}

const OF_THE_TENANT = new Set<Problem["code"]>(["SCOPE_UNKNOWN", "EFFECTIVE_IN_PAST", "NOT_MONTH_START"]);

function usePlaces(): (problem: Problem) => string | null {
  const t = useTranslations("fees.editor.places");
  return ({ path }) => {
    if (path[0] === "bands") return t("bands", { place: typeof path[1] === "number" ? path[1] + 1 : 1 });
    const places = ["name", "scope", "fixed", "min", "max", "bearer", "appliesTo", "effectiveFrom"] as const;
    const known = places.find((place) => place === path[0]);
    return known ? t(known) : null;
  };
}
