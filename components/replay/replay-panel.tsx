"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Play } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { addDays, dateIn } from "@/components/format/format";
import { useFormat } from "@/components/format/use-format";
import { isUnderWay } from "@/components/imports/import-state";
import { useCan, useViewer } from "@/components/layout/viewer";
import { useTRPC } from "@/components/trpc";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { DateRangePicker } from "@/components/ui/date-range-picker";
import { ErrorAlert } from "@/components/ui/error-alert";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { Skeleton } from "@/components/ui/skeleton";
import { toast } from "@/components/ui/toast";
import type { VersionView } from "@/components/versions/types";
import { CancelReplay, ReplayProgress, ReplayState } from "./progress";
import type { ReplayHead, ReplaySubject } from "./types";

interface Tried {
  versions: readonly Pick<VersionView, "id" | "version" | "status">[];
  draft: { version: number } | null;
}

/**
 * Tries a change on trades of the past: a period, the start, and the replays there are, with how far they are.
 * `of` says what there is to try; left out, the draft. `save` is awaited before a start: what is tried is what was
 * saved; where it says false, nothing starts.
 */
export function ReplayPanel({
  subject,
  of,
  save,
}: {
  subject: ReplaySubject;
  of?: Tried;
  save?: () => Promise<boolean>;
}) {
  const t = useTranslations("replays");
  const can = useCan();
  const trpc = useTRPC();
  const list = useQuery(
    trpc.replays.list.queryOptions(
      { subject: subject.kind, subjectId: subject.id },
      {
        refetchInterval: (query) =>
          query.state.data?.some(({ state }) => isUnderWay(state)) ? 1_000 : false,
      },
    ),
  );
  const choices = useChoices(of);
  const mayStart = can("rule:write") && (of === undefined || choices.length > 0);
  if (!mayStart && list.data?.length === 0) return null;
  return (
    <Card title={t("title")} description={t("hint")}>
      <div className="space-y-4">
        {mayStart ? <Start subject={subject} choices={choices} save={save} /> : null}
        <ErrorAlert error={list.error} onRetry={list.refetch} />
        {list.isPending ? (
          <Skeleton className="h-10 w-full" />
        ) : list.data && list.data.length > 0 ? (
          <section>
            <h3 className="text-xs font-semibold text-muted-foreground">{t("list.title")}</h3>
            <ul className="mt-1 divide-y divide-border" aria-live="polite">
              {list.data.map((replay) => (
                <Row key={replay.id} replay={replay} />
              ))}
            </ul>
            <p className="mt-1 text-xs text-muted-foreground">{t("list.keeps")}</p>
          </section>
        ) : null}
      </div>
    </Card>
  );
}

interface Choice {
  /** Empty: the draft. */
  value: string;
  label: string;
}

function useChoices(of: Tried | undefined): Choice[] {
  const t = useTranslations("replays.start");
  if (!of) return [];
  const draft = of.draft ? [{ value: "", label: t("draft", { version: of.draft.version }) }] : [];
  const others = of.versions.flatMap(({ id, version, status }): Choice[] =>
    status === "in_review"
      ? [{ value: id, label: t("inReview", { version }) }]
      : status === "scheduled"
        ? [{ value: id, label: t("scheduled", { version }) }]
        : [],
  );
  return [...draft, ...others];
}

function Start({
  subject,
  choices,
  save,
}: {
  subject: ReplaySubject;
  choices: readonly Choice[];
  save?: () => Promise<boolean>;
}) {
  const t = useTranslations("replays.start");
  const trpc = useTRPC();
  const client = useQueryClient();
  const { tenant } = useViewer();
  const [range, setRange] = useState(() => lastMonth(dateIn(new Date(), tenant.timezone)));
  const [chosen, setChosen] = useState<string | null>(null);
  const version = choices.find(({ value }) => value === chosen)?.value ?? choices[0]?.value ?? "";
  const start = useMutation(trpc.replays.start.mutationOptions());
  const begin = async () => {
    if (save && !(await save())) return;
    await start.mutateAsync({
      subject: subject.kind,
      subjectId: subject.id,
      from: range.from,
      to: range.to,
      ...(version && { versionId: version }),
    });
    await client.invalidateQueries(trpc.replays.list.pathFilter());
    toast.success(t("started"));
  };
  return (
    <div className="space-y-3">
      <div className="flex flex-wrap items-end gap-3">
        <Field label={t("period")} group>
          <DateRangePicker
            required
            label={t("period")}
            value={range}
            onValueChange={({ from, to }) => from && to && setRange({ from, to })}
          />
        </Field>
        {choices.length > 1 ? (
          <Field label={t("version")} className="w-56 max-w-full">
            <Select value={version} onValueChange={setChosen} options={[...choices]} />
          </Field>
        ) : null}
        <Button icon={<Play />} loading={start.isPending} onClick={() => void begin().catch(() => {})}>
          {t("action")}
        </Button>
      </div>
      <ErrorAlert error={start.error} />
    </div>
  );
}

/** The last month that is over. */
function lastMonth(today: string): { from: string; to: string } {
  const to = addDays(`${today.slice(0, 7)}-01`, -1);
  return { from: `${to.slice(0, 7)}-01`, to };
}

function Row({ replay }: { replay: ReplayHead }) {
  const t = useTranslations("replays");
  const format = useFormat();
  return (
    <li className="grid items-center gap-x-4 gap-y-1 py-2 sm:grid-cols-[1fr_auto]">
      <div className="min-w-0">
        <Link
          href={`/replays/${replay.id}`}
          className="text-sm font-medium text-primary underline-offset-4 hover:underline"
        >
          {t("list.of", {
            version: replay.version,
            from: format.day(replay.from),
            to: format.day(replay.to),
          })}
        </Link>
        <p className="text-xs text-muted-foreground">
          {t("list.by", { name: replay.createdByName, at: format.instant(replay.createdAt) })}
        </p>
        <ReplayProgress replay={replay} className="mt-2 max-w-md" />
      </div>
      <div className="flex items-center gap-2">
        <CancelReplay replay={replay} size="sm" />
        <ReplayState replay={replay} />
      </div>
    </li>
  );
}
