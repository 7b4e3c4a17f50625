"use client";

import { useLocale } from "next-intl";
import { useMemo } from "react";
import { useOptionalViewer } from "@/components/layout/viewer";
import {
  formatCount,
  formatDay,
  formatDayShort,
  formatInstant,
  formatMoney,
  formatMonth,
  formatRate,
  type InstantStyle,
  zoneName,
} from "./format";

/**
 * The formats in the reader's language and the tenant's time zone, as text: for labels, titles, charts.
 * In markup use `<Money>` and `<Instant>`. Pages outside of the portal give the zone themselves.
 */
export function useFormat(options: { timeZone?: string } = {}) {
  const locale = useLocale();
  const viewer = useOptionalViewer();
  const timeZone = options.timeZone ?? viewer?.tenant.timezone ?? "UTC";
  return useMemo(
    () => ({
      locale,
      timeZone,
      money: (amount: bigint, currency: string) => formatMoney(amount, currency, locale),
      count: formatCount,
      rate: formatRate,
      day: (day: string) => formatDay(day, locale),
      month: (month: string) => formatMonth(month, locale),
      dayShort: (day: string) => formatDayShort(day, locale),
      instant: (at: Date | string, style?: InstantStyle) => formatInstant(at, { locale, timeZone, style }),
      zone: (at: Date = new Date()) => zoneName(timeZone, at, locale),
    }),
    [locale, timeZone],
  );
}
