import { useTranslations } from "next-intl";
import { cn } from "@/components/ui/cn";
import type { YearDay } from "@/server/domain/calendar";

/** One month of the year, its special days marked; a day opens its form where that is allowed. */
export function MonthGrid({
  year,
  month,
  special,
  onDay,
}: {
  year: number;
  /** 1–12 */
  month: number;
  special: ReadonlyMap<string, YearDay>;
  onDay: ((day: string) => void) | null;
}) {
  const t = useTranslations("calendar");
  const first = new Date(Date.UTC(year, month - 1, 1));
  const days = new Date(Date.UTC(year, month, 0)).getUTCDate();
  const lead = (first.getUTCDay() + 6) % 7;
  const two = (n: number) => String(n).padStart(2, "0");
  const weekdays = ["1", "2", "3", "4", "5", "6", "7"] as const;
  return (
    <section aria-label={t("month", { year: String(year), month: two(month) })} className="min-w-0">
      <h2 className="figure mb-1 text-sm font-medium">
        {t("month", { year: String(year), month: two(month) })}
      </h2>
      <div className="grid grid-cols-7 gap-px text-center text-xs">
        {weekdays.map((weekday) => (
          <span key={weekday} aria-hidden className="py-1 text-muted-foreground">
            {t(`weekdays.${weekday}`)}
          </span>
        ))}
        {Array.from({ length: lead }, (_, i) => (
          <span key={weekdays[i]} aria-hidden />
        ))}
        {Array.from({ length: days }, (_, i) => {
          const day = `${year}-${two(month)}-${two(i + 1)}`;
          const weekday = ((lead + i) % 7) + 1;
          const entry = special.get(day);
          const working = entry ? entry.working : weekday <= 5;
          const state = entry
            ? t(working ? "legend.madeUp" : "legend.holiday")
            : t(working ? "legend.working" : "legend.off");
          const look = cn(
            "figure flex h-8 items-center justify-center rounded-sm",
            !working && !entry && "text-muted-foreground",
            entry &&
              (working
                ? "bg-info-soft font-semibold text-info"
                : "bg-destructive-soft font-semibold text-destructive"),
          );
          const label = `${day} ${state}${entry ? ` ${entry.name}` : ""}`;
          return onDay ? (
            <button
              key={day}
              type="button"
              title={entry?.name}
              aria-label={label}
              onClick={() => onDay(day)}
              className={cn(look, "hover:ring-1 hover:ring-input")}
            >
              {i + 1}
            </button>
          ) : (
            <span key={day} title={label} className={look}>
              {i + 1}
            </span>
          );
        })}
      </div>
    </section>
  );
}
