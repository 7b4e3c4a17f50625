"use client";

import { useMutation } from "@tanstack/react-query";
import { CreditCard, Wallet } from "lucide-react";
import { useTranslations } from "next-intl";
import { useFormat } from "@/components/format/use-format";
import { useTRPC } from "@/components/trpc";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { ErrorAlert } from "@/components/ui/error-alert";
import { toast } from "@/components/ui/toast";
import type { PayOrderInput } from "@/server/domain/orders/schemas";
import type { OrderDetail } from "@/server/domain/orders/types";

/** An order that waits for the distributor's money. */
export function PayPanel({ order, onDone }: { order: OrderDetail; onDone: () => Promise<void> }) {
  const t = useTranslations("orders.pay");
  const format = useFormat();
  const trpc = useTRPC();
  const pay = useMutation(trpc.orders.pay.mutationOptions());
  const by = async (kind: PayOrderInput["method"]["kind"]) => {
    const started = await pay.mutateAsync({ orderId: order.id, method: { kind } }).catch(() => null);
    if (!started) return; // shown below
    if (started.cashierUrl) window.location.assign(started.cashierUrl);
    else if (started.state === "delivered") toast.success(t("paid"));
    await onDone();
  };
  const amount = format.money(order.total, order.currency);
  return (
    <Alert
      tone="info"
      title={t("title")}
      actions={
        <>
          {order.may.payByWallet ? (
            <Button icon={<Wallet aria-hidden />} loading={pay.isPending} onClick={() => void by("wallet")}>
              {t("byWallet", { amount })}
            </Button>
          ) : null}
          {order.may.payByChannel ? (
            <Button
              variant="outline"
              icon={<CreditCard aria-hidden />}
              loading={pay.isPending}
              onClick={() => void by("channel")}
            >
              {t("byChannel")}
            </Button>
          ) : null}
        </>
      }
    >
      <p>{t("body", { time: format.instant(order.expiresAt, "time") })}</p>
      <ErrorAlert error={pay.error} className="mt-2" />
    </Alert>
  );
}
