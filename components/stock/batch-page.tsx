"use client";

import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Ban } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useMemo, useState } from "react";
import { type DataColumn, DataTable, useTableState } from "@/components/data-table";
import { formatCount } from "@/components/format/format";
import { useCan, useViewer } from "@/components/layout/viewer";
import { useTRPC } from "@/components/trpc";
import { Badge, type Tone } from "@/components/ui/badge";
import { IconButton } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { DescriptionList } from "@/components/ui/description-list";
import { EmptyState } from "@/components/ui/empty-state";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Instant } from "@/components/ui/instant";
import { Money } from "@/components/ui/money";
import { PageFrame } from "@/components/ui/page-frame";
import { toast } from "@/components/ui/toast";
import { NoRecord } from "@/components/vouchers/no-record";
import { isPlatformRole } from "@/server/core/permissions";
import type { BatchDetail, KeyRow } from "@/server/domain/cards";
import { KEY_STATES, type KeyState } from "@/server/domain/cards/schemas";
import { Expiry } from "./expiry";
import { RevealDialog } from "./reveal-dialog";
import { StockBar } from "./stock-bar";
import { keysInput, keysTable } from "./table";

const LINK = "text-primary underline underline-offset-2";

/** Keys that came together: what they cost, what became of them, and for some people one of them at a time. */
export function BatchPage({ id }: { id: string }) {
  const t = useTranslations("stock");
  const trpc = useTRPC();
  const { data: batch, error, refetch } = useQuery(trpc.stock.batch.queryOptions({ id }));
  if (!batch) return <NoRecord noun="stock" error={error} onRetry={() => void refetch()} />;
  return (
    <PageFrame
      title={batch.number}
      description={batch.productName}
      breadcrumbs={[
        { label: t("title"), href: "/stock" },
        { label: t("tabs.batches"), href: "/stock/batches" },
      ]}
    >
      <Card title={t("batch.stock")}>
        <StockBar counts={batch} legend />
      </Card>
      <Facts batch={batch} />
      <Keys batch={batch} />
    </PageFrame>
  );
}

function Facts({ batch }: { batch: BatchDetail }) {
  const t = useTranslations("stock");
  const can = useCan();
  const { party } = useViewer();
  return (
    <Card title={t("batch.facts")}>
      <DescriptionList
        columns={4}
        items={[
          {
            label: t("columns.product"),
            value: (
              <Link href={`/products/${batch.productId}`} className={LINK}>
                {batch.productName}
              </Link>
            ),
          },
          party.kind !== "supplier" && {
            label: t("columns.supplier"),
            value: can("supplier:read") ? (
              <Link href={`/suppliers/${batch.supplierId}`} className={LINK}>
                {batch.supplierName}
              </Link>
            ) : (
              batch.supplierName
            ),
          },
          { label: t("columns.cost"), value: <Money amount={batch.cost} currency={batch.currency} /> },
          {
            label: t("columns.imported"),
            value: <span className="figure">{formatCount(batch.imported)}</span>,
          },
          { label: t("columns.expiresAt"), value: <Expiry at={batch.expiresAt} /> },
          { label: t("columns.createdAt"), value: <Instant at={batch.createdAt} /> },
          batch.importId !== null && {
            label: t("batch.import"),
            value: (
              <Link href={`/stock/imports/${batch.importId}`} className={LINK}>
                {t("result.title")}
              </Link>
            ),
          },
          batch.note !== null && batch.note !== "" && { label: t("columns.note"), value: batch.note },
        ]}
      />
    </Card>
  );
}

const TONES: Record<KeyState, Tone> = {
  available: "success",
  reserved: "warning",
  delivered: "info",
  dead: "danger",
  expired: "neutral",
};

function Keys({ batch }: { batch: BatchDetail }) {
  const t = useTranslations("stock");
  const trpc = useTRPC();
  const table = useTableState(keysTable);
  const list = useQuery(
    trpc.stock.keys.queryOptions(keysInput(batch.id, table.query), { placeholderData: keepPreviousData }),
  );
  const columns = useKeyColumns();
  return (
    <div className="space-y-3">
      <div>
        <h2 className="text-sm font-semibold">{t("batch.keys")}</h2>
        <p className="text-xs text-muted-foreground">{t("batch.keysHint")}</p>
      </div>
      <DataTable<KeyRow, typeof keysTable.filters, never>
        table={table}
        label={t("batch.keys")}
        columns={columns}
        rows={list.data?.items}
        rowId={(row) => row.id}
        nextCursor={list.data?.nextCursor}
        loading={list.isPending}
        fetching={list.isPlaceholderData}
        error={list.error}
        onRetry={() => void list.refetch()}
        filters={[
          {
            name: "state",
            label: t("filters.state"),
            options: KEY_STATES.map((value) => ({ value, label: t(`states.${value}`) })),
          },
        ]}
        empty={<EmptyState title={t("batch.noKeys")} description={t("batch.noKeysHint")} />}
      />
    </div>
  );
}

function useKeyColumns(): readonly DataColumn<KeyRow, never>[] {
  const t = useTranslations("stock");
  const common = useTranslations("common.table");
  const can = useCan();
  const { role } = useViewer();
  // A distributor sees the keys of its orders with those orders.
  const mayReveal = can("card:reveal") && isPlatformRole(role);
  const mayKill = can("card:mark_dead");
  const seesOrders = can("order:read");
  return useMemo(() => {
    const columns: (DataColumn<KeyRow, never> | null)[] = [
      {
        id: "key",
        header: t("columns.key"),
        fixed: true,
        card: "title",
        cell: (row) =>
          row.tail ? (
            <span className="figure">···{row.tail}</span>
          ) : (
            <span className="text-muted-foreground">{t("batch.noNumber")}</span>
          ),
      },
      {
        id: "state",
        header: t("columns.state"),
        card: "aside",
        cell: (row) => <Badge tone={TONES[row.state]}>{t(`states.${row.state}`)}</Badge>,
      },
      { id: "expiresAt", header: t("columns.expiresAt"), cell: (row) => <Expiry at={row.expiresAt} /> },
      { id: "changedAt", header: t("columns.changedAt"), cell: (row) => <Instant at={row.changedAt} /> },
      seesOrders
        ? {
            id: "order",
            header: t("columns.order"),
            interactive: true,
            cell: (row) =>
              row.orderId ? (
                <Link href={`/orders/${row.orderId}`} className={LINK}>
                  {t("batch.toOrder")}
                </Link>
              ) : (
                "–"
              ),
          }
        : null,
      mayReveal || mayKill
        ? {
            id: "actions",
            header: common("actions"),
            align: "end",
            interactive: true,
            fixed: true,
            cell: (row) => (
              <span className="inline-flex gap-1">
                {mayReveal ? <Reveal row={row} /> : null}
                {mayKill ? <MarkDead row={row} /> : null}
              </span>
            ),
          }
        : null,
    ];
    return columns.filter((column) => column !== null);
  }, [t, common, seesOrders, mayReveal, mayKill]);
}

function useKeyName(row: KeyRow): string {
  const t = useTranslations("stock.batch");
  return row.tail ? `···${row.tail}` : t("noNumber");
}

function Reveal({ row }: { row: KeyRow }) {
  const trpc = useTRPC();
  const name = useKeyName(row);
  // What it answers is kept nowhere but on the screen.
  const reveal = useMutation(trpc.stock.reveal.mutationOptions({ gcTime: 0 }));
  return (
    <RevealDialog
      name={name}
      reveal={async () => {
        const key = await reveal.mutateAsync({ keyId: row.id });
        reveal.reset();
        return key;
      }}
    />
  );
}

function MarkDead({ row }: { row: KeyRow }) {
  const t = useTranslations("stock.dead");
  const trpc = useTRPC();
  const queries = useQueryClient();
  const [reason, setReason] = useState("");
  const name = useKeyName(row);
  const markDead = useMutation(trpc.stock.markDead.mutationOptions());
  if (row.state !== "available") return null;
  return (
    <ConfirmDialog
      danger
      trigger={
        <IconButton label={t("actionOf", { key: name })} size="icon-sm">
          <Ban aria-hidden />
        </IconButton>
      }
      title={t("title")}
      description={`${name} · ${t("text")}`}
      confirmLabel={t("confirm")}
      disabled={reason.trim() === ""}
      onConfirm={async () => {
        await markDead.mutateAsync({ keyIds: [row.id], reason });
        await Promise.all([
          queries.invalidateQueries(trpc.stock.pathFilter()),
          queries.invalidateQueries(trpc.products.pathFilter()),
        ]);
        toast.success(t("done"));
      }}
    >
      <Field label={t("reason")} hint={t("reasonHint")} required>
        <Input
          value={reason}
          maxLength={500}
          autoComplete="off"
          onChange={(event) => setReason(event.target.value)}
        />
      </Field>
    </ConfirmDialog>
  );
}
