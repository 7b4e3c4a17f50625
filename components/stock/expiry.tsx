"use client";

import { useTranslations } from "next-intl";
import { useViewer } from "@/components/layout/viewer";
import { Instant } from "@/components/ui/instant";
import { lastMoment } from "@/components/vouchers/last-moment";

/** Until when keys are valid: an end at midnight is the day before, as people say it. */
export function Expiry({ at }: { at: Date | null }) {
  const t = useTranslations("stock");
  const { tenant } = useViewer();
  if (!at) return <span className="text-muted-foreground">{t("neverExpires")}</span>;
  const last = lastMoment(at, tenant.timezone);
  return <Instant at={last} style={last === at ? "minute" : "date"} className="whitespace-nowrap" />;
}
