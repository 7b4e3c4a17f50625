"use client";

import { useTranslations } from "next-intl";
import { formatCount } from "@/components/format/format";
import { cn } from "@/components/ui/cn";

const SOON = 7;
const FAR = 365;

/** For how many days the stock lasts as it sells now. `days` null: nothing was sold of late. */
export function DaysLeft({
  available,
  days,
  looped,
}: {
  available: number;
  days: number | null;
  looped: boolean;
}) {
  const t = useTranslations("stock.daysLeft");
  if (available === 0) return <span className="text-destructive">{t("none")}</span>;
  if (looped) return <span className="text-muted-foreground">{t("looped")}</span>;
  if (days === null) return <span className="text-muted-foreground">{t("unknown")}</span>;
  const text =
    days < 1
      ? t("today")
      : days > FAR
        ? t("many", { days: formatCount(FAR) })
        : t("some", { days: formatCount(Math.floor(days)) });
  return <span className={cn("whitespace-nowrap", days < SOON && "font-medium text-warning")}>{text}</span>;
}
