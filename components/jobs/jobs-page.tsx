"use client";

import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { ListChecks } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useMemo } from "react";
import { type DataColumn, DataTable } from "@/components/data-table/data-table";
import { useTableState } from "@/components/data-table/use-table-state";
import { useFormat } from "@/components/format/use-format";
import { isUnderWay, JOB_TONES } from "@/components/imports/import-state";
import { useCan } from "@/components/layout/viewer";
import { useTRPC } from "@/components/trpc";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { EmptyState } from "@/components/ui/empty-state";
import { isErrorCode, useErrorText } from "@/components/ui/error-message";
import { Instant } from "@/components/ui/instant";
import { PageFrame } from "@/components/ui/page-frame";
import { Progress } from "@/components/ui/progress";
import { toast } from "@/components/ui/toast";
import type { ErrorParams } from "@/server/core/errors";
import type { JobRun } from "@/server/domain/outbox";
import { JOB_KINDS, jobsInput, jobsTable } from "./table";

/** Long work of the tenant, with its progress. */
export function JobsPage() {
  const t = useTranslations("jobs");
  const trpc = useTRPC();
  const table = useTableState(jobsTable);
  const list = useQuery(
    trpc.jobs.list.queryOptions(jobsInput(table.query), {
      placeholderData: keepPreviousData,
      refetchInterval: (query) =>
        query.state.data?.items.some((job) => isUnderWay(job.state)) ? 1_500 : 15_000,
    }),
  );
  const columns = useColumns();
  return (
    <PageFrame title={t("title")} description={t("description")}>
      <DataTable
        table={table}
        label={t("label")}
        columns={columns}
        rows={list.data?.items}
        rowId={(job) => job.id}
        nextCursor={list.data?.nextCursor}
        loading={list.isPending}
        fetching={list.isPlaceholderData}
        error={list.error}
        onRetry={list.refetch}
        filters={[
          {
            name: "kind",
            label: t("filterKind"),
            options: JOB_KINDS.map((kind) => ({ value: kind, label: t(`kinds.${kind}`) })),
          },
        ]}
        empty={<EmptyState icon={<ListChecks />} title={t("empty")} description={t("emptyHint")} />}
      />
    </PageFrame>
  );
}

function useColumns(): DataColumn<JobRun, never>[] {
  const t = useTranslations("jobs");
  const common = useTranslations("common");
  return useMemo(
    () => [
      {
        id: "kind",
        header: t("kind"),
        fixed: true,
        interactive: true,
        card: "title",
        cell: (job) => <JobName job={job} />,
      },
      { id: "state", header: t("state"), card: "aside", cell: (job) => <JobStateBadge job={job} /> },
      { id: "progress", header: t("progress"), cell: (job) => <JobProgress job={job} /> },
      { id: "by", header: t("by"), cell: (job) => job.createdByName },
      { id: "createdAt", header: t("createdAt"), cell: (job) => <Instant at={job.createdAt} /> },
      {
        id: "finishedAt",
        header: t("finishedAt"),
        cell: (job) => (job.finishedAt ? <Instant at={job.finishedAt} /> : "–"),
      },
      {
        id: "actions",
        header: common("table.actions"),
        align: "end",
        interactive: true,
        cell: (job) => <CancelButton job={job} />,
      },
    ],
    [t, common],
  );
}

function JobName({ job }: { job: JobRun }) {
  const name = useJobName()(job);
  const detail = typeof job.params.fileName === "string" ? job.params.fileName : null;
  const href = hrefOf(job);
  return (
    <span className="block min-w-0">
      {href ? (
        <Link href={href} className="text-primary underline-offset-4 hover:underline">
          {name}
        </Link>
      ) : (
        name
      )}
      {detail ? <span className="block truncate text-xs text-muted-foreground">{detail}</span> : null}
    </span>
  );
}

/** Where its result is seen. */
function hrefOf({ kind, params }: JobRun): string | null {
  if (kind === "import-sales" && typeof params.importId === "string") return `/imports/${params.importId}`;
  if (kind === "import-keys" && typeof params.importId === "string")
    return `/stock/imports/${params.importId}`;
  if (kind === "replay" && typeof params.replayId === "string") return `/replays/${params.replayId}`;
  if (typeof params.campaignId === "string") return `/campaigns/${params.campaignId}`;
  return null;
}

function useJobName(): (job: JobRun) => string {
  const t = useTranslations("jobs");
  return ({ kind }) => {
    const known = JOB_KINDS.find((one) => one === kind);
    return known ? t(`kinds.${known}`) : kind;
  };
}

function JobStateBadge({ job }: { job: JobRun }) {
  const t = useTranslations("jobs");
  const stopping = job.cancelRequestedAt !== null && isUnderWay(job.state);
  return <Badge tone={JOB_TONES[job.state]}>{stopping ? t("stopping") : t(`states.${job.state}`)}</Badge>;
}

function JobProgress({ job }: { job: JobRun }) {
  const t = useTranslations("jobs");
  const sentence = useErrorText();
  const { count } = useFormat();
  if (job.error) {
    const { code, params } = job.error;
    return (
      <span className="text-xs text-destructive">
        {isErrorCode(code) ? sentence(code, params as ErrorParams) : code}
      </span>
    );
  }
  const detail =
    job.total === null
      ? count(job.progress)
      : t("of", { done: count(job.progress), total: count(job.total) });
  if (!isUnderWay(job.state)) return <span className="figure">{detail}</span>;
  return (
    <Progress
      className="min-w-40"
      label={t(`states.${job.state}`)}
      value={job.total === null ? null : job.progress}
      max={job.total ?? 0}
      detail={detail}
    />
  );
}

function CancelButton({ job }: { job: JobRun }) {
  const t = useTranslations("jobs");
  const can = useCan();
  const trpc = useTRPC();
  const queries = useQueryClient();
  const cancel = useMutation(trpc.jobs.cancel.mutationOptions());
  const name = useJobName()(job);
  if (!can("job:cancel") || !isUnderWay(job.state) || job.cancelRequestedAt) return null;
  return (
    <ConfirmDialog
      trigger={
        <Button variant="outline" size="sm">
          {t("cancel")}
        </Button>
      }
      title={t("cancelTitle", { name })}
      description={t("cancelBody")}
      confirmLabel={t("cancel")}
      danger
      onConfirm={async () => {
        await cancel.mutateAsync({ id: job.id });
        await queries.invalidateQueries(trpc.jobs.list.pathFilter());
        toast.success(t("cancelled"));
      }}
    />
  );
}
