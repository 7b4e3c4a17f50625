"use client";

import Link from "next/link";
import { useTranslations } from "next-intl";
import { useMemo } from "react";
import { TimeSeriesChart } from "@/components/charts";
import { RecruitTable } from "@/components/distributors/recruits-page";
import { useFormat } from "@/components/format/use-format";
import { OwnMonths, PartyMonths } from "@/components/months/months";
import { Card } from "@/components/ui/card";
import { Money } from "@/components/ui/money";
import { Progress } from "@/components/ui/progress";
import { StatTile } from "@/components/ui/stat-tile";
import type { DistributorOverview } from "@/server/domain/reports";
import { FallingCard, LastStatements, rangeText, UnpaidTiles } from "./parts";

/** What a distributor sold, earned and has; read by itself (`own`) or by the house. */
export function DistributorFigures({ data, own }: { data: DistributorOverview; own: boolean }) {
  const t = useTranslations("commission.overview");
  const format = useFormat();
  const { currency, now, range, earned, wallet } = data;
  const whose = own ? "" : `&f.partyId=${data.party.id}`;
  const rows = `/commission?${rangeText(data)}${whose}`;
  const money = (amount: bigint) => <Money amount={amount} currency={currency} />;
  return (
    <>
      <div className="grid grid-cols-2 gap-3 lg:grid-cols-3 2xl:grid-cols-6">
        <StatTile
          label={t("today.paid")}
          value={money(now.today.paid)}
          detail={t("count", { count: now.today.sales })}
          href={`/commission?from=${data.today}&to=${data.today}${whose}`}
        />
        <StatTile
          label={t("range")}
          value={money(range.paid)}
          detail={
            range.reversals > 0
              ? `${t("count", { count: range.sales })} · ${t("returned", { count: range.reversals })}`
              : t("count", { count: range.sales })
          }
          href={rows}
        />
        <StatTile label={t("earned")} value={money(earned.total)} href={rows} />
        <StatTile
          label={t("outstanding", { own: own ? "yes" : "no" })}
          value={money(data.outstanding)}
          detail={t("outstandingHint")}
          href={own ? "/statements" : `/statements?f.partyId=${data.party.id}`}
        />
        <StatTile label={t("paidOut")} value={money(data.paidOut)} />
        {wallet ? (
          <StatTile
            label={t("wallet")}
            value={money(wallet.available)}
            detail={t("walletDetail", {
              balance: format.money(wallet.balance, currency),
              limit: format.money(wallet.creditLimit, currency),
            })}
          />
        ) : null}
        {own ? <UnpaidTiles unpaid={data.unpaid} currency={currency} own /> : null}
      </div>
      <div className="grid gap-4 xl:grid-cols-3">
        <div className="min-w-0 space-y-4 xl:col-span-2">
          <SalesCard data={data} />
          <Parts data={data} href={rows} />
          <LastStatements statements={data.statements} currency={currency} />
        </div>
        <div className="min-w-0 space-y-4">
          {own ? <OwnMonths /> : <PartyMonths partyId={data.party.id} />}
          {data.tier ? <TierCard tier={data.tier} own={own} /> : null}
          <Recruits data={data} own={own} />
          {own ? <FallingCard falling={data.falling} currency={currency} today={data.today} own /> : null}
        </div>
      </div>
    </>
  );
}

function SalesCard({ data }: { data: DistributorOverview }) {
  const t = useTranslations("commission.overview");
  const points = useMemo(
    () =>
      data.series.map(({ day, paid, earned, due, paidOut }) => ({
        day,
        values: { paid, earned, due, paidOut },
      })),
    [data.series],
  );
  return (
    <Card title={t("series")} description={t("seriesDescription")}>
      <TimeSeriesChart
        title={t("series")}
        hideTitle
        currency={data.currency}
        data={points}
        series={[
          { key: "paid", label: t("paid"), kind: "area" },
          { key: "earned", label: t("earnedSeries"), kind: "line" },
          { key: "due", label: t("dueSeries"), kind: "line" },
          { key: "paidOut", label: t("paidOutSeries"), kind: "line" },
        ]}
      />
    </Card>
  );
}

/** Of what the earned amount is made; each part leads to its rows. */
function Parts({ data, href }: { data: DistributorOverview; href: string }) {
  const t = useTranslations("commission.overview");
  const kinds = useTranslations("commission.kinds");
  const { byKind } = data.earned;
  return (
    <Card
      title={t("parts")}
      flush
      footer={
        <Link href={href} className="text-primary underline-offset-4 hover:underline">
          {t("seeAll")}
        </Link>
      }
    >
      {byKind.length === 0 ? (
        <p className="px-4 py-8 text-center text-sm text-muted-foreground">{t("partsEmpty")}</p>
      ) : (
        <ul className="divide-y divide-border border-t border-border text-sm">
          {byKind.map(({ kind, amount }) => (
            <li key={kind}>
              <Link
                href={`${href}&f.kind=${kind}`}
                className="flex justify-between gap-4 px-4 py-2.5 hover:bg-accent/40"
              >
                {kinds(kind)}
                <Money amount={amount} currency={data.currency} toned />
              </Link>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

function TierCard({ tier, own }: { tier: NonNullable<DistributorOverview["tier"]>; own: boolean }) {
  const t = useTranslations("commission.overview");
  const format = useFormat();
  const { next, volume, currency } = tier;
  return (
    <Card title={t("tier", { tier: tier.current.name })}>
      <p className="mb-3 flex justify-between gap-4 text-sm">
        <span className="text-muted-foreground">{t("tierMonth", { month: format.month(tier.month) })}</span>
        <Money amount={volume} currency={currency} className="font-medium" />
      </p>
      {next ? (
        <Progress
          label={t("progress", { goal: format.money(next.minVolume, currency) })}
          value={permille(volume, next.minVolume)}
          max={1000}
          detail={
            next.missing > 0n
              ? t("next", { missing: format.money(next.missing, currency), tier: next.name })
              : t("reached", { tier: next.name, own: own ? "yes" : "no" })
          }
        />
      ) : (
        <p className="text-sm text-muted-foreground">{t("top", { own: own ? "yes" : "no" })}</p>
      )}
    </Card>
  );
}

function permille(part: bigint, whole: bigint): number {
  if (whole <= 0n || part >= whole) return 1000;
  return part <= 0n ? 0 : Number((part * 1000n) / whole);
}

function Recruits({ data, own }: { data: DistributorOverview; own: boolean }) {
  const t = useTranslations("commission.overview");
  const { recruits, currency } = data;
  return (
    <Card
      title={t("recruits")}
      flush
      footer={
        own && recruits.count > 0 ? (
          <Link
            href={`/distributors?${rangeText(data)}`}
            className="text-primary underline-offset-4 hover:underline"
          >
            {t("recruitsAll", { count: recruits.count })}
          </Link>
        ) : undefined
      }
    >
      {recruits.items.length === 0 ? (
        <p className="px-4 py-6 text-center text-sm text-muted-foreground">
          {t("recruitsEmpty", { own: own ? "yes" : "no" })}
        </p>
      ) : (
        <RecruitTable items={recruits.items} currency={currency} />
      )}
    </Card>
  );
}
