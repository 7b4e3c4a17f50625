"use client";

import { useLocale } from "next-intl";
import { formatDay, formatInstant, type InstantStyle } from "@/components/format/format";
import { useOptionalViewer } from "@/components/layout/viewer";
import { cn } from "./cn";

export interface InstantProps {
  at: Date | string | null | undefined;
  /** `minute` by default; `full` writes the zone out. */
  style?: InstantStyle;
  /** Outside of the portal; inside it is the tenant's. */
  timeZone?: string;
  className?: string;
}

/** A moment in the tenant's time zone. The zone is named on hover, and in the foot of every page. */
export function Instant({ at, style = "minute", timeZone, className }: InstantProps) {
  const locale = useLocale();
  const viewer = useOptionalViewer();
  const zone = timeZone ?? viewer?.tenant.timezone ?? "UTC";
  if (!at) return <span className={className}>–</span>;
  const date = typeof at === "string" ? new Date(at) : at;
  return (
    <time
      dateTime={date.toISOString()}
      title={formatInstant(date, { locale, timeZone: zone, style: "full" })}
      className={cn("figure", className)}
    >
      {formatInstant(date, { locale, timeZone: zone, style })}
    </time>
  );
}

/** A business date: a day of the books, which has no time of day. */
export function BusinessDate({ day, className }: { day: string | null | undefined; className?: string }) {
  const locale = useLocale();
  if (!day) return <span className={className}>–</span>;
  return (
    <time dateTime={day} className={cn("figure", className)}>
      {formatDay(day, locale)}
    </time>
  );
}
