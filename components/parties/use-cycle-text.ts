"use client";

import { useTranslations } from "next-intl";
import type { z } from "zod";
import type { cycle } from "@/server/domain/parties/schemas";

export type CycleValue = z.output<typeof cycle>;

/** A cycle in few words: "T+1 (calendar days)". */
export function useCycleText(): (value: CycleValue) => string {
  const t = useTranslations("parties.cycle");
  return (value) => {
    switch (value.kind) {
      case "immediate":
        return t("summary.immediate");
      case "monthly":
        return t("summary.monthly");
      case "weekly":
        return t("summary.weekly", { day: t(`days.${weekday(value.weekStart)}`) });
      case "windows":
        return t("summary.windows", {
          days: value.windowsPerDay === 1 ? String(value.delay) : halfDays(value.delay),
          dayCount: t(`summary.${value.dayCount}`),
        });
    }
  };
}

const WEEKDAYS = ["1", "2", "3", "4", "5", "6", "7"] as const;
export type Weekday = (typeof WEEKDAYS)[number];

export function weekday(number: number): Weekday {
  return WEEKDAYS[number - 1] ?? "1";
}

/** Two windows a day: 1 is "0.5", 2 is "1". */
function halfDays(windows: number): string {
  return windows % 2 === 0 ? String(windows / 2) : `${(windows - 1) / 2}.5`;
}
