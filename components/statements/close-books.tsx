"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Lock } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import { dateIn, instantIn, localIn, startOfDayIn } from "@/components/format/format";
import { useFormat } from "@/components/format/use-format";
import { useTRPC } from "@/components/trpc";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { DateTimeInput } from "@/components/ui/date-input";
import { Dialog, DialogClose } from "@/components/ui/dialog";
import { ErrorAlert } from "@/components/ui/error-alert";
import { Field } from "@/components/ui/field";
import { Money } from "@/components/ui/money";
import { Progress } from "@/components/ui/progress";
import { RadioGroup } from "@/components/ui/radio-group";
import { Skeleton } from "@/components/ui/skeleton";
import type { ClosingPreview } from "@/server/domain/settlement";

/** The button that closes the books, and the dialog that tells beforehand what will be stated. */
export function CloseBooks() {
  const t = useTranslations("statements.close");
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button icon={<Lock aria-hidden />} onClick={() => setOpen(true)}>
        {t("action")}
      </Button>
      {open ? <CloseDialog onClose={() => setOpen(false)} /> : null}
    </>
  );
}

type Choice = "now" | "today" | "custom";

function CloseDialog({ onClose }: { onClose: () => void }) {
  const t = useTranslations("statements.close");
  const format = useFormat();
  const trpc = useTRPC();
  const queries = useQueryClient();
  const [opened] = useState(() => new Date());
  const [choice, setChoice] = useState<Choice>("now");
  const [custom, setCustom] = useState<string | null>(() => localIn(opened, format.timeZone));
  // "Now" is the server's: a browser's clock may be ahead of it.
  const asked = choice === "now" ? undefined : (throughOf() ?? undefined);
  const through = throughOf();
  function throughOf(): Date | null {
    return choice === "now"
      ? opened
      : choice === "today"
        ? startOfDayIn(dateIn(opened, format.timeZone), format.timeZone)
        : custom
          ? instantIn(custom, format.timeZone)
          : null;
  }
  const inFuture = choice !== "now" && through !== null && through.getTime() > Date.now();
  const preview = useQuery(
    trpc.settlement.preview.queryOptions({ through: asked }, { enabled: through !== null && !inFuture }),
  );
  const before = preview.data?.closedThrough;
  const notForward = before !== undefined && through !== null && through <= before;
  const close = useMutation(
    trpc.settlement.close.mutationOptions({
      onSuccess: () => queries.invalidateQueries({ queryKey: trpc.settlement.pathKey() }),
    }),
  );
  if (close.data) return <Stating runId={close.data.runId} onClose={onClose} />;
  return (
    <Dialog
      open
      sticky
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title={t("title")}
      description={t("description")}
      footer={
        <Button
          loading={close.isPending}
          disabled={through === null || inFuture || notForward || preview.isPending}
          onClick={() => close.mutate({ through: asked })}
        >
          {t("confirm")}
        </Button>
      }
    >
      <div className="space-y-4">
        {close.error ? <ErrorAlert error={close.error} /> : null}
        <Field label={t("through")} group>
          <RadioGroup
            look="inline"
            value={choice}
            onValueChange={setChoice}
            options={[
              { value: "now", label: t("now") },
              { value: "today", label: t("today") },
              { value: "custom", label: t("custom") },
            ]}
          />
        </Field>
        {choice === "custom" ? (
          <Field label={t("customLabel")} error={inFuture ? t("future") : undefined}>
            <DateTimeInput
              value={custom}
              onValueChange={setCustom}
              timeZone={format.timeZone}
              max={localIn(opened, format.timeZone)}
            />
          </Field>
        ) : through ? (
          <p className="text-sm tabular-nums">{format.instant(through, "full")}</p>
        ) : null}
        {before && before.getTime() > 0 ? (
          <p className="text-sm text-muted-foreground">{t("before", { at: format.instant(before) })}</p>
        ) : null}
        {notForward ? <Alert tone="warning">{t("notForward")}</Alert> : null}
        {preview.error ? (
          <ErrorAlert error={preview.error} onRetry={() => void preview.refetch()} />
        ) : preview.data && !notForward ? (
          <Falling preview={preview.data} />
        ) : preview.isFetching ? (
          <Skeleton className="h-20 w-full rounded-md" />
        ) : null}
      </div>
    </Dialog>
  );
}

function Falling({ preview }: { preview: ClosingPreview }) {
  const t = useTranslations("statements");
  if (preview.falling.length === 0) return <Alert>{t("close.nothing")}</Alert>;
  return (
    <section className="rounded-md border border-border">
      <h3 className="border-b border-border px-3 py-2 text-sm font-medium">{t("close.falling")}</h3>
      <ul className="divide-y divide-border">
        {preview.falling.map((row) => (
          <li
            key={`${row.currency} ${row.kind}`}
            className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1 px-3 py-2 text-sm"
          >
            <span>
              {t(`kind.${row.kind}`)}
              <span className="ms-2 text-xs text-muted-foreground">
                {t("close.parties", { count: row.parties })} ·{" "}
                {t("close.transfers", { count: row.transfers })}
              </span>
            </span>
            <Money
              amount={row.kind === "receivable" ? -row.total : row.total}
              currency={row.currency}
              className="font-medium"
            />
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Statements are written by the worker; this waits for them, and may be closed meanwhile. */
function Stating({ runId, onClose }: { runId: string; onClose: () => void }) {
  const actions = useTranslations("common.actions");
  const t = useTranslations("statements.close");
  const trpc = useTRPC();
  const queries = useQueryClient();
  const run = useQuery(
    trpc.settlement.run.queryOptions(
      { id: runId },
      { refetchInterval: (query) => (query.state.data?.state === "stated" ? false : 1_000), staleTime: 0 },
    ),
  );
  const stated = run.data?.state === "stated";
  useEffect(() => {
    if (!stated) return;
    void queries.invalidateQueries({ queryKey: trpc.statements.pathKey() });
    void queries.invalidateQueries({ queryKey: trpc.settlement.runs.pathKey() });
    void queries.invalidateQueries({ queryKey: trpc.overview.pathKey() });
  }, [stated, queries, trpc]);
  return (
    <Dialog
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title={t("title")}
      footer={<DialogClose>{actions("close")}</DialogClose>}
    >
      {run.error ? (
        <ErrorAlert error={run.error} onRetry={() => void run.refetch()} />
      ) : stated && run.data ? (
        <Alert tone="success" title={t("done", { number: run.data.number, count: run.data.statements })}>
          <Link
            href={`/statements?f.runId=${runId}`}
            onClick={onClose}
            className="text-primary underline underline-offset-4"
          >
            {t("see")}
          </Link>
        </Alert>
      ) : (
        <Progress label={t("stating")} value={null} max={1} />
      )}
    </Dialog>
  );
}
