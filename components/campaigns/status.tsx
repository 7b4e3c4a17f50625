"use client";

import { useTranslations } from "next-intl";
import { Badge, type Tone } from "@/components/ui/badge";
import type { CampaignStatus } from "@/server/domain/vouchers/schemas";

const TONES: Record<CampaignStatus, Tone> = {
  draft: "neutral",
  active: "success",
  paused: "warning",
  ended: "neutral",
};

export function CampaignStatusBadge({ status }: { status: CampaignStatus }) {
  const t = useTranslations("campaigns.status");
  return <Badge tone={TONES[status]}>{t(status)}</Badge>;
}
