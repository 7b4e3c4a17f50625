"use client";

import {
  keepPreviousData,
  useMutation,
  useQuery,
  useQueryClient,
  useSuspenseQuery,
} from "@tanstack/react-query";
import { Download, RotateCcw, Square } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useFormat } from "@/components/format/use-format";
import { useCan } from "@/components/layout/viewer";
import { useTRPC } from "@/components/trpc";
import { Alert } from "@/components/ui/alert";
import { Button, buttonStyles, LinkButton } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { DescriptionList } from "@/components/ui/description-list";
import { ErrorAlert } from "@/components/ui/error-alert";
import { isErrorCode, useErrorText } from "@/components/ui/error-message";
import { Instant } from "@/components/ui/instant";
import { PageFrame } from "@/components/ui/page-frame";
import { Progress } from "@/components/ui/progress";
import { StatTile } from "@/components/ui/stat-tile";
import { toast } from "@/components/ui/toast";
import type { ErrorParams } from "@/server/core/errors";
import type { ImportDetail } from "@/server/domain/imports";
import { fileSize } from "./file-size";
import { ImportState, isUnderWay } from "./import-state";
import { RejectCodes } from "./reject-codes";
import { REJECTS_SHOWN } from "./table";

/** One import: how far it is, what came of it, and what was rejected. */
export function ImportPage({ id }: { id: string }) {
  const t = useTranslations("imports");
  const trpc = useTRPC();
  const can = useCan();
  const { data } = useSuspenseQuery(
    trpc.imports.get.queryOptions(
      { id },
      {
        refetchInterval: (query) =>
          query.state.data === undefined || isUnderWay(query.state.data.state) ? 1_000 : false,
      },
    ),
  );
  const underWay = isUnderWay(data.state);
  return (
    <PageFrame
      title={data.fileName}
      badge={<ImportState state={data.state} />}
      breadcrumbs={[{ label: t("title"), href: "/imports" }]}
      actions={
        <>
          {underWay && can("job:cancel") ? <CancelButton row={data} /> : null}
          {!underWay && can("import:write") ? (
            <LinkButton variant="outline" href={`/imports/new?file=${data.fileId}`} icon={<RotateCcw />}>
              {t("detail.again")}
            </LinkButton>
          ) : null}
        </>
      }
    >
      <Failure row={data} />
      <ProgressOf row={data} />
      <Counts row={data} />
      <Rejects row={data} />
      <Facts row={data} />
    </PageFrame>
  );
}

function Failure({ row }: { row: ImportDetail }) {
  const t = useTranslations("imports.detail");
  const sentence = useErrorText();
  if (!row.error) return null;
  const { code, params } = row.error;
  return (
    <Alert tone="danger" title={t("failedTitle")}>
      {isErrorCode(code) ? sentence(code, params as ErrorParams) : code}
    </Alert>
  );
}

function ProgressOf({ row }: { row: ImportDetail }) {
  const t = useTranslations("imports.detail");
  const { count } = useFormat();
  if (!isUnderWay(row.state)) return null;
  return (
    <Card>
      <Progress
        label={row.total === null ? t("counting") : t("progress")}
        value={row.total === null ? null : row.lines}
        max={row.total ?? 0}
        detail={row.total === null ? null : t("of", { done: count(row.lines), total: count(row.total) })}
      />
    </Card>
  );
}

function Counts({ row }: { row: ImportDetail }) {
  const t = useTranslations("imports");
  const { count } = useFormat();
  return (
    <section aria-label={t("detail.counts")} className="grid grid-cols-2 gap-3 sm:grid-cols-3 xl:grid-cols-5">
      {(["lines", "accepted", "skipped", "repeated", "rejected"] as const).map((key) => (
        <StatTile key={key} label={t(`list.${key}`)} value={count(row[key])} />
      ))}
    </section>
  );
}

function Rejects({ row }: { row: ImportDetail }) {
  const t = useTranslations("imports.rejects");
  const trpc = useTRPC();
  const [limit, setLimit] = useState(REJECTS_SHOWN);
  const list = useQuery(
    trpc.imports.rejects.queryOptions(
      { importId: row.id, limit },
      {
        enabled: row.rejected > 0,
        placeholderData: keepPreviousData,
        refetchInterval: isUnderWay(row.state) ? 3_000 : false,
      },
    ),
  );
  if (row.rejected === 0) return isUnderWay(row.state) ? null : <Card title={t("title")}>{t("none")}</Card>;
  return (
    <Card
      flush
      title={t("title")}
      description={t("hint")}
      actions={
        <a
          className={buttonStyles({ variant: "outline", size: "sm" })}
          href={`/api/imports/${row.id}/rejects`}
          download
        >
          <Download aria-hidden />
          {t("download")}
        </a>
      }
      footer={
        list.data?.nextCursor && limit < 200 ? (
          <Button variant="ghost" size="sm" onClick={() => setLimit(200)} loading={list.isPlaceholderData}>
            {t("more")}
          </Button>
        ) : null
      }
    >
      {list.error ? <ErrorAlert error={list.error} onRetry={list.refetch} className="m-4" /> : null}
      <ul className="divide-y divide-border border-t border-border text-sm">
        {list.data?.items.map((reject) => (
          <li key={reject.line} className="grid gap-x-4 gap-y-1 px-4 py-2 sm:grid-cols-[5rem_18rem_1fr]">
            <span className="figure text-muted-foreground">
              <span className="sr-only">{t("line")} </span>
              {reject.line}
            </span>
            <RejectCodes codes={reject.codes} />
            <code className="min-w-0 text-xs break-all">{reject.raw.slice(0, 300)}</code>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Facts({ row }: { row: ImportDetail }) {
  const t = useTranslations("imports");
  const { mapping } = row;
  return (
    <Card title={t("detail.facts")}>
      <DescriptionList
        columns={3}
        items={[
          { label: t("detail.file"), value: row.fileName },
          { label: t("detail.size"), value: fileSize(row.fileSize) },
          { label: t("detail.by"), value: row.createdByName },
          { label: t("detail.at"), value: <Instant at={row.createdAt} style="second" /> },
          row.finishedAt && {
            label: t("detail.finished"),
            value: <Instant at={row.finishedAt} style="second" />,
          },
          { label: t("mapping.currency"), value: mapping.currency },
          { label: t("mapping.merchant"), value: mapping.merchant },
          mapping.brand !== null && { label: t("mapping.brand"), value: mapping.brand },
          {
            label: t("mapping.amount"),
            value: `${mapping.amount.column} (${t(`mapping.meanings.${mapping.amount.means}`)})`,
          },
          {
            label: t("mapping.discounts"),
            value: mapping.discounts
              .map((one) => `${one.column} (${t(`mapping.funders.${one.by}`)})`)
              .join(", "),
          },
          {
            label: t("mapping.soldAt"),
            value: `${mapping.soldAt.column} (${mapping.soldAt.format}, ${mapping.soldAt.timeZone})`,
          },
          mapping.onlyAbove !== null && { label: t("mapping.onlyAbove"), value: mapping.onlyAbove },
          { label: t("mapping.collectedBy"), value: t(`mapping.collectors.${mapping.collectedBy}`) },
          {
            label: t("detail.sha256"),
            value: <code className="text-xs break-all">{row.sha256}</code>,
            wide: true,
          },
        ]}
      />
    </Card>
  );
}

function CancelButton({ row }: { row: ImportDetail }) {
  const t = useTranslations("imports.detail");
  const trpc = useTRPC();
  const queries = useQueryClient();
  const cancel = useMutation(trpc.jobs.cancel.mutationOptions());
  return (
    <ConfirmDialog
      trigger={
        <Button variant="outline" icon={<Square />}>
          {t("cancel")}
        </Button>
      }
      title={t("cancelTitle")}
      description={t("cancelBody")}
      confirmLabel={t("cancel")}
      danger
      onConfirm={async () => {
        if (row.jobId) await cancel.mutateAsync({ id: row.jobId });
        await queries.invalidateQueries(trpc.imports.get.pathFilter());
        toast.success(t("cancelled"));
      }}
    />
  );
}
