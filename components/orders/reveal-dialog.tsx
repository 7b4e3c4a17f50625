"use client";

import { Eye } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { asText, CardSecret } from "@/components/store/card-secret";
import { useRevealed } from "@/components/store/use-revealed";
import { useTRPCClient } from "@/components/trpc";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { Dialog } from "@/components/ui/dialog";
import { ErrorAlert } from "@/components/ui/error-alert";
import type { OrderDelivery, OrderDetail } from "@/server/domain/orders/types";

/** One card, or all of an order, after a word about the audit log. What was shown is gone once it closes. */
export function RevealDialog({
  order,
  delivery,
  count = 1,
  onShown,
}: {
  order: OrderDetail;
  /** Left out: all of them. */
  delivery?: OrderDelivery;
  count?: number;
  onShown: () => Promise<void>;
}) {
  const t = useTranslations("orders.reveal");
  const words = useTranslations("store.cards");
  const client = useTRPCClient();
  const { cards, show, hide } = useRevealed();
  const [open, setOpen] = useState(false);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  // Not by a mutation: its cache would keep what it answered.
  const reveal = async () => {
    setBusy(true);
    setFailure(null);
    try {
      const { cards } = await client.orders.reveal.mutate({
        orderId: order.id,
        ...(delivery ? { deliveryId: delivery.id } : {}),
      });
      show(cards);
    } catch (error) {
      setFailure(error);
    } finally {
      setBusy(false);
    }
  };
  const close = (next: boolean) => {
    setOpen(next);
    setFailure(null);
    if (next) return;
    if (cards.size > 0) void onShown();
    hide();
  };
  return (
    <Dialog
      open={open}
      onOpenChange={close}
      trigger={
        <Button variant="outline" size="sm" icon={<Eye aria-hidden />}>
          {delivery ? t("one") : t("all")}
        </Button>
      }
      title={delivery ? t("title") : t("titleAll", { count })}
      description={delivery?.productName ?? order.reference}
      footer={
        cards.size === 0 ? (
          <Button loading={busy} icon={<Eye aria-hidden />} onClick={reveal}>
            {t("action")}
          </Button>
        ) : cards.size > 1 ? (
          <CopyButton value={asText(cards.values())} label={words("copyAll")} />
        ) : undefined
      }
    >
      {cards.size === 0 ? (
        <div className="space-y-3">
          <Alert tone="warning" live={false}>
            {t("warning")}
          </Alert>
          <ErrorAlert error={failure} />
        </div>
      ) : (
        <ul className="space-y-3">
          {[...cards.values()].map((card) => (
            <li key={card.deliveryId} className="space-y-1">
              {delivery ? null : <p className="text-sm font-medium">{card.productName}</p>}
              <CardSecret card={card} />
            </li>
          ))}
        </ul>
      )}
    </Dialog>
  );
}
