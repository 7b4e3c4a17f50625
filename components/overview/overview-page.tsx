"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { ScanLine } from "lucide-react";
import { useTranslations } from "next-intl";
import { useQueryStates } from "nuqs";
import type { ReactNode } from "react";
import { formatCount } from "@/components/format/format";
import { useFormat } from "@/components/format/use-format";
import { useCan, useViewer } from "@/components/layout/viewer";
import { OwnMonths } from "@/components/months/months";
import { CloseBooks } from "@/components/statements/close-books";
import { useTRPC } from "@/components/trpc";
import { LinkButton } from "@/components/ui/button";
import { DateRangePicker } from "@/components/ui/date-range-picker";
import { ErrorAlert } from "@/components/ui/error-alert";
import { Money } from "@/components/ui/money";
import { PageFrame } from "@/components/ui/page-frame";
import { Select } from "@/components/ui/select";
import { Skeleton } from "@/components/ui/skeleton";
import { StatTile } from "@/components/ui/stat-tile";
import { isPlatformRole } from "@/server/core/permissions";
import type { HouseOverview, PartyOverview } from "@/server/domain/reports";
import { DistributorFigures } from "./distributor-figures";
import {
  CountsCard,
  FallingCard,
  LastStatements,
  rangeText,
  SeriesCard,
  TodayTiles,
  TopCard,
  UnpaidTiles,
  WaterfallCard,
} from "./parts";
import { overviewQuery, rangeParsers } from "./range";

/** One page, by who reads it: the house's people see the house, a party sees itself. */
export function OverviewPage() {
  const { role } = useViewer();
  if (isPlatformRole(role)) return <House />;
  return role === "distributor" ? <Distributor /> : <Party />;
}

function useRange() {
  const { timeZone } = useFormat();
  const [values, setValues] = useQueryStates(rangeParsers, { history: "replace", scroll: false });
  return { query: overviewQuery(values, timeZone), setValues };
}

function House() {
  const t = useTranslations("overview");
  const can = useCan();
  const trpc = useTRPC();
  const { query, setValues } = useRange();
  const { data, error, refetch } = useQuery(
    trpc.overview.house.queryOptions(query, { placeholderData: keepPreviousData, refetchInterval: 60_000 }),
  );
  return (
    <PageFrame
      title={t("title")}
      description={t("houseDescription")}
      actions={
        <>
          {data && data.currencies.length > 1 ? (
            <Select
              aria-label={t("currency")}
              wrapperClassName="w-28"
              value={data.currency}
              onValueChange={(currency) => void setValues({ currency })}
              options={data.currencies.map((value) => ({ value, label: value }))}
            />
          ) : null}
          <DateRangePicker
            label={t("range")}
            required
            value={{ from: query.from, to: query.to }}
            onValueChange={(range) => void setValues(range)}
          />
          {can("settlement:close") ? <CloseBooks /> : null}
        </>
      }
    >
      {error ? <ErrorAlert error={error} onRetry={() => void refetch()} /> : null}
      {data ? <HouseFigures data={data} /> : error ? null : <Waiting />}
    </PageFrame>
  );
}

function HouseFigures({ data }: { data: HouseOverview }) {
  const t = useTranslations("overview");
  const { currency } = data;
  const kept = rangeText(data);
  return (
    <>
      <Tiles>
        <TodayTiles now={data.now} currency={currency} today={data.today} />
        <UnpaidTiles unpaid={data.unpaid} currency={currency} own={false} />
        <StatTile
          label={t("period.gross")}
          value={<Money amount={data.range.gross} currency={currency} />}
          detail={t("period.count", { count: data.range.trades })}
          href={`/redemptions?${kept}`}
        />
      </Tiles>
      <div className="grid gap-4 xl:grid-cols-3">
        <div className="min-w-0 space-y-4 xl:col-span-2">
          <SeriesCard series={data.series} currency={currency} show={["cleared", "due", "paid"]} />
          <WaterfallCard waterfall={data.waterfall} currency={currency} range={data} own={false} />
        </div>
        <div className="min-w-0 space-y-4">
          <FallingCard
            falling={data.falling}
            currency={currency}
            today={data.today}
            own={false}
            lastRun={data.lastRun}
          />
          <CountsCard series={data.series} />
        </div>
      </div>
      <div className="grid gap-4 lg:grid-cols-2">
        <TopCard
          title={t("top.merchants")}
          description={t("top.byGross")}
          items={data.topMerchants}
          currency={currency}
          href={(item) => `/redemptions?${kept}&f.merchantId=${item.id}`}
        />
        <TopCard
          title={t("top.campaigns")}
          description={t("top.byGross")}
          items={data.topCampaigns}
          currency={currency}
          href={(item) => `/campaigns/${item.id}`}
        />
      </div>
    </>
  );
}

function Distributor() {
  const t = useTranslations("overview");
  const own = useTranslations("commission.overview");
  const trpc = useTRPC();
  const { query, setValues } = useRange();
  const { data, error, refetch } = useQuery(
    trpc.distributors.overview.queryOptions(query, {
      placeholderData: keepPreviousData,
      refetchInterval: 60_000,
    }),
  );
  return (
    <PageFrame
      title={t("title")}
      description={own("description")}
      actions={
        <DateRangePicker
          label={t("range")}
          required
          value={{ from: query.from, to: query.to }}
          onValueChange={(range) => void setValues(range)}
        />
      }
    >
      {error ? <ErrorAlert error={error} onRetry={() => void refetch()} /> : null}
      {data ? <DistributorFigures data={data} own /> : error ? null : <Waiting />}
    </PageFrame>
  );
}

function Party() {
  const t = useTranslations("overview");
  const can = useCan();
  const trpc = useTRPC();
  const { party } = useViewer();
  const { query, setValues } = useRange();
  const { data, error, refetch } = useQuery(
    trpc.overview.party.queryOptions(query, { placeholderData: keepPreviousData, refetchInterval: 60_000 }),
  );
  const description =
    party.kind === "merchant"
      ? "merchantDescription"
      : party.kind === "brand"
        ? "brandDescription"
        : "partyDescription";
  return (
    <PageFrame
      title={t("title")}
      description={t(description)}
      actions={
        <>
          <DateRangePicker
            label={t("range")}
            required
            value={{ from: query.from, to: query.to }}
            onValueChange={(range) => void setValues(range)}
          />
          {can("voucher:redeem") ? (
            <LinkButton href="/redeem" icon={<ScanLine aria-hidden />}>
              {t("redeem")}
            </LinkButton>
          ) : null}
        </>
      }
    >
      {error ? <ErrorAlert error={error} onRetry={() => void refetch()} /> : null}
      {data ? <PartyFigures data={data} /> : error ? null : <Waiting />}
    </PageFrame>
  );
}

function PartyFigures({ data }: { data: PartyOverview }) {
  const t = useTranslations("overview");
  const { currency, party } = data;
  const kept = rangeText(data);
  const isBrand = party.kind === "brand";
  const sells = party.kind === "merchant" || isBrand;
  const falling = <FallingCard falling={data.falling} currency={currency} today={data.today} own />;
  const statements = <LastStatements statements={data.statements} currency={currency} />;
  return (
    <>
      <Tiles>
        {sells ? <TodayTiles now={data.now} currency={currency} today={data.today} /> : null}
        <UnpaidTiles unpaid={data.unpaid} currency={currency} own always={!sells} />
        {sells ? (
          <StatTile
            label={isBrand ? t("period.redemptions") : t("period.gross")}
            value={
              isBrand ? (
                formatCount(data.range.trades)
              ) : (
                <Money amount={data.range.gross} currency={currency} />
              )
            }
            detail={isBrand ? undefined : t("period.count", { count: data.range.trades })}
            href={`/redemptions?${kept}`}
          />
        ) : null}
      </Tiles>
      <div className="grid gap-4 xl:grid-cols-3">
        <div className="min-w-0 space-y-4 xl:col-span-2">
          <SeriesCard
            series={data.series}
            currency={currency}
            brand={isBrand}
            supplier={!sells}
            show={isBrand ? ["owed", "received"] : sells ? ["cleared", "due", "paid"] : ["due", "paid"]}
          />
          {party.kind === "merchant" ? (
            <WaterfallCard waterfall={data.waterfall} currency={currency} range={data} own />
          ) : null}
          {isBrand ? (
            <TopCard
              title={t("top.costTitle")}
              description={t("top.costDescription")}
              items={data.topCampaigns}
              currency={currency}
              value={(item) => item.cost ?? 0n}
              href={(item) => `/campaigns/${item.id}`}
            />
          ) : null}
        </div>
        <div className="min-w-0 space-y-4">
          {party.kind === "merchant" ? <OwnMonths /> : null}
          {falling}
          {statements}
          {sells ? <CountsCard series={data.series} /> : null}
        </div>
      </div>
      {party.kind === "merchant" ? (
        <TopCard
          title={t("top.campaigns")}
          description={t("top.byGross")}
          items={data.topCampaigns}
          currency={currency}
          href={(item) => `/redemptions?${kept}&f.campaignId=${item.id}`}
        />
      ) : null}
    </>
  );
}

function Tiles({ children }: { children: ReactNode }) {
  return <div className="grid grid-cols-2 gap-3 lg:grid-cols-3 2xl:grid-cols-6">{children}</div>;
}

function Waiting() {
  return (
    <>
      <Tiles>
        {["a", "b", "c", "d", "e", "f"].map((key) => (
          <Skeleton key={key} className="h-24 rounded-lg" />
        ))}
      </Tiles>
      <div className="grid gap-4 xl:grid-cols-3">
        <Skeleton className="h-80 rounded-lg xl:col-span-2" />
        <Skeleton className="h-80 rounded-lg" />
      </div>
    </>
  );
}
