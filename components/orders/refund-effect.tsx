"use client";

import { useQueries } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { useLegName } from "@/components/trace/leg-name";
import { useTRPC } from "@/components/trpc";
import { Money } from "@/components/ui/money";
import { Spinner } from "@/components/ui/spinner";
import type { OrderDetail } from "@/server/domain/orders/types";
import type { RefundPlan } from "./refund-plan";

/** Above it the sales are not asked for one by one; what happens to them is said in words. */
const MAX_ADDED_UP = 20;
/** Whether the channel gives its fee back is its own affair. */
const CHANNEL_FEE = "fee.channel";

/** What goes back to whom: to the buyer, and leg by leg among those who shared in the sales. */
export function RefundEffect({ order, plan }: { order: OrderDetail; plan: RefundPlan }) {
  const t = useTranslations("orders");
  const { currency } = order;
  return (
    <section aria-label={t("refund.effect")} className="space-y-2 rounded-lg bg-muted p-3 text-sm">
      <dl className="space-y-1">
        <Line label={t("refund.toBuyer")}>
          <Money amount={plan.amount} currency={currency} className="font-semibold" />
        </Line>
        {plan.killed > 0 ? (
          <Line label={t("refund.killed")}>
            <span className="figure">{plan.killed}</span>
          </Line>
        ) : null}
      </dl>
      {order.payment ? (
        <p className="text-xs text-muted-foreground">
          {t("refund.via", { channel: order.payment.channelName ?? t("wallet") })}
        </p>
      ) : null}
      {plan.held ? (
        <p className="text-xs text-muted-foreground">{t("refund.backHeld")}</p>
      ) : (
        <Reversals tradeIds={plan.chosen.map(({ tradeId }) => tradeId)} currency={currency} />
      )}
    </section>
  );
}

function Reversals({ tradeIds, currency }: { tradeIds: readonly string[]; currency: string }) {
  const t = useTranslations("orders.refund");
  const legName = useLegName();
  const trpc = useTRPC();
  const few = tradeIds.length <= MAX_ADDED_UP;
  const sales = useQueries({
    queries: few ? tradeIds.map((id) => trpc.trades.explain.queryOptions({ id })) : [],
  });
  if (!few || sales.some(({ isError }) => isError))
    return <p className="text-xs text-muted-foreground">{t("backMany", { count: tradeIds.length })}</p>;
  const known = sales.flatMap(({ data }) => data ?? []);
  if (known.length < sales.length) return <Spinner />;
  const sums = new Map<string, { leg: string; party: string; amount: bigint }>();
  for (const { leg, credit, amount } of known.flatMap(({ transfers }) => transfers)) {
    if (leg === CHANNEL_FEE) continue;
    const key = `${leg}/${credit.party.id}`;
    const before = sums.get(key)?.amount ?? 0n;
    sums.set(key, { leg, party: credit.party.name, amount: before + amount });
  }
  return (
    <>
      <p className="border-t border-border pt-2 text-xs text-muted-foreground">{t("back")}</p>
      <dl className="space-y-1">
        {[...sums].map(([key, { leg, party, amount }]) => (
          <Line key={key} label={`${legName(leg)} · ${party}`}>
            <Money amount={-amount} currency={currency} toned />
          </Line>
        ))}
      </dl>
      <p className="text-xs text-muted-foreground">
        {t("backNote")} {t("feeKept")}
      </p>
    </>
  );
}

function Line({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="flex items-baseline justify-between gap-4">
      <dt className="min-w-0 break-words text-muted-foreground">{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}
