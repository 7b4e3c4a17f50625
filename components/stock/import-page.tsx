"use client";

import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { CirclePlay, Download, FileUp, Square } from "lucide-react";
import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import { useFormat } from "@/components/format/use-format";
import { fileSize } from "@/components/imports/file-size";
import { ImportState, isUnderWay } from "@/components/imports/import-state";
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
import { NoRecord } from "@/components/vouchers/no-record";
import type { ErrorParams } from "@/server/core/errors";
import type { KeyImportRow } from "@/server/domain/cards";
import { KEY_LINE_CODES } from "@/server/domain/cards/schemas";
import { REJECTS_SHOWN } from "./table";

/** One import of keys: how far it is, what went in, and which lines did not and why. */
export function KeyImportPage({ id }: { id: string }) {
  const t = useTranslations("stock");
  const trpc = useTRPC();
  const queries = useQueryClient();
  const query = useQuery(
    trpc.stock.import.queryOptions(
      { id },
      {
        refetchInterval: ({ state }) =>
          state.data === undefined || isUnderWay(state.data.state) ? 1_000 : false,
      },
    ),
  );
  const row = query.data;
  const ended = row !== undefined && !isUnderWay(row.state);
  useEffect(() => {
    // What went in counts as stock from now on.
    if (!ended) return;
    void queries.invalidateQueries(trpc.products.pathFilter());
    void queries.invalidateQueries(trpc.stock.list.pathFilter());
  }, [ended, queries, trpc]);
  if (!row) return <NoRecord noun="stock" error={query.error} onRetry={() => void query.refetch()} />;
  return (
    <PageFrame
      title={row.fileName}
      badge={<ImportState state={row.state} />}
      description={row.productName}
      breadcrumbs={[
        { label: t("title"), href: "/stock" },
        { label: t("tabs.imports"), href: "/stock/imports" },
      ]}
      actions={ended ? null : <CancelButton row={row} />}
    >
      <Failure row={row} />
      {ended ? <Next row={row} /> : <ProgressOf row={row} />}
      <Counts row={row} />
      <Rejects row={row} />
      <Facts row={row} />
    </PageFrame>
  );
}

function Failure({ row }: { row: KeyImportRow }) {
  const t = useTranslations("stock.result");
  const sentence = useErrorText();
  if (row.state === "cancelled") return <Alert tone="warning">{t("cancelledHint")}</Alert>;
  if (!row.error) return null;
  const { code, params } = row.error;
  return (
    <Alert tone="danger" title={t("failedTitle")}>
      <p>{isErrorCode(code) ? sentence(code, params as ErrorParams) : code}</p>
      <p>{t("failedHint")}</p>
    </Alert>
  );
}

function ProgressOf({ row }: { row: KeyImportRow }) {
  const t = useTranslations("stock.result");
  const { count } = useFormat();
  return (
    <Card>
      <Progress
        label={row.total === null ? t("counting") : t("progress")}
        value={row.total === null ? null : row.lines}
        max={row.total ?? 0}
        detail={row.total === null ? null : t("of", { done: count(row.lines), total: count(row.total) })}
      />
      <p className="mt-2 text-xs text-muted-foreground">{t("background")}</p>
    </Card>
  );
}

/** Where one goes from here; above all, that a product which is not on sale sells nothing. */
function Next({ row }: { row: KeyImportRow }) {
  const t = useTranslations("stock.result");
  const action = useTranslations("stock.import");
  const can = useCan();
  const trpc = useTRPC();
  const product = useQuery(trpc.products.get.queryOptions({ id: row.productId }));
  const waits =
    product.data !== undefined &&
    product.data.status !== "on_sale" &&
    row.accepted > 0 &&
    can("product:write");
  return (
    <Card title={t("next")}>
      {waits ? <p className="mb-3 text-sm">{t("putOnSale")}</p> : null}
      <div className="flex flex-wrap gap-2">
        <LinkButton
          href={`/products/${row.productId}`}
          variant={waits ? "primary" : "outline"}
          icon={waits ? <CirclePlay aria-hidden /> : undefined}
        >
          {t("toProduct")}
        </LinkButton>
        <LinkButton href={`/stock/batches/${row.batchId}`} variant="outline">
          {t("toBatch")}
        </LinkButton>
        {can("stock:import") ? (
          <LinkButton href="/stock/import" variant="outline" icon={<FileUp aria-hidden />}>
            {action("another")}
          </LinkButton>
        ) : null}
      </div>
    </Card>
  );
}

function Counts({ row }: { row: KeyImportRow }) {
  const t = useTranslations("stock.result");
  const { count } = useFormat();
  return (
    <section aria-label={t("title")} className="grid grid-cols-2 gap-3 lg:grid-cols-4">
      {(["lines", "accepted", "rejected", "skipped"] as const).map((key) => (
        <StatTile key={key} label={t(key)} value={count(row[key])} />
      ))}
    </section>
  );
}

function Rejects({ row }: { row: KeyImportRow }) {
  const t = useTranslations("stock.result");
  const codes = useTranslations("stock.codes");
  const trpc = useTRPC();
  const { count } = useFormat();
  const [limit, setLimit] = useState(REJECTS_SHOWN);
  const underWay = isUnderWay(row.state);
  const list = useQuery(
    trpc.stock.rejects.queryOptions(
      { importId: row.id, limit },
      {
        enabled: row.rejected > 0,
        placeholderData: keepPreviousData,
        refetchInterval: underWay ? 3_000 : false,
      },
    ),
  );
  if (row.rejected === 0) {
    return underWay || row.accepted === 0 ? null : <Alert tone="success">{t("none")}</Alert>;
  }
  const reasons = KEY_LINE_CODES.filter((code) => (row.reasons[code] ?? 0) > 0);
  return (
    <Card
      flush
      title={t("reasons")}
      description={t("downloadHint")}
      actions={
        underWay ? null : (
          <a
            className={buttonStyles({ variant: "outline", size: "sm" })}
            href={`/api/stock/imports/${row.id}/rejects`}
            download
          >
            <Download aria-hidden />
            {t("download")}
          </a>
        )
      }
      footer={
        list.data?.nextCursor && limit < 200 ? (
          <Button variant="ghost" size="sm" onClick={() => setLimit(200)} loading={list.isPlaceholderData}>
            {t("more")}
          </Button>
        ) : null
      }
    >
      <ul
        aria-label={t("reasons")}
        className="flex flex-wrap gap-x-6 gap-y-2 border-t border-border px-4 py-3"
      >
        {reasons.map((code) => (
          <li key={code} className="text-sm">
            {codes(code)} <span className="figure font-semibold">{count(row.reasons[code] ?? 0)}</span>
          </li>
        ))}
      </ul>
      <ErrorAlert error={list.error} onRetry={list.refetch} className="m-4" />
      <ul
        aria-label={t("rejectedLines")}
        className="divide-y divide-border border-t border-border text-sm empty:hidden"
      >
        {list.data?.items.map((reject) => (
          <li key={reject.line} className="flex gap-x-6 px-4 py-2">
            <span className="figure w-28 shrink-0 text-muted-foreground">
              {t("atLine", { line: count(reject.line) })}
            </span>
            <span>{codes(reject.code)}</span>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Facts({ row }: { row: KeyImportRow }) {
  const t = useTranslations("stock");
  return (
    <Card title={t("result.facts")}>
      <DescriptionList
        columns={4}
        items={[
          { label: t("columns.file"), value: row.fileName },
          { label: t("result.size"), value: fileSize(row.fileSize) },
          { label: t("result.encoding"), value: t(`encodings.${row.encoding}`) },
          { label: t("result.layout"), value: t(`layouts.${row.layout}`) },
          { label: t("columns.batch"), value: <span className="figure">{row.batchNumber}</span> },
          { label: t("columns.by"), value: row.createdByName },
          { label: t("columns.at"), value: <Instant at={row.createdAt} style="second" /> },
          row.finishedAt && {
            label: t("result.finished"),
            value: <Instant at={row.finishedAt} style="second" />,
          },
        ]}
      />
    </Card>
  );
}

function CancelButton({ row }: { row: KeyImportRow }) {
  const t = useTranslations("stock.result");
  const can = useCan();
  const trpc = useTRPC();
  const queries = useQueryClient();
  const cancel = useMutation(trpc.jobs.cancel.mutationOptions());
  if (!can("job:cancel")) return null;
  return (
    <ConfirmDialog
      trigger={
        <Button variant="outline" icon={<Square aria-hidden />}>
          {t("cancel")}
        </Button>
      }
      title={t("cancelTitle")}
      description={t("cancelBody")}
      confirmLabel={t("cancel")}
      danger
      onConfirm={async () => {
        await cancel.mutateAsync({ id: row.jobId });
        await queries.invalidateQueries(trpc.stock.import.pathFilter());
        toast.success(t("cancelled"));
      }}
    />
  );
}
