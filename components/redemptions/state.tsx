"use client";

import { useTranslations } from "next-intl";
import { Badge, type Tone } from "@/components/ui/badge";
import type { RedemptionRow } from "@/server/domain/vouchers/types";

const TONES: Record<RedemptionRow["state"], Tone> = {
  standing: "success",
  part_reversed: "warning",
  reversed: "neutral",
};

export function RedemptionStateBadge({ state }: { state: RedemptionRow["state"] }) {
  const t = useTranslations("redemptions.states");
  return <Badge tone={TONES[state]}>{t(state)}</Badge>;
}
