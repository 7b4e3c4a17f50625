"use client";

import { keepPreviousData, useMutation, useQuery } from "@tanstack/react-query";
import { ShieldCheck } from "lucide-react";
import { useTranslations } from "next-intl";
import { createParser, useQueryState } from "nuqs";
import { useMemo } from "react";
import { type DataColumn, DataTable, useTableState } from "@/components/data-table";
import { useFormat } from "@/components/format/use-format";
import { useCan } from "@/components/layout/viewer";
import { PartyPicker } from "@/components/parties/party-picker";
import { useTRPC } from "@/components/trpc";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorAlert } from "@/components/ui/error-alert";
import { Input } from "@/components/ui/input";
import { Instant } from "@/components/ui/instant";
import { PageFrame } from "@/components/ui/page-frame";
import type { AuditRow } from "@/server/domain/audit";
import { useActor } from "./actor";
import { EntrySheet } from "./entry-sheet";
import { auditInput, auditTable } from "./table";

const seqParser = createParser<bigint>({
  parse: (text) => (/^[1-9]\d{0,17}$/.test(text) ? BigInt(text) : null),
  serialize: String,
});

export function AuditPage() {
  const t = useTranslations("audit");
  const format = useFormat();
  const can = useCan();
  const trpc = useTRPC();
  const table = useTableState(auditTable);
  const [entry, setEntry] = useQueryState("entry", seqParser);
  const list = useQuery(
    trpc.audit.list.queryOptions(auditInput(table.query), { placeholderData: keepPreviousData }),
  );
  const actions = useQuery(trpc.audit.actions.queryOptions());
  const actor = useActor();
  const verify = useMutation(trpc.audit.verify.mutationOptions());
  const columns = useMemo<DataColumn<AuditRow, never>[]>(
    () => [
      {
        id: "seq",
        header: t("fields.seq"),
        align: "end",
        cell: (row) => <span className="figure">{String(row.seq)}</span>,
      },
      { id: "at", header: t("fields.at"), cell: (row) => <Instant at={row.at} style="second" /> },
      {
        id: "action",
        header: t("fields.action"),
        fixed: true,
        card: "title",
        interactive: true,
        cell: (row) => (
          <button
            type="button"
            onClick={() => void setEntry(row.seq)}
            className="cursor-pointer font-mono text-xs font-medium break-all text-primary underline-offset-4 hover:underline"
          >
            {row.action}
          </button>
        ),
      },
      {
        id: "subject",
        header: t("fields.subject"),
        cell: (row) => (
          <span className="font-mono text-xs break-all">
            {row.subjectKind} <span className="text-muted-foreground">{row.subjectId}</span>
          </span>
        ),
      },
      { id: "actor", header: t("fields.actor"), cell: actor.name },
      { id: "ip", header: t("fields.ip"), hidden: true, cell: (row) => row.ip ?? "–" },
      {
        id: "requestId",
        header: t("fields.requestId"),
        hidden: true,
        cell: (row) => <span className="font-mono text-xs break-all">{row.requestId}</span>,
      },
    ],
    [t, actor, setEntry],
  );
  const result = verify.data;
  const told = result
    ? { count: format.count(Number(result.checked)), time: format.instant(result.at, "second") }
    : null;
  return (
    <PageFrame
      title={t("title")}
      description={t("description")}
      actions={
        <Button
          variant="outline"
          icon={<ShieldCheck aria-hidden />}
          loading={verify.isPending}
          onClick={() => verify.mutate()}
        >
          {t("verify.action")}
        </Button>
      }
    >
      <ErrorAlert error={verify.error} />
      {result && told && result.brokenAt === null ? (
        <Alert tone="success" live title={t("verify.intact")}>
          {t("verify.intactDetail", told)}
        </Alert>
      ) : null}
      {result && told && result.brokenAt !== null ? (
        <Alert
          tone="danger"
          title={t("verify.broken", { seq: String(result.brokenAt) })}
          actions={
            <Button variant="outline" size="sm" onClick={() => void setEntry(result.brokenAt)}>
              {t("verify.openBroken")}
            </Button>
          }
        >
          {t("verify.brokenDetail", { ...told, seq: String(result.brokenAt) })}
        </Alert>
      ) : null}
      <DataTable
        table={table}
        label={t("title")}
        columns={columns}
        rows={list.data?.items}
        rowId={(row) => String(row.seq)}
        nextCursor={list.data?.nextCursor}
        loading={list.isPending}
        fetching={list.isPlaceholderData}
        error={list.error}
        onRetry={list.refetch}
        searchLabel={t("search")}
        dateLabel={t("date")}
        filters={[
          {
            name: "action",
            label: t("fields.action"),
            options: actionOptions(actions.data ?? []),
          },
          textFilter("subjectKind", t("fields.subjectKind")),
          textFilter("subjectId", t("fields.subjectId")),
          textFilter("actorId", t("fields.actor")),
          ...(can("party:read")
            ? [
                {
                  name: "partyId" as const,
                  label: t("fields.party"),
                  render: (value: string | null, onChange: (value: string | null) => void) => (
                    <PartyPicker
                      size="sm"
                      clearable
                      aria-label={t("fields.party")}
                      value={value}
                      onValueChange={onChange}
                    />
                  ),
                },
              ]
            : []),
        ]}
        exportHref={table.exportHref("/api/export/audit")}
        empty={<EmptyState title={t("empty.title")} description={t("empty.description")} />}
      />
      {entry === null ? null : (
        <EntrySheet
          seq={entry}
          onClose={() => void setEntry(null)}
          onFilter={({ subject, actorId }) => {
            void setEntry(null);
            if (subject) {
              table.setFilter("subjectKind", [subject.kind]);
              table.setFilter("subjectId", [subject.id]);
            }
            if (actorId) table.setFilter("actorId", [actorId]);
          }}
        />
      )}
    </PageFrame>
  );
}

/** Each noun as a whole, then its actions. */
function actionOptions(actions: readonly string[]): { value: string; label: string }[] {
  const nouns = [...new Set(actions.map((action) => action.split(".")[0] ?? ""))];
  return nouns.flatMap((noun) => [
    { value: noun, label: `${noun}.*` },
    ...actions
      .filter((action) => action.startsWith(`${noun}.`))
      .map((action) => ({ value: action, label: action })),
  ]);
}

function textFilter(name: "subjectKind" | "subjectId" | "actorId", label: string) {
  return {
    name,
    label,
    render: (value: string | null, onChange: (value: string | null) => void) => (
      <Input
        key={value ?? ""}
        size="sm"
        aria-label={label}
        defaultValue={value ?? ""}
        onBlur={(event) => onChange(event.target.value.trim() || null)}
        onKeyDown={(event) => {
          if (event.key === "Enter") onChange(event.currentTarget.value.trim() || null);
        }}
      />
    ),
  };
}
