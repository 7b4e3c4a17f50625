"use client";

import { useTranslations } from "next-intl";
import { ExplainedAmount, type ExplainedPart } from "@/components/trace/explain";
import { useReason } from "@/components/trace/reason";
import { Card } from "@/components/ui/card";
import { cn } from "@/components/ui/cn";
import { isErrorCode, useErrorText } from "@/components/ui/error-message";
import { Instant } from "@/components/ui/instant";
import { Money } from "@/components/ui/money";
import type { OrderEventKind } from "@/server/domain/orders/schemas";
import type { OrderDetail, OrderEvent } from "@/server/domain/orders/types";
import { TradeSheet } from "./trade-sheet";
import { useKeyName } from "./use-key-name";

const GOOD: readonly OrderEventKind[] = [
  "paid",
  "paid_late",
  "delivered",
  "redelivered",
  "reissued",
  "completed",
];
const BAD: readonly OrderEventKind[] = [
  "held_duplicate",
  "held_late",
  "held_wrong_amount",
  "held_undelivered",
  "flagged",
  "refund_failed",
  "reported",
  "reissue_out_of_stock",
];

/** All that happened, newest last: when, by whom, what it did to the buyer's money, and what it posted. */
export function Timeline({ order }: { order: OrderDetail }) {
  const t = useTranslations("orders.timeline");
  return (
    <Card title={t("title")}>
      <ol className="relative space-y-4 border-s border-border ps-5">
        {order.events.map((event) => (
          <Event key={event.id} event={event} order={order} />
        ))}
      </ol>
    </Card>
  );
}

function Event({ event, order }: { event: OrderEvent; order: OrderDetail }) {
  const t = useTranslations("orders.timeline");
  const parts = useParts(event, order);
  const { kind, amount } = event;
  const dot = GOOD.includes(kind) ? "bg-success" : BAD.includes(kind) ? "bg-warning" : "bg-input";
  const by = t(`actors.${event.actorKind}`);
  const named = event.actorKind === "user" || event.actorKind === "apiKey";
  return (
    <li className="relative">
      <span aria-hidden className={cn("absolute top-1.5 -start-[1.5625rem] size-2.5 rounded-full", dot)} />
      <div className="flex flex-wrap items-baseline justify-between gap-x-4">
        <p className="font-medium">{t(`kinds.${kind}`)}</p>
        {amount === null ? null : (
          <p className="text-sm">
            <span className="sr-only">{amount < 0n ? t("out") : t("in")} </span>
            {event.tradeId ? (
              <ExplainedAmount
                tradeId={event.tradeId}
                amount={amount}
                currency={order.currency}
                signed
                toned
              />
            ) : parts.length > 0 ? (
              <ExplainedAmount parts={parts} amount={amount} currency={order.currency} signed toned />
            ) : (
              <Money amount={amount} currency={order.currency} signed toned />
            )}
          </p>
        )}
      </div>
      <p className="text-xs text-muted-foreground">
        <Instant at={event.at} style="second" /> · {by}
        {named && event.actorName !== by ? ` ${event.actorName}` : ""}
      </p>
      <Details event={event} order={order} />
      {event.tradeId ? <TradeSheet tradeId={event.tradeId} label={t("openTrade")} /> : null}
    </li>
  );
}

/** The trades of an event that posted several, by their cards. */
function useParts({ trades }: OrderEvent, { deliveries }: OrderDetail): ExplainedPart[] {
  const nameOf = useKeyName();
  return trades.map(({ tradeId, deliveryId }, place) => {
    const delivery = deliveries.find(({ id }) => id === deliveryId);
    return { tradeId, name: delivery ? `${delivery.productName} ${nameOf(delivery)}` : `${place + 1}` };
  });
}

/** What the event says of itself, as far as it has words here. */
function Details({ event: { data }, order }: { event: OrderEvent; order: OrderDetail }) {
  const t = useTranslations("orders");
  const nameOf = useKeyName();
  const ownReason = useReason();
  const errorText = useErrorText();
  const text = (name: string) => {
    const value = data[name];
    return typeof value === "string" && value !== "" ? value : null;
  };
  const words: string[] = [];
  const flag = text("flag");
  const flagKey = `flags.${flag}` as `flags.${NonNullable<OrderDetail["flag"]>}`;
  if (flag && t.has(flagKey)) words.push(t(flagKey));
  const payment = order.payments.find(({ id }) => id === data.payment);
  if (payment) words.push(payment.method.channelName ?? t("wallet"));
  if (typeof data.cards === "number") words.push(t("timeline.count", { count: data.cards }));
  const delivery = order.deliveries.find(({ id }) => id === data.delivery);
  if (delivery) words.push(`${delivery.productName} ${nameOf(delivery)}`);
  const refund = order.refunds.find(({ id }) => id === data.refund);
  if (refund) words.push(refund.reference);
  const reason = text("reason") ?? text("error");
  if (reason) words.push(t("timeline.reason", { reason: ownReason(reason) }));
  const cause = text("cause");
  if (isErrorCode(cause)) words.push(errorText(cause));
  return words.length > 0 ? <p className="text-sm break-words">{words.join(" · ")}</p> : null;
}
