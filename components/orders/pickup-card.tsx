"use client";

import { ExternalLink, RefreshCw } from "lucide-react";
import { useTranslations } from "next-intl";
import { useFormat } from "@/components/format/use-format";
import { useTRPCClient } from "@/components/trpc";
import { Button, buttonStyles } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { CopyButton } from "@/components/ui/copy-button";
import { toast } from "@/components/ui/toast";
import type { OrderDetail } from "@/server/domain/orders/types";

/** The buyer's link: to be copied, opened, or made anew. */
export function PickupCard({
  order,
  path,
  onChange,
}: {
  order: OrderDetail;
  path: string;
  onChange: () => Promise<void>;
}) {
  const t = useTranslations("orders");
  const format = useFormat();
  const client = useTRPCClient();
  return (
    <Card
      title={t("detail.pickup")}
      description={[
        t("detail.pickupViews", { count: order.pickupViews }),
        order.pickupUntil ? t("detail.pickupUntil", { time: format.instant(order.pickupUntil) }) : null,
      ]
        .filter(Boolean)
        .join(" · ")}
    >
      <p className="text-sm text-muted-foreground">{t("detail.pickupHint")}</p>
      <div className="mt-3 flex flex-wrap gap-2">
        <CopyPickup path={path} />
        <a
          href={path}
          target="_blank"
          rel="noreferrer"
          className={buttonStyles({ variant: "outline", size: "sm" })}
        >
          <ExternalLink aria-hidden />
          {t("detail.openPickup")}
        </a>
        {order.may.renewPickup ? (
          <ConfirmDialog
            trigger={
              <Button variant="ghost" size="sm" icon={<RefreshCw aria-hidden />}>
                {t("renew.action")}
              </Button>
            }
            title={t("renew.title")}
            description={t("renew.body")}
            confirmLabel={t("renew.submit")}
            onConfirm={async () => {
              await client.orders.renewPickup.mutate({ orderId: order.id });
              toast.success(t("renew.done"));
              await onChange();
            }}
          />
        ) : null}
      </div>
    </Card>
  );
}

/** The address as a buyer needs it: whole. */
export function CopyPickup({ path }: { path: string }) {
  const t = useTranslations("orders.detail");
  const origin = typeof window === "undefined" ? "" : window.location.origin;
  return <CopyButton value={`${origin}${path}`} label={t("copyPickup")} />;
}
