"use client";

import { useQuery } from "@tanstack/react-query";
import { CircleCheck, Plus } from "lucide-react";
import { useTranslations } from "next-intl";
import { useEffect, useRef } from "react";
import { useFormat } from "@/components/format/use-format";
import { useTRPC } from "@/components/trpc";
import { Alert } from "@/components/ui/alert";
import { Button, LinkButton } from "@/components/ui/button";
import { ErrorAlert } from "@/components/ui/error-alert";
import { Skeleton } from "@/components/ui/skeleton";
import type { OrderState } from "@/server/domain/orders/schemas";
import type { OrderMade } from "@/server/domain/orders/types";
import { CopyPickup } from "./pickup-card";
import { RevealDialog } from "./reveal-dialog";

export interface PlacedOrder {
  order: OrderMade;
  state: OrderState;
  method: "wallet" | "channel";
  /** It could not be paid. */
  failure: unknown;
}

/** What came of it: the cards, or the link to pass on; or that it still has to be paid. */
export function OrderResult({ placed, onAnother }: { placed: PlacedOrder; onAnother: () => void }) {
  const t = useTranslations("orders.make");
  const format = useFormat();
  const heading = useRef<HTMLHeadingElement>(null);
  const { order, state } = placed;
  useEffect(() => heading.current?.focus(), []);
  const { reference } = order;
  const count = order.lines.reduce((sum, line) => sum + line.quantity, 0);
  return (
    <div className="max-w-2xl space-y-4">
      {state === "delivered" || state === "completed" ? (
        <div className="space-y-2 rounded-xl border-2 border-success/50 bg-success-soft p-5">
          <h2
            ref={heading}
            tabIndex={-1}
            className="flex items-center gap-2 text-2xl font-semibold text-success outline-none"
          >
            <CircleCheck aria-hidden className="size-7" />
            {t("doneTitle")}
          </h2>
          <p>{t("doneBody", { reference, count, amount: format.money(order.total, order.currency) })}</p>
          <Forward id={order.id} count={count} />
        </div>
      ) : state === "flagged" ? (
        <Alert tone="warning" title={t("flaggedTitle")}>
          {t("flaggedBody", { reference })}
        </Alert>
      ) : (
        <Alert tone="info">{t("unpaid", { reference, time: format.instant(order.expiresAt, "time") })}</Alert>
      )}
      <ErrorAlert error={placed.failure} />
      <div className="flex flex-wrap gap-2">
        <LinkButton href={`/orders/${order.id}`}>{t("open")}</LinkButton>
        <Button variant="outline" icon={<Plus aria-hidden />} onClick={onAnother}>
          {t("another")}
        </Button>
      </div>
    </div>
  );
}

function Forward({ id, count }: { id: string; count: number }) {
  const t = useTranslations("orders.make");
  const trpc = useTRPC();
  const { data, error, refetch } = useQuery(trpc.orders.get.queryOptions({ id }));
  if (error) return <ErrorAlert error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton className="h-9 w-64" />;
  return (
    <div className="space-y-3">
      <p className="text-sm">{t("forward")}</p>
      <div className="flex flex-wrap gap-2">
        {data.pickupPath ? <CopyPickup path={data.pickupPath} /> : null}
        {data.may.reveal ? (
          <RevealDialog order={data} count={count} onShown={async () => void (await refetch())} />
        ) : null}
      </div>
    </div>
  );
}
