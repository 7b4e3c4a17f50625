"use client";

import { keepPreviousData, useQuery, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { ChartColumn, ListOrdered } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useEffect, useMemo, useState } from "react";
import { RankingChart, type RankingItem } from "@/components/charts";
import { type DataColumn, DataTable } from "@/components/data-table/data-table";
import { useTableState } from "@/components/data-table/use-table-state";
import { useFormat } from "@/components/format/use-format";
import { isUnderWay } from "@/components/imports/import-state";
import { useViewer } from "@/components/layout/viewer";
import { useTRPC } from "@/components/trpc";
import { Alert } from "@/components/ui/alert";
import { LinkButton } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { isErrorCode, useErrorText } from "@/components/ui/error-message";
import { Money } from "@/components/ui/money";
import { PageFrame } from "@/components/ui/page-frame";
import { StatTile } from "@/components/ui/stat-tile";
import type { ErrorParams } from "@/server/core/errors";
import { CancelReplay, ReplayProgress, ReplayState } from "./progress";
import { REPLAY_KINDS, replayPartiesInput, replayPartiesTable } from "./table";
import { type ReplayDetail, type ReplayParty, subjectHref } from "./types";
import { useSideColumns } from "./use-side-columns";

/** One replay: how far it is, and what every party would have had. */
export function ReplayPage({ id }: { id: string }) {
  const t = useTranslations("replays");
  const rules = useTranslations("rules");
  const fees = useTranslations("fees");
  const trpc = useTRPC();
  const format = useFormat();
  const { data } = useSuspenseQuery(
    trpc.replays.get.queryOptions(
      { id },
      {
        refetchInterval: (query) =>
          query.state.data === undefined || isUnderWay(query.state.data.state) ? 1_000 : false,
      },
    ),
  );
  useResultWhenItEnds(isUnderWay(data.state));
  const home = subjectHref(data.subject, data.subjectId);
  const ended = data.finishedAt !== null && data.state === "done";
  return (
    <PageFrame
      title={t("titleOf", { name: data.name || data.number, version: data.version })}
      badge={<ReplayState replay={data} />}
      description={t("list.of", {
        version: data.version,
        from: format.day(data.from),
        to: format.day(data.to),
      })}
      breadcrumbs={[
        data.subject === "rule"
          ? { label: rules("title"), href: "/rules" }
          : { label: fees("title"), href: "/fees" },
        { label: data.name || data.number, href: home },
      ]}
      actions={
        <>
          <CancelReplay replay={data} />
          {ended ? (
            <LinkButton variant="outline" href={`/replays/${id}/trades`} icon={<ListOrdered />}>
              {t("trades.all")}
            </LinkButton>
          ) : null}
        </>
      }
    >
      {isUnderWay(data.state) ? (
        <Card>
          <ReplayProgress replay={data} />
        </Card>
      ) : null}
      <Failure replay={data} />
      {ended ? <Result replay={data} /> : null}
    </PageFrame>
  );
}

/** What was asked for while it ran was empty. */
function useResultWhenItEnds(underWay: boolean): void {
  const trpc = useTRPC();
  const client = useQueryClient();
  const [wasUnderWay] = useState(underWay);
  useEffect(() => {
    if (wasUnderWay && !underWay) void client.invalidateQueries(trpc.replays.pathFilter());
  }, [wasUnderWay, underWay, client, trpc]);
}

function Failure({ replay }: { replay: ReplayDetail }) {
  const t = useTranslations("replays");
  const sentence = useErrorText();
  const { state, error, subject, subjectId } = replay;
  const again = (
    <LinkButton size="sm" variant="outline" href={subjectHref(subject, subjectId)}>
      {t("again")}
    </LinkButton>
  );
  if (state === "cancelled") {
    return <Alert tone="info" live={false} title={t("cancelledTitle")} actions={again} />;
  }
  if (state !== "failed") return null;
  return (
    <Alert tone="danger" title={t("failedTitle")} actions={again}>
      {error
        ? isErrorCode(error.code)
          ? sentence(error.code, error.params as ErrorParams)
          : error.code
        : ""}
    </Alert>
  );
}

function Result({ replay }: { replay: ReplayDetail }) {
  const t = useTranslations("replays");
  const { tenant } = useViewer();
  const { count } = useFormat();
  const table = useTableState(replayPartiesTable);
  const total = replay.totals.find(({ currency }) => currency === table.query.filters.currency);
  const shown = total ?? replay.totals[0];
  const currency = shown?.currency ?? tenant.currency;
  if (!shown && replay.refused.length === 0) {
    return (
      <Card>
        <EmptyState icon={<ChartColumn />} title={t("parties.empty")} description={t("parties.emptyHint")} />
        <Notes replay={replay} />
      </Card>
    );
  }
  return (
    <>
      {replay.outdated ? (
        <Alert tone="info" live={false}>
          {t("outdated")}
        </Alert>
      ) : null}
      <section aria-label={t("totals.title")} className="grid grid-cols-2 gap-3 xl:grid-cols-5">
        <StatTile
          label={`${t("totals.title")} · ${t("sides.before")}`}
          value={<Money amount={shown?.before ?? 0n} currency={currency} />}
        />
        <StatTile
          label={`${t("totals.title")} · ${t("sides.after")}`}
          value={<Money amount={shown?.after ?? 0n} currency={currency} />}
        />
        <StatTile
          label={`${t("totals.title")} · ${t("sides.difference")}`}
          value={<Money amount={shown?.difference ?? 0n} currency={currency} signed toned />}
        />
        <StatTile
          label={t("totals.parties")}
          value={count((shown?.winners ?? 0) + (shown?.losers ?? 0))}
          detail={t("totals.partiesDetail", {
            winners: count(shown?.winners ?? 0),
            losers: count(shown?.losers ?? 0),
          })}
        />
        <StatTile
          label={t("totals.trades")}
          value={count(replay.changed)}
          detail={t("totals.tradesDetail", { trades: count(replay.trades) })}
          href={`/replays/${replay.id}/trades`}
        />
      </section>
      <Notes replay={replay} />
      <Refused replay={replay} />
      <Largest replay={replay} currency={currency} />
      <Parties replay={replay} table={table} />
    </>
  );
}

function Notes({ replay: { reversed, partlyReversed } }: { replay: ReplayDetail }) {
  const t = useTranslations("replays.notes");
  return (
    <p className="text-xs text-muted-foreground">
      {reversed > 0 ? `${t("reversed", { count: reversed })} ` : ""}
      {partlyReversed > 0 ? `${t("partly", { count: partlyReversed })} ` : ""}
      {t("passing")}
    </p>
  );
}

function Refused({ replay }: { replay: ReplayDetail }) {
  const t = useTranslations("replays.refused");
  const sentence = useErrorText();
  const format = useFormat();
  return replay.refused.map(({ code, side, count, examples }) => (
    <Alert
      key={`${side}/${code}`}
      tone="warning"
      live={false}
      title={`${side === "after" ? t("title") : t("titleBefore")} · ${t("count", { count })}`}
    >
      <p>{isErrorCode(code) ? sentence(code, (examples[0]?.params ?? {}) as ErrorParams) : code}</p>
      <p className="mt-1">{t("hint")}</p>
      <p className="mt-1">
        {t("examples")}{" "}
        {examples.map(({ tradeId, tradedAt }) => (
          <Link
            key={tradeId}
            href={`/replays/${replay.id}/trades/${tradeId}`}
            className="me-3 text-primary underline underline-offset-2"
          >
            {format.instant(new Date(tradedAt))}
          </Link>
        ))}
      </p>
    </Alert>
  ));
}

const BARS = 8;

function Largest({ replay, currency }: { replay: ReplayDetail; currency: string }) {
  const t = useTranslations("replays.chart");
  const { tenant } = useViewer();
  const trpc = useTRPC();
  const asked = { replayId: replay.id, currency, sort: "difference" as const, limit: BARS + 1 };
  const winners = useQuery(trpc.replays.parties.queryOptions({ ...asked, direction: "desc" }));
  const losers = useQuery(trpc.replays.parties.queryOptions({ ...asked, direction: "asc" }));
  const items = useMemo<RankingItem[]>(() => {
    const item = ({ partyId, name, difference }: ReplayParty): RankingItem => ({
      id: partyId,
      label: name,
      value: difference,
      href: tradesHref(replay.id, partyId),
    });
    const others = (rows: readonly ReplayParty[] | undefined) =>
      (rows ?? []).filter(({ kind }) => kind !== "platform");
    const gained = others(winners.data?.items).filter(({ difference }) => difference > 0n);
    const lost = others(losers.data?.items).filter(({ difference }) => difference < 0n);
    return [...gained.slice(0, BARS).map(item), ...lost.slice(0, BARS).reverse().map(item)];
  }, [winners.data, losers.data, replay.id]);
  if (items.length === 0) return null;
  return (
    <Card title={t("title")} description={t("hint")}>
      <RankingChart
        title={t("title")}
        hideTitle
        items={items}
        currency={currency || tenant.currency}
        signed
      />
    </Card>
  );
}

const tradesHref = (replayId: string, partyId: string) => `/replays/${replayId}/trades?f.partyId=${partyId}`;

function Parties({
  replay,
  table,
}: {
  replay: ReplayDetail;
  table: ReturnType<
    typeof useTableState<
      typeof replayPartiesTable.filters,
      "difference" | "before" | "after" | "changed" | "name"
    >
  >;
}) {
  const t = useTranslations("replays");
  const common = useTranslations("common");
  const trpc = useTRPC();
  const list = useQuery(
    trpc.replays.parties.queryOptions(replayPartiesInput(replay.id, table.query), {
      placeholderData: keepPreviousData,
    }),
  );
  const columns = useColumns(replay.totals.length > 1);
  return (
    <section className="space-y-2">
      <h2 className="text-sm font-semibold">{t("parties.title")}</h2>
      <DataTable
        table={table}
        label={t("parties.label")}
        columns={columns}
        rows={list.data?.items}
        rowId={({ partyId, currency }) => `${partyId}/${currency}`}
        rowName={({ name }) => name}
        rowHref={({ partyId }) => tradesHref(replay.id, partyId)}
        nextCursor={list.data?.nextCursor}
        loading={list.isPending}
        fetching={list.isPlaceholderData}
        error={list.error}
        onRetry={list.refetch}
        searchLabel={t("parties.search")}
        filters={[
          {
            name: "kind",
            label: t("parties.kind"),
            options: REPLAY_KINDS.map((kind) => ({ value: kind, label: common(`partyKinds.${kind}`) })),
          },
          ...(replay.totals.length > 1
            ? [
                {
                  name: "currency" as const,
                  label: t("parties.currency"),
                  options: replay.totals.map(({ currency }) => ({ value: currency, label: currency })),
                },
              ]
            : []),
        ]}
        exportHref={table.exportHref("/api/export/replay", { replayId: replay.id })}
        empty={<EmptyState title={t("parties.empty")} description={t("parties.emptyHint")} />}
      />
    </section>
  );
}

const sidesOfParty = (party: ReplayParty) => party;

function useColumns(
  currencies: boolean,
): DataColumn<ReplayParty, "difference" | "before" | "after" | "changed" | "name">[] {
  const t = useTranslations("replays.parties");
  const common = useTranslations("common");
  const { count } = useFormat();
  const sides = useSideColumns(sidesOfParty);
  return useMemo(
    () => [
      {
        id: "name",
        header: t("party"),
        sort: "name",
        fixed: true,
        card: "title",
        cell: ({ name, number }) => (
          <span className="block min-w-0">
            {name}
            <span className="figure block text-xs font-normal text-muted-foreground">{number}</span>
          </span>
        ),
      },
      { id: "kind", header: t("kind"), cell: ({ kind }) => common(`partyKinds.${kind}`) },
      ...(currencies
        ? [{ id: "currency", header: t("currency"), cell: ({ currency }: ReplayParty) => currency }]
        : []),
      ...sides.map((column) => ({ ...column, sort: column.id })),
      {
        id: "changed",
        header: t("changed"),
        sort: "changed",
        align: "end",
        cell: ({ changed, trades }) => (
          <span className="figure">
            {count(changed)} / {count(trades)}
          </span>
        ),
      },
    ],
    [t, common, count, currencies, sides],
  );
}
