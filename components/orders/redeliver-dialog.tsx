"use client";

import { PackageCheck } from "lucide-react";
import { useTranslations } from "next-intl";
import { useTRPCClient } from "@/components/trpc";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { toast } from "@/components/ui/toast";
import type { OrderDetail } from "@/server/domain/orders/types";

/** Money that is held takes its order after all. */
export function RedeliverDialog({ order, onDone }: { order: OrderDetail; onDone: () => Promise<void> }) {
  const t = useTranslations("orders.redeliver");
  const client = useTRPCClient();
  return (
    <ConfirmDialog
      trigger={<Button icon={<PackageCheck aria-hidden />}>{t("action")}</Button>}
      title={t("title", { reference: order.reference })}
      description={t("body")}
      confirmLabel={t("submit")}
      onConfirm={async () => {
        await client.orders.redeliver.mutate({ orderId: order.id });
        toast.success(t("done"));
        await onDone();
      }}
    />
  );
}
