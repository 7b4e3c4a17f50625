"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useTRPC } from "@/components/trpc";
import { Alert } from "@/components/ui/alert";
import { PageFrame } from "@/components/ui/page-frame";
import { NoRecord } from "@/components/vouchers/no-record";
import type { OrderDetail } from "@/server/domain/orders/types";
import { DeliveriesCard } from "./deliveries-card";
import { LinesCard, SummaryCard } from "./order-facts";
import { PayPanel } from "./pay-panel";
import { PaymentsCard, RefundsCard } from "./payments-card";
import { PickupCard } from "./pickup-card";
import { RedeliverDialog } from "./redeliver-dialog";
import { RefundDialog } from "./refund-dialog";
import { OrderStateBadge } from "./state";
import { Timeline } from "./timeline";
import { useRefreshOrders } from "./use-refresh-orders";

/** While somebody's money is awaited, the page looks again by itself. */
const LOOK_AGAIN_MS = 3_000;

/** An order with all that happened to it, and what may be done about it. */
export function OrderPage({ id }: { id: string }) {
  const trpc = useTRPC();
  const { data, error, refetch } = useQuery({
    ...trpc.orders.get.queryOptions({ id }),
    refetchInterval: ({ state }) =>
      state.data && ["pending", "paid"].includes(state.data.state) ? LOOK_AGAIN_MS : false,
  });
  if (data) return <Order order={data} />;
  return <NoRecord noun="orders" error={error} onRetry={() => void refetch()} />;
}

function Order({ order }: { order: OrderDetail }) {
  const t = useTranslations("orders");
  const refresh = useRefreshOrders();
  return (
    <PageFrame
      title={order.reference}
      badge={<OrderStateBadge state={order.state} flag={order.flag} />}
      breadcrumbs={[{ label: t("title"), href: "/orders" }]}
      actions={
        <>
          {order.may.redeliver ? <RedeliverDialog order={order} onDone={refresh} /> : null}
          {order.may.refund ? <RefundDialog order={order} onDone={refresh} /> : null}
        </>
      }
    >
      {order.flag ? (
        <Alert tone="danger" live={false} title={t(`flags.${order.flag}`)}>
          {t(`flagHints.${order.flag}`)}
        </Alert>
      ) : null}
      {order.may.payByWallet || order.may.payByChannel ? <PayPanel order={order} onDone={refresh} /> : null}
      <div className="grid gap-4 xl:grid-cols-[minmax(0,3fr)_minmax(0,2fr)] xl:items-start">
        <div className="min-w-0 space-y-4">
          <SummaryCard order={order} />
          <LinesCard order={order} />
          <DeliveriesCard order={order} onChange={refresh} />
          <PaymentsCard order={order} />
          {order.refunds.length > 0 ? <RefundsCard order={order} onChange={refresh} /> : null}
        </div>
        <div className="min-w-0 space-y-4">
          {order.pickupPath ? <PickupCard order={order} path={order.pickupPath} onChange={refresh} /> : null}
          <Timeline order={order} />
        </div>
      </div>
    </PageFrame>
  );
}
