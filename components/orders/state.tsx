"use client";

import { useTranslations } from "next-intl";
import { Badge, type Tone } from "@/components/ui/badge";
import type { OrderFlag, OrderState } from "@/server/domain/orders/schemas";

const TONES: Record<OrderState, Tone> = {
  pending: "info",
  paid: "info",
  delivered: "success",
  completed: "success",
  expired: "neutral",
  refunded: "warning",
  flagged: "danger",
};

/** A flagged order says why. */
export function OrderStateBadge({ state, flag }: { state: OrderState; flag?: OrderFlag | null }) {
  const t = useTranslations("orders");
  return (
    <Badge tone={TONES[state]}>
      {t(`states.${state}`)}
      {flag ? ` · ${t(`flags.${flag}`)}` : ""}
    </Badge>
  );
}
