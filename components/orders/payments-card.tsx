"use client";

import { RotateCw } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useFormat } from "@/components/format/use-format";
import { useCan } from "@/components/layout/viewer";
import { ExplainedAmount } from "@/components/trace/explain";
import { useReason } from "@/components/trace/reason";
import { useTRPCClient } from "@/components/trpc";
import { Badge, type Tone } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { CopyButton } from "@/components/ui/copy-button";
import { DescriptionList } from "@/components/ui/description-list";
import { ErrorAlert } from "@/components/ui/error-alert";
import { Instant } from "@/components/ui/instant";
import { Money } from "@/components/ui/money";
import { toast } from "@/components/ui/toast";
import type { OrderDetail, OrderPayment, OrderRefund } from "@/server/domain/orders/types";
import type { Considered } from "@/server/domain/payments";
import { TradeSheet } from "./trade-sheet";

/** Every try to pay, and money that came by itself. */
export function PaymentsCard({ order }: { order: OrderDetail }) {
  const t = useTranslations("orders.payments");
  return (
    <Card flush title={t("title")}>
      {order.payments.length === 0 ? (
        <p className="px-4 pb-4 text-sm text-muted-foreground">{t("none")}</p>
      ) : (
        <ul className="divide-y divide-border">
          {order.payments.map((payment) => (
            <Payment key={payment.id} payment={payment} currency={order.currency} />
          ))}
        </ul>
      )}
    </Card>
  );
}

function toneOf({ state, outcome }: OrderPayment): Tone {
  if (outcome === "accepted") return "success";
  if (outcome) return "warning";
  return state === "created" ? "info" : "neutral";
}

function Payment({ payment, currency }: { payment: OrderPayment; currency: string }) {
  const t = useTranslations("orders");
  const { outcome, state, transactionId, received } = payment;
  const considered = readRouting(payment.routing);
  return (
    <li className="space-y-3 px-4 py-3">
      <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <span className="font-medium">{payment.method.channelName ?? t("wallet")}</span>
        <Badge tone={toneOf(payment)}>
          {outcome ? t(`payments.outcomes.${outcome}`) : t(`payments.states.${state}`)}
        </Badge>
        <span className="figure text-xs text-muted-foreground">{payment.reference}</span>
      </p>
      <DescriptionList
        columns={3}
        items={[
          { label: t("payments.asked"), value: <Money amount={payment.amount} currency={currency} /> },
          received === null
            ? null
            : {
                label: t("payments.received"),
                value: payment.heldTradeId ? (
                  <ExplainedAmount tradeId={payment.heldTradeId} amount={received} currency={currency} />
                ) : (
                  <Money amount={received} currency={currency} />
                ),
              },
          payment.paidAt
            ? { label: t("payments.paidAt"), value: <Instant at={payment.paidAt} style="second" /> }
            : null,
          transactionId
            ? {
                label: t("payments.transaction"),
                value: (
                  <span className="flex items-center gap-1">
                    <span className="min-w-0 font-mono text-xs break-all">{transactionId}</span>
                    <CopyButton value={transactionId} what={t("payments.transaction")} />
                  </span>
                ),
              }
            : null,
        ]}
      />
      {payment.heldTradeId ? <TradeSheet tradeId={payment.heldTradeId} label={t("payments.held")} /> : null}
      {considered.length > 0 ? <Why considered={considered} currency={currency} /> : null}
    </li>
  );
}

/** What the router compared: as it was stored, whatever that was. */
function readRouting(routing: unknown): Considered[] {
  const list = Array.isArray(routing)
    ? routing
    : typeof routing === "object" && routing !== null && "considered" in routing
      ? routing.considered
      : [];
  return Array.isArray(list) ? (list as Considered[]) : [];
}

function Why({ considered, currency }: { considered: readonly Considered[]; currency: string }) {
  const t = useTranslations("orders.payments");
  const format = useFormat();
  return (
    <details className="group text-sm">
      <summary className="w-fit rounded-sm text-primary underline-offset-2 hover:underline">
        {t("why")}
      </summary>
      <p className="mt-2 text-xs text-muted-foreground">{t("whyHint")}</p>
      <ol className="mt-2 space-y-1">
        {considered.map((one) => (
          <li
            key={one.channelId}
            className="flex flex-wrap items-baseline justify-between gap-x-4 rounded-md bg-muted px-3 py-1.5"
          >
            <span className={one.verdict === "chosen" ? "font-semibold" : ""}>
              {one.name} · {t(`verdicts.${one.verdict}`)}
            </span>
            <span className="text-muted-foreground">
              {t("fee")} <Money amount={BigInt(one.fee)} currency={currency} />{" "}
              <span className="figure">
                ({one.schedule ?? format.rate(one.feeRate)}
                {one.bound ? ` · ${t(`bounds.${one.bound}`)}` : ""})
              </span>
            </span>
          </li>
        ))}
      </ol>
    </details>
  );
}

const REFUND_TONES: Record<OrderRefund["state"], Tone> = {
  created: "info",
  succeeded: "success",
  flagged: "danger",
};

export function RefundsCard({ order, onChange }: { order: OrderDetail; onChange: () => Promise<void> }) {
  const t = useTranslations("orders.refunds");
  const can = useCan();
  return (
    <Card flush title={t("title")}>
      <ul className="divide-y divide-border">
        {order.refunds.map((refund) => (
          <Refund
            key={refund.id}
            refund={refund}
            currency={order.currency}
            mayRetry={can("order:refund")}
            onChange={onChange}
          />
        ))}
      </ul>
    </Card>
  );
}

function Refund({
  refund,
  currency,
  mayRetry,
  onChange,
}: {
  refund: OrderRefund;
  currency: string;
  mayRetry: boolean;
  onChange: () => Promise<void>;
}) {
  const t = useTranslations("orders.refunds");
  const ownReason = useReason();
  const format = useFormat();
  const client = useTRPCClient();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const retry = async () => {
    setBusy(true);
    setFailure(null);
    try {
      await client.orders.retryRefund.mutate({ refundId: refund.id });
      toast.success(t("retryDone"));
      await onChange();
    } catch (error) {
      setFailure(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <li className="space-y-1.5 px-4 py-3">
      <div className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1">
        <p className="flex flex-wrap items-center gap-x-2">
          <Money amount={-refund.amount} currency={currency} toned className="font-medium" />
          <Badge tone={REFUND_TONES[refund.state]}>{t(`states.${refund.state}`)}</Badge>
          <span className="figure text-xs text-muted-foreground">{refund.reference}</span>
        </p>
        <p className="text-xs text-muted-foreground">
          <Instant at={refund.succeededAt ?? refund.createdAt} style="second" />
        </p>
      </div>
      <p className="text-sm break-words">{ownReason(refund.reason)}</p>
      {refund.state === "succeeded" ? null : (
        <p className="text-xs text-muted-foreground">
          {t("attempts", { count: refund.attempts })}
          {refund.nextAttemptAt ? ` · ${t("next", { time: format.instant(refund.nextAttemptAt) })}` : ""}
        </p>
      )}
      {refund.lastError && refund.state !== "succeeded" ? (
        <p className="text-xs break-words text-destructive">{t("answer", { text: refund.lastError })}</p>
      ) : null}
      <ErrorAlert error={failure} />
      {refund.state === "flagged" && mayRetry ? (
        <Button variant="outline" size="sm" loading={busy} icon={<RotateCw aria-hidden />} onClick={retry}>
          {t("retry")}
        </Button>
      ) : null}
    </li>
  );
}
