"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { type ReactNode, Suspense } from "react";
import { useCan, useViewer } from "@/components/layout/viewer";
import { Undo } from "@/components/redeem/receipt";
import { ExplainedAmount } from "@/components/trace/explain";
import { isTrueUp } from "@/components/trace/legs";
import { TradeTrace } from "@/components/trace/trade-trace";
import { useTRPC } from "@/components/trpc";
import { Card } from "@/components/ui/card";
import { DescriptionList } from "@/components/ui/description-list";
import { ErrorAlert } from "@/components/ui/error-alert";
import { readError } from "@/components/ui/error-message";
import { Instant } from "@/components/ui/instant";
import { Money } from "@/components/ui/money";
import { PageFrame } from "@/components/ui/page-frame";
import { Skeleton } from "@/components/ui/skeleton";
import { NoRecord } from "@/components/vouchers/no-record";
import type { RedemptionDetail } from "@/server/domain/vouchers/types";
import { ReverseDialog } from "./reverse-dialog";
import { RedemptionStateBadge } from "./state";

/** A redemption with all its money; or, by the same address, another trade: a reversal, the loading of a card. */
export function RedemptionPage({ id }: { id: string }) {
  const trpc = useTRPC();
  const client = useQueryClient();
  // The page has explained the trade beforehand: what is known to be another kind is not asked for as a redemption.
  const kind = client.getQueryData(trpc.trades.explain.queryKey({ id }))?.trade.kind;
  const isOther = kind !== undefined && kind !== "redemption";
  const { data, error, refetch } = useQuery({
    ...trpc.redemptions.get.queryOptions({ id }),
    enabled: !isOther,
  });
  if (isOther) return <OtherTrade id={id} />;
  if (data) return <Redemption redemption={data} />;
  if (readError(error).code === "NOT_FOUND" && isTradeId(id)) return <OtherTrade id={id} />;
  return <NoRecord noun="redemptions" error={error} onRetry={() => void refetch()} />;
}

const isTradeId = (id: string) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id);

function Frame({
  title,
  badge,
  actions,
  children,
}: {
  title: string;
  badge?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}) {
  const t = useTranslations("redemptions");
  return (
    <PageFrame
      title={title}
      badge={badge}
      actions={actions}
      breadcrumbs={[{ label: t("title"), href: "/redemptions" }]}
    >
      {children}
    </PageFrame>
  );
}

function Waiting() {
  return (
    <div className="space-y-4">
      <Skeleton className="h-32 w-full rounded-lg" />
      <Skeleton className="h-64 w-full rounded-lg" />
    </div>
  );
}

function OtherTrade({ id }: { id: string }) {
  const t = useTranslations("redemptions.detail");
  const trpc = useTRPC();
  const { data, error } = useQuery(trpc.trades.explain.queryOptions({ id }));
  const trueUp = useTranslations("trace.movement.true_up");
  const kind = data?.reversalOf ? t("reversal") : data && isTrueUp(data) ? trueUp("title") : t("trade");
  return (
    <Frame title={data ? `${kind} ${data.trade.reference}` : "…"}>
      {error ? <ErrorAlert error={error} /> : data ? <TradeTrace tradeId={id} /> : <Waiting />}
    </Frame>
  );
}

function Redemption({ redemption }: { redemption: RedemptionDetail }) {
  const t = useTranslations("redemptions");
  const types = useTranslations("vouchers.types");
  const can = useCan();
  const trpc = useTRPC();
  const client = useQueryClient();
  const { currency } = redemption;
  const { kind } = useViewer().party;
  const refresh = async () => {
    await Promise.all([
      client.invalidateQueries(trpc.redemptions.pathFilter()),
      client.invalidateQueries(trpc.trades.pathFilter()),
      client.invalidateQueries(trpc.vouchers.pathFilter()),
    ]);
  };
  return (
    <Frame
      title={redemption.reference}
      badge={<RedemptionStateBadge state={redemption.state} />}
      actions={
        redemption.state === "reversed" ? null : (
          <>
            {redemption.state === "standing" ? (
              <Undo
                compact
                redemption={{
                  id: redemption.id,
                  reference: redemption.reference,
                  currency,
                  discount: redemption.discount + redemption.storedValue,
                  paid: redemption.paid,
                  undoUntil: redemption.undoUntil,
                }}
              />
            ) : null}
            {can("redemption:reverse") ? (
              <ReverseDialog redemption={redemption} onReversed={refresh} />
            ) : null}
          </>
        )
      }
    >
      <Card title={t("detail.summary")}>
        <DescriptionList
          columns={4}
          items={[
            { label: t("columns.merchant"), value: redemption.merchantName },
            {
              label: t("columns.campaign"),
              value: redemption.campaignId ? (
                <Link
                  href={`/campaigns/${redemption.campaignId}`}
                  className="text-primary underline underline-offset-2"
                >
                  {redemption.campaignName}
                </Link>
              ) : null,
            },
            { label: t("columns.type"), value: redemption.type ? types(redemption.type) : null },
            {
              label: t("detail.voucher"),
              value: redemption.voucherId ? (
                <Link
                  href={`/vouchers/${redemption.voucherId}`}
                  className="figure text-primary underline underline-offset-2"
                >
                  {redemption.voucherReference}
                </Link>
              ) : null,
            },
            { label: t("columns.tradedAt"), value: <Instant at={redemption.tradedAt} style="second" /> },
            redemption.orderRef ? { label: t("columns.orderRef"), value: redemption.orderRef } : null,
            redemption.merchantDue === null
              ? null
              : {
                  label: t(kind === "merchant" ? "columns.ownDue" : "columns.merchantDue"),
                  value: (
                    <ExplainedAmount
                      tradeId={redemption.id}
                      amount={redemption.merchantDue}
                      currency={currency}
                      toned
                      className="text-base font-semibold"
                    />
                  ),
                },
            redemption.ownCost === null
              ? null
              : {
                  label: t("columns.ownCost"),
                  value: (
                    <ExplainedAmount
                      tradeId={redemption.id}
                      amount={redemption.ownCost}
                      currency={currency}
                      className="text-base font-semibold"
                    />
                  ),
                },
            redemption.reversedAmount > 0n || redemption.state !== "standing"
              ? {
                  label: t("columns.reversed"),
                  value: <Money amount={redemption.reversedAmount} currency={currency} />,
                }
              : null,
          ]}
        />
      </Card>
      {can("trade:read") ? (
        <Suspense fallback={<Waiting />}>
          <TradeTrace tradeId={redemption.id} />
        </Suspense>
      ) : null}
    </Frame>
  );
}
