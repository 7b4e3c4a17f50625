"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { useFormat } from "@/components/format/use-format";
import { Alert } from "@/components/ui/alert";
import { Badge, type Tone } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Instant } from "@/components/ui/instant";
import type { DeliveryReport, OrderDelivery, OrderDetail } from "@/server/domain/orders/types";
import { ConfirmReportDialog, RefuseReportDialog, ReportDialog } from "./report-dialogs";
import { RevealDialog } from "./reveal-dialog";
import { TradeSheet } from "./trade-sheet";
import { useKeyName } from "./use-key-name";

/** Under which name the server keeps a buyer's reports. */
const BUYER = "buyer";
const SHOWN_AT_ONCE = 20;
const TONES: Record<OrderDelivery["state"], Tone> = {
  delivered: "success",
  replaced: "neutral",
  refunded: "warning",
};
const REPORT_TONES: Record<DeliveryReport["outcome"], Tone> = {
  open: "warning",
  confirmed: "danger",
  refused: "neutral",
};

/** Cards of the order, masked: those that work first. */
export function DeliveriesCard({ order, onChange }: { order: OrderDetail; onChange: () => Promise<void> }) {
  const t = useTranslations("orders");
  const [shown, setShown] = useState(SHOWN_AT_ONCE);
  const standing = order.deliveries.filter(({ state }) => state === "delivered");
  // What waits for support stands first.
  const sorted = [...order.deliveries].sort((a, b) => rankOf(a) - rankOf(b));
  return (
    <Card
      flush
      title={t("cards.title")}
      actions={
        order.may.reveal && standing.length > 1 ? (
          <RevealDialog order={order} count={standing.length} onShown={onChange} />
        ) : undefined
      }
    >
      {order.deliveries.length === 0 ? (
        <p className="px-4 pb-4 text-sm text-muted-foreground">{t("cards.none")}</p>
      ) : (
        <ul className="divide-y divide-border">
          {sorted.slice(0, shown).map((delivery) => (
            <Delivery key={delivery.id} order={order} delivery={delivery} onChange={onChange} />
          ))}
        </ul>
      )}
      {sorted.length > shown ? (
        <div className="px-4 py-3">
          <Button variant="outline" size="sm" onClick={() => setShown(shown + 100)}>
            {t("cards.more", { count: Math.min(100, sorted.length - shown) })}
          </Button>
        </div>
      ) : null}
    </Card>
  );
}

function rankOf({ state, report }: OrderDelivery): number {
  if (report?.outcome === "open") return 0;
  return state === "delivered" ? 1 : 2;
}

function Delivery({
  order,
  delivery,
  onChange,
}: {
  order: OrderDetail;
  delivery: OrderDelivery;
  onChange: () => Promise<void>;
}) {
  const t = useTranslations("orders");
  const format = useFormat();
  const nameOf = useKeyName();
  const { state, report, replacesId } = delivery;
  const replaced = order.deliveries.find(({ id }) => id === replacesId);
  const open = report?.outcome === "open";
  const standing = state === "delivered";
  return (
    <li className="space-y-2 px-4 py-3">
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-1">
        <div className="min-w-0">
          <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
            <span className="figure font-medium">{nameOf(delivery)}</span>
            <Badge tone={TONES[state]}>{t(`cards.states.${state}`)}</Badge>
            {delivery.looped ? <Badge>{t("cards.looped")}</Badge> : null}
            {report ? (
              <Badge tone={REPORT_TONES[report.outcome]}>{t(`cards.outcomes.${report.outcome}`)}</Badge>
            ) : null}
          </p>
          <p className="text-sm break-words text-muted-foreground">{delivery.productName}</p>
        </div>
        <p className="text-xs text-muted-foreground">
          <Instant at={delivery.deliveredAt} style="second" />
        </p>
      </div>
      <p className="text-xs text-muted-foreground">
        {delivery.revealedAt
          ? t("cards.seen", { time: format.instant(delivery.revealedAt), count: delivery.reveals })
          : t("cards.unseen")}
        {replacesId
          ? ` · ${replaced?.tail ? t("cards.replaces", { tail: replaced.tail }) : t("cards.replacesPlain")}`
          : ""}
      </p>
      {report ? (
        <Alert tone={open ? "warning" : "info"} live={false}>
          {t("cards.reported", {
            by: report.by === BUYER ? t("timeline.actors.buyer") : report.by,
            reason: report.reason,
          })}{" "}
          <span className="text-muted-foreground">
            <Instant at={report.at} />
          </span>
        </Alert>
      ) : null}
      <div className="flex flex-wrap gap-2" data-print="hide">
        {open && order.may.resolve ? (
          <>
            <ConfirmReportDialog order={order} delivery={delivery} onDone={onChange} />
            <RefuseReportDialog delivery={delivery} onDone={onChange} />
          </>
        ) : null}
        {standing && order.may.reveal ? (
          <RevealDialog order={order} delivery={delivery} onShown={onChange} />
        ) : null}
        {standing && !report && order.may.report && delivery.revealedAt ? (
          <ReportDialog delivery={delivery} onDone={onChange} />
        ) : null}
        <TradeSheet tradeId={delivery.tradeId} label={t("cards.trade")} />
      </div>
    </li>
  );
}
