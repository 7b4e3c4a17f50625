"use client";

import { useTranslations } from "next-intl";
import { Badge, type Tone } from "@/components/ui/badge";
import type { VersionView } from "./types";

const TONES: Record<VersionView["status"], Tone> = {
  draft: "neutral",
  in_review: "info",
  withdrawn: "neutral",
  refused: "danger",
  scheduled: "warning",
  in_force: "success",
  superseded: "neutral",
  ended: "neutral",
};

export function VersionStatus({ status }: { status: VersionView["status"] }) {
  const t = useTranslations("rules.status");
  return <Badge tone={TONES[status]}>{t(status)}</Badge>;
}
