"use client";

import { useTranslations } from "next-intl";
import { Badge, type Tone } from "@/components/ui/badge";
import type { VoucherStatus } from "@/server/domain/vouchers/schemas";

const TONES: Record<VoucherStatus, Tone> = {
  issued: "success",
  locked: "warning",
  redeemed: "info",
  expired: "neutral",
  void: "danger",
};

export function VoucherStatusBadge({ status }: { status: VoucherStatus }) {
  const t = useTranslations("vouchers.status");
  return <Badge tone={TONES[status]}>{t(status)}</Badge>;
}
