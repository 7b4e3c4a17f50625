"use client";

import { Redo2, Undo2 } from "lucide-react";
import { useTranslations } from "next-intl";
import { type ReactNode, useId } from "react";
import { useCan, useViewer } from "@/components/layout/viewer";
import { Alert } from "@/components/ui/alert";
import { Button, IconButton } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { ErrorAlert } from "@/components/ui/error-alert";
import { readError } from "@/components/ui/error-message";
import { PageFrame } from "@/components/ui/page-frame";
import type { Problem } from "@/server/domain/clearing/schemas";
import { DraftConflict } from "./draft-conflict";
import { LeaveGuard } from "./leave-guard";
import type { DraftState } from "./use-draft";

/** The page of an editor: undo, how the saving goes, the fields, what shows their effect, what is wrong, what to do. */
export function DraftFrame({
  draft,
  title,
  list,
  actions,
  problems,
  unchanged,
  textOf,
  placeOf,
  aside,
  children,
}: {
  draft: DraftState;
  title: string;
  list: { label: string; href: string };
  actions?: ReactNode;
  problems: readonly Problem[];
  /** Why there is nothing to send, in words; null: there is something. */
  unchanged: string | null;
  textOf: (problem: Problem) => string;
  /** Where a problem is, in words. */
  placeOf: (problem: Problem) => string | null;
  aside: ReactNode;
  children: ReactNode;
}) {
  const t = useTranslations("rules.editor");
  const form = useTranslations("rules.form");
  const can = useCan();
  const { tenant } = useViewer();
  const publishes = can("rule:publish") && !tenant.ruleFourEyes;
  const reason = useId();
  const nothing = {
    disabled: unchanged !== null,
    "aria-describedby": unchanged === null ? undefined : reason,
  };
  const { autosave, tried } = draft;
  return (
    <PageFrame
      title={title}
      breadcrumbs={[list]}
      actions={
        <>
          <span aria-live="polite" className="text-xs text-muted-foreground">
            {t(`save.${autosave.state}`)}
          </span>
          <IconButton
            label={t("undo")}
            aria-keyshortcuts="Control+Z"
            disabled={!draft.undo}
            onClick={() => draft.undo?.()}
          >
            <Undo2 aria-hidden />
          </IconButton>
          <IconButton
            label={t("redo")}
            aria-keyshortcuts="Control+Y"
            disabled={!draft.redo}
            onClick={() => draft.redo?.()}
          >
            <Redo2 aria-hidden />
          </IconButton>
          {actions}
        </>
      }
    >
      <LeaveGuard unsaved={autosave.unsaved} flush={autosave.flush} />
      <SaveError draft={draft} home={list.href} />
      {/* biome-ignore lint/a11y/noStaticElementInteractions: undo works wherever the focus is */}
      <div
        onKeyDown={draft.onKey}
        onBlur={draft.settle}
        className="grid items-start gap-4 xl:grid-cols-[minmax(0,7fr)_minmax(0,5fr)]"
      >
        <div className="min-w-0 space-y-4">{children}</div>
        <div className="min-w-0 space-y-4 xl:sticky xl:top-20 xl:max-h-[calc(100vh-6rem)] xl:overflow-y-auto">
          {aside}
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
              {problems.map((problem) => {
                const place = placeOf(problem);
                return (
                  <li key={keyOf(problem)}>
                    {place ? <span className="font-medium">{t("problemAt", { place })}</span> : null}
                    {textOf(problem)}
                  </li>
                );
              })}
            </ul>
          </Alert>
        ) : null}
      </div>
      <ErrorAlert error={draft.error} />
      <div className="flex flex-wrap items-center justify-end gap-2">
        <p id={reason} aria-live="polite" className="text-sm text-muted-foreground empty:hidden sm:me-2">
          {unchanged}
        </p>
        {draft.exists ? (
          <ConfirmDialog
            danger
            trigger={
              <Button type="button" variant="ghost">
                {t("discard")}
              </Button>
            }
            title={t("discardTitle")}
            description={t("discardText")}
            confirmLabel={t("discard")}
            onConfirm={draft.throwAway}
          />
        ) : null}
        <Button
          type="button"
          variant={publishes ? "outline" : "primary"}
          {...nothing}
          loading={draft.submitting}
          onClick={() => draft.send(false, problems)}
        >
          {t("submit")}
        </Button>
        {publishes ? (
          <Button
            type="button"
            {...nothing}
            loading={draft.submitting}
            onClick={() => draft.send(true, problems)}
          >
            {form("submit")}
          </Button>
        ) : null}
      </div>
    </PageFrame>
  );
}

/** What kept the draft from being saved, and the way on. */
function SaveError({ draft: { autosave, id, keepMine }, home }: { draft: DraftState; home: string }) {
  const { error, flush } = autosave;
  const { code, params } = readError(error);
  if (!error || code !== "CONFLICT" || !id) return <ErrorAlert error={error} onRetry={() => void flush()} />;
  const gone = params.version === undefined;
  const href = gone ? home : `${home}/${id}/edit`;
  return <DraftConflict gone={gone} href={href} keepMine={() => keepMine(gone)} />;
}

const keyOf = ({ code, path }: Problem) => `${code}/${path.join(".")}`;

/** What was found here at once, and what only the server can know (`ofServer`) of a draft that is whole here. */
export function allProblems(
  here: readonly Problem[],
  told: readonly Problem[],
  ofServer: ReadonlySet<Problem["code"]>,
): Problem[] {
  const seen = new Set(here.map(keyOf));
  return [...here, ...told.filter((problem) => ofServer.has(problem.code) && !seen.has(keyOf(problem)))];
}
