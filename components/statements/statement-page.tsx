"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Download, Landmark, Printer } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useMemo, useRef, useState } from "react";
import { type DataColumn, DataTable, useTableState } from "@/components/data-table";
import { formatCount } from "@/components/format/format";
import { useFormat } from "@/components/format/use-format";
import { useCan, useViewer } from "@/components/layout/viewer";
import { ExplainedAmount } from "@/components/trace/explain";
import { useLegName } from "@/components/trace/leg-name";
import { useTRPC } from "@/components/trpc";
import { Alert } from "@/components/ui/alert";
import { Button, buttonStyles } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { cn } from "@/components/ui/cn";
import { DescriptionList } from "@/components/ui/description-list";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorAlert } from "@/components/ui/error-alert";
import { Instant } from "@/components/ui/instant";
import { Money } from "@/components/ui/money";
import { PageFrame } from "@/components/ui/page-frame";
import { Skeleton } from "@/components/ui/skeleton";
import type { PartyKind } from "@/server/core/permissions";
import { isPlatformRole } from "@/server/core/permissions";
import type { StatementDetail, StatementTransfer } from "@/server/domain/settlement";
import { PayDialog } from "./pay-dialog";
import { Period } from "./period";
import { StatementBadge } from "./state";
import { transfersInput, transfersTable } from "./table";

export function StatementPage({ id }: { id: string }) {
  const t = useTranslations("statements");
  const can = useCan();
  const trpc = useTRPC();
  const { data, error, refetch } = useQuery(trpc.statements.get.queryOptions({ id }));
  const [paying, setPaying] = useState(false);
  const breadcrumbs = [{ label: t("detail.back"), href: "/statements" }];
  if (!data) {
    return (
      <PageFrame title={error ? "–" : "…"} breadcrumbs={breadcrumbs}>
        {error ? (
          <ErrorAlert error={error} onRetry={() => void refetch()} />
        ) : (
          <div className="space-y-4">
            <Skeleton className="h-40 w-full rounded-lg" />
            <Skeleton className="h-64 w-full rounded-lg" />
          </div>
        )}
      </PageFrame>
    );
  }
  const payable = data.state === "draft" && can("statement:pay");
  return (
    <PageFrame
      title={data.number}
      badge={<StatementBadge state={data.state} />}
      breadcrumbs={breadcrumbs}
      actions={
        <>
          <Button variant="outline" icon={<Printer aria-hidden />} onClick={() => window.print()}>
            <PrintLabel />
          </Button>
          <a
            href={`/api/export/statement-transfers?statementId=${id}`}
            download
            className={buttonStyles({ variant: "outline" })}
          >
            <Download aria-hidden />
            {t("detail.csvTransfers")}
          </a>
          {payable ? (
            <Button icon={<Landmark aria-hidden />} onClick={() => setPaying(true)}>
              {t(data.kind === "payable" ? "pay.payAction" : "pay.collectAction")}
            </Button>
          ) : null}
        </>
      }
    >
      <Head statement={data} />
      <Drill statement={data} />
      {paying ? <PayDialog statement={data} onClose={() => setPaying(false)} /> : null}
    </PageFrame>
  );
}

function PrintLabel() {
  return useTranslations("common.actions")("print");
}

function Head({ statement }: { statement: StatementDetail }) {
  const t = useTranslations("statements");
  const can = useCan();
  const format = useFormat();
  const staff = isPlatformRole(useViewer().role);
  const { total, currency, party, carried, bank } = statement;
  const owes = statement.kind === "receivable";
  const direction =
    statement.state === "carried"
      ? t("direction.carried")
      : staff
        ? t(owes ? "direction.owed" : "direction.due", { party: party.name })
        : t(owes ? "direction.ownOwed" : "direction.ownDue");
  const shown = statement.state === "carried" ? total : total < 0n ? -total : total;
  const carriedText = { count: carried.count, amount: format.money(carried.total, currency) };
  return (
    <>
      {carried.count > 0 && statement.state !== "paid" ? (
        <Alert tone="warning" live={false}>
          {t(staff ? "detail.carriedNotice" : "detail.carriedOwn", carriedText)}
        </Alert>
      ) : null}
      <Card>
        <div className="mb-4 border-b border-border pb-4">
          <p className="text-sm text-muted-foreground">{direction}</p>
          <Money amount={shown} currency={currency} className="text-3xl font-semibold tracking-tight" />
        </div>
        <DescriptionList
          columns={3}
          items={[
            {
              label: t("fields.party"),
              value: can("party:read") ? (
                <Link
                  href={`/parties/${party.id}`}
                  className="text-primary underline-offset-4 hover:underline"
                >
                  {party.name} <span className="figure text-xs">{party.number}</span>
                </Link>
              ) : (
                <>
                  {party.name} <span className="figure text-xs text-muted-foreground">{party.number}</span>
                </>
              ),
            },
            {
              label: t("fields.kind"),
              value: t(staff ? `kind.${statement.kind}` : `own.${statement.kind}`),
            },
            {
              label: t("fields.period"),
              value: <Period after={statement.dueAfter} through={statement.dueThrough} />,
            },
            { label: t("fields.transfers"), value: formatCount(statement.transferCount) },
            {
              label: t("fields.run"),
              value: staff ? (
                <Link
                  href={`/statements?f.runId=${statement.runId}`}
                  className="figure text-primary underline-offset-4 hover:underline"
                >
                  {statement.runNumber}
                </Link>
              ) : (
                <span className="figure">{statement.runNumber}</span>
              ),
            },
            !owes && {
              label: t("detail.bank"),
              value: bank?.tail
                ? [bank.name, bank.holder, t("detail.tail", { tail: bank.tail })].filter(Boolean).join(" · ")
                : t("detail.noBank"),
            },
            statement.state !== "carried" && {
              label: t("detail.payment"),
              value:
                statement.paidAt && statement.payoutTradeId ? (
                  <span className="flex flex-wrap items-baseline gap-x-2">
                    <ExplainedAmount tradeId={statement.payoutTradeId} amount={shown} currency={currency} />
                    <PaymentLink
                      tradeId={statement.payoutTradeId}
                      text={t("detail.paymentRecorded", {
                        at: format.instant(statement.paidAt),
                        ref: statement.paidRef ?? "",
                      })}
                    />
                  </span>
                ) : (
                  t("detail.notPaid")
                ),
            },
          ]}
        />
      </Card>
    </>
  );
}

function PaymentLink({ tradeId, text }: { tradeId: string; text: string }) {
  const can = useCan();
  if (!can("trade:read")) return text;
  return (
    <Link href={`/trades/${tradeId}`} className="text-primary underline-offset-4 hover:underline">
      {text}
    </Link>
  );
}

/** Lines by leg; a line opens its transfers below, a transfer its trade. */
function Drill({ statement }: { statement: StatementDetail }) {
  const t = useTranslations("statements");
  const legName = useLegName();
  const can = useCan();
  const trpc = useTRPC();
  const table = useTableState(transfersTable);
  const rows = useRef<HTMLDivElement>(null);
  const leg = table.query.filters.leg;
  const list = useQuery(
    trpc.statements.transfers.queryOptions(transfersInput(statement.id, table.query), {
      placeholderData: keepPreviousData,
    }),
  );
  const columns = useTransferColumns(statement.currency, statement.party.kind);
  // A reversal belongs to the page of what it takes back: a redemption has a merchant, a card sale a product.
  const isRedemption = (row: StatementTransfer) =>
    can("redemption:read") && row.product === null && row.tradeKind !== "adjustment";
  const choose = (code: string | null) => {
    table.setFilter("leg", code === null ? null : [code]);
    rows.current?.scrollIntoView({ block: "start" });
  };
  const title = leg ? t("detail.transfersOf", { leg: legName(leg) }) : t("detail.transfers");
  return (
    <>
      <Card
        title={t("detail.lines")}
        description={t("detail.linesDescription")}
        flush
        actions={
          <a
            href={`/api/export/statement-lines?statementId=${statement.id}`}
            download
            data-print="hide"
            className={buttonStyles({ variant: "outline", size: "sm" })}
          >
            <Download aria-hidden />
            {t("detail.csvLines")}
          </a>
        }
      >
        <table className="w-full text-sm">
          <caption className="sr-only">{t("detail.lines")}</caption>
          <thead className="text-xs text-muted-foreground">
            <tr className="border-y border-border">
              <th scope="col" className="px-4 py-2 text-start font-medium">
                {t("detail.leg")}
              </th>
              <th scope="col" className="px-4 py-2 text-end font-medium">
                {t("detail.count")}
              </th>
              <th scope="col" className="px-4 py-2 text-end font-medium">
                {t("detail.amount")}
              </th>
            </tr>
          </thead>
          <tbody>
            {statement.lines.map((line) => (
              <tr
                key={line.leg}
                className={cn(
                  "border-b border-border hover:bg-accent/40",
                  leg === line.leg && "bg-primary-soft",
                )}
              >
                <td className="px-4 py-1.5">
                  <button
                    type="button"
                    aria-pressed={leg === line.leg}
                    onClick={() => choose(leg === line.leg ? null : line.leg)}
                    className="touch-target py-1 text-start text-primary underline-offset-4 hover:underline"
                  >
                    {legName(line.leg)}
                  </button>
                </td>
                <td className="figure px-4 py-1.5 text-end">{formatCount(line.count)}</td>
                <td className="px-4 py-1.5 text-end">
                  <Money amount={line.amount} currency={statement.currency} toned />
                </td>
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr className="font-semibold">
              <th scope="row" className="px-4 py-2.5 text-start font-semibold">
                {t("detail.total")}
              </th>
              <td className="figure px-4 py-2.5 text-end">{formatCount(statement.transferCount)}</td>
              <td className="px-4 py-2.5 text-end">
                <Money amount={statement.total} currency={statement.currency} toned />
              </td>
            </tr>
          </tfoot>
        </table>
      </Card>
      <div ref={rows} className="scroll-mt-20 space-y-3" data-print="hide">
        <div className="flex flex-wrap items-center justify-between gap-2">
          <h2 className="text-sm font-semibold">{title}</h2>
          {leg ? (
            <Button size="sm" variant="ghost" onClick={() => choose(null)}>
              {t("detail.all")}
            </Button>
          ) : null}
        </div>
        <DataTable
          table={table}
          label={title}
          columns={columns}
          rows={list.data?.items}
          rowId={(row) => row.id}
          rowName={(row) => row.reference}
          rowHref={(row) => `/${isRedemption(row) ? "redemptions" : "trades"}/${row.tradeId}`}
          nextCursor={list.data?.nextCursor}
          loading={list.isPending}
          fetching={list.isPlaceholderData}
          error={list.error}
          onRetry={() => void list.refetch()}
          exportHref={table.exportHref("/api/export/statement-transfers", { statementId: statement.id })}
          empty={<EmptyState title={t("detail.none")} />}
        />
      </div>
    </>
  );
}

function useTransferColumns(currency: string, party: PartyKind): DataColumn<StatementTransfer, never>[] {
  const t = useTranslations("statements.transfer");
  const legName = useLegName();
  const sellsCards = party === "distributor" || party === "supplier";
  return useMemo(() => {
    const kind = (row: StatementTransfer) => {
      const key = `kinds.${row.tradeKind}` as Parameters<typeof t>[0];
      return t.has(key) ? t(key) : row.tradeKind;
    };
    return [
      {
        id: "reference",
        header: t("reference"),
        fixed: true,
        card: "title",
        cell: (row) => <span className="figure">{row.reference}</span>,
      },
      { id: "tradedAt", header: t("tradedAt"), cell: (row) => <Instant at={row.tradedAt} style="second" /> },
      { id: "kind", header: t("kind"), cell: kind },
      { id: "leg", header: t("leg"), cell: (row) => legName(row.leg) },
      ...(sellsCards
        ? [
            {
              id: "product",
              header: t("product"),
              wraps: "sentence" as const,
              cell: (row: StatementTransfer) => row.product ?? "–",
            },
          ]
        : [
            {
              id: "merchant",
              header: t("merchant"),
              wraps: "name" as const,
              cell: (row: StatementTransfer) => row.merchant ?? "–",
            },
            {
              id: "campaign",
              header: t("campaign"),
              wraps: "name" as const,
              cell: (row: StatementTransfer) => row.campaign ?? "–",
            },
            {
              id: "orderRef",
              header: t("orderRef"),
              hidden: true,
              cell: (row: StatementTransfer) => <span className="figure">{row.orderRef ?? "–"}</span>,
            },
          ]),
      { id: "dueAt", header: t("dueAt"), hidden: true, cell: (row) => <Instant at={row.dueAt} /> },
      {
        id: "postedAt",
        header: t("postedAt"),
        hidden: true,
        cell: (row) => <Instant at={row.postedAt} style="second" />,
      },
      {
        id: "amount",
        header: t("amount"),
        align: "end",
        fixed: true,
        card: "aside",
        interactive: true,
        cell: (row) => (
          <ExplainedAmount
            tradeId={row.tradeId}
            leg={row.leg}
            amount={row.amount}
            currency={currency}
            toned
          />
        ),
      },
    ];
  }, [t, legName, currency, sellsCards]);
}
