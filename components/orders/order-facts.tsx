"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useFormat } from "@/components/format/use-format";
import { useCan } from "@/components/layout/viewer";
import { useTRPC } from "@/components/trpc";
import { Card } from "@/components/ui/card";
import { DescriptionList } from "@/components/ui/description-list";
import { Instant } from "@/components/ui/instant";
import { Money } from "@/components/ui/money";
import type { OrderDetail } from "@/server/domain/orders/types";

export function SummaryCard({ order }: { order: OrderDetail }) {
  const t = useTranslations("orders");
  const can = useCan();
  const { currency } = order;
  const at = (value: Date | null) => <Instant at={value} style="second" />;
  return (
    <Card title={t("detail.summary")}>
      <DescriptionList
        columns={3}
        items={[
          {
            label: t("detail.total"),
            value: <Money amount={order.total} currency={currency} className="text-base font-semibold" />,
          },
          order.refunded > 0n && {
            label: t("detail.refunded"),
            value: <Money amount={-order.refunded} currency={currency} toned />,
          },
          order.refunded > 0n && {
            label: t("detail.kept"),
            value: <Money amount={order.total - order.refunded} currency={currency} />,
          },
          {
            label: t("detail.distributor"),
            value: can("party:read") ? (
              <Link
                href={`/parties/${order.distributorId}`}
                className="text-primary underline underline-offset-2"
              >
                {order.distributorName}
              </Link>
            ) : (
              order.distributorName
            ),
          },
          { label: t("detail.source"), value: t(`sources.${order.source}`) },
          {
            label: t("detail.payment"),
            value: order.payment ? (order.payment.channelName ?? t("wallet")) : t("unpaid"),
          },
          order.externalRef ? { label: t("detail.externalRef"), value: order.externalRef } : null,
          order.contact ? { label: t("detail.contact"), value: order.contact } : null,
          { label: t("detail.createdAt"), value: at(order.createdAt) },
          order.paidAt ? { label: t("detail.paidAt"), value: at(order.paidAt) } : null,
          order.state === "pending" ? { label: t("detail.expiresAt"), value: at(order.expiresAt) } : null,
          order.deliveredAt
            ? { label: t("detail.deliveredAt"), value: <Delivered order={order} at={order.deliveredAt} /> }
            : null,
          order.endedAt ? { label: t("detail.endedAt"), value: at(order.endedAt) } : null,
        ]}
      />
    </Card>
  );
}

/** With how long it took, where that is worth a word. */
function Delivered({ order, at }: { order: OrderDetail; at: Date }) {
  const t = useTranslations("orders.detail");
  const tenths = order.paidAt ? Math.round((at.getTime() - order.paidAt.getTime()) / 100) : -1;
  return (
    <>
      <Instant at={at} style="second" />
      {tenths >= 0 ? (
        <p className="text-xs text-muted-foreground">
          {t("took", { seconds: `${Math.floor(tenths / 10)}.${tenths % 10}` })}
        </p>
      ) : null}
    </>
  );
}

export function LinesCard({ order }: { order: OrderDetail }) {
  const t = useTranslations("orders.detail");
  const trpc = useTRPC();
  const can = useCan();
  const { data: tiers } = useQuery(
    trpc.tiers.list.queryOptions(undefined, { enabled: can("distributor:read") }),
  );
  const tierName = (code: string) => tiers?.find((tier) => tier.code === code)?.name ?? code;
  const { currency } = order;
  return (
    <Card flush title={t("lines")}>
      <ul className="divide-y divide-border">
        {order.lines.map((line) => (
          <li
            key={line.id}
            className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1 px-4 py-2.5"
          >
            <div className="min-w-0 flex-1 basis-56">
              <p className="font-medium break-words">{line.productName}</p>
              <p className="text-xs text-muted-foreground">
                {line.productNumber} · {t("tier", { tier: tierName(line.tier) })}
                {order.deliveredAt
                  ? ` · ${t("lineState", { delivered: line.delivered, refunded: line.refunded })}`
                  : ""}
              </p>
            </div>
            <p className="figure text-sm">
              <Money amount={line.price} currency={currency} /> × {line.quantity}
              {line.markup > 0n ? <Markup amount={line.markup} currency={currency} /> : null}
            </p>
            <p className="min-w-24 text-end font-medium">
              <Money amount={line.price * BigInt(line.quantity)} currency={currency} />
            </p>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Markup({ amount, currency }: { amount: bigint; currency: string }) {
  const t = useTranslations("orders.detail");
  const format = useFormat();
  return (
    <span className="block text-end text-xs text-muted-foreground">
      {t("markup", { amount: format.money(amount, currency) })}
    </span>
  );
}
