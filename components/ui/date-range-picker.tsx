"use client";

import { CalendarDays } from "lucide-react";
import dynamic from "next/dynamic";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { addDays, dateIn } from "@/components/format/format";
import { useFormat } from "@/components/format/use-format";
import { Button } from "./button";
import { cn } from "./cn";
import { DateInput } from "./date-input";
import { Popover } from "./popover";
import { Skeleton } from "./skeleton";

const RangeCalendar = dynamic(() => import("./range-calendar"), {
  ssr: false,
  loading: () => <Skeleton className="h-72 w-64" />,
});

export interface DateRange {
  /** Business dates, both included; `null` is open. */
  from: string | null;
  to: string | null;
}

export interface DateRangePickerProps {
  value: DateRange;
  onValueChange: (range: DateRange) => void;
  label?: string;
  size?: "sm" | "md";
  /** A report over all time may be too much: takes the way to an open range away. */
  required?: boolean;
  className?: string;
}

/** Days of the tenant's time zone, by preset, calendar or typing. */
export function DateRangePicker({
  value,
  onValueChange,
  label,
  size = "md",
  required,
  className,
}: DateRangePickerProps) {
  const t = useTranslations("common");
  const format = useFormat();
  const [open, setOpen] = useState(false);
  const name = label ?? t("date.range");
  const choose = (range: DateRange) => {
    onValueChange(range);
    setOpen(false);
  };
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      label={t("date.pickRange")}
      className="w-[min(34rem,calc(100vw-1rem))] p-0"
      trigger={
        <Button
          variant="outline"
          size={size}
          aria-label={`${name}: ${rangeText(value)}`}
          icon={<CalendarDays aria-hidden className="text-muted-foreground" />}
          className={cn("justify-start font-normal", className)}
        >
          <span className="figure">{rangeText(value)}</span>
        </Button>
      }
    >
      <div className="flex flex-col sm:flex-row">
        <ul className="grid grid-cols-2 gap-0.5 border-border p-2 max-sm:border-b sm:w-36 sm:grid-cols-1 sm:content-start sm:border-e">
          {presets(dateIn(new Date(), format.timeZone)).map(({ key, range }) => (
            <li key={key}>
              <PresetButton
                active={range.from === value.from && range.to === value.to}
                onClick={() => choose(range)}
              >
                {t(`date.${key}`)}
              </PresetButton>
            </li>
          ))}
          {required ? null : (
            <li>
              <PresetButton
                active={value.from === null && value.to === null}
                onClick={() => choose({ from: null, to: null })}
              >
                {t("date.anyTime")}
              </PresetButton>
            </li>
          )}
        </ul>
        <div className="min-w-0 flex-1 space-y-3 p-3">
          <div className="flex items-center gap-2">
            <DateInput
              size="sm"
              aria-label={t("date.from")}
              value={value.from}
              max={value.to ?? undefined}
              onValueChange={(from) => onValueChange({ ...value, from })}
            />
            <span aria-hidden className="text-muted-foreground">
              –
            </span>
            <DateInput
              size="sm"
              aria-label={t("date.to")}
              value={value.to}
              min={value.from ?? undefined}
              onValueChange={(to) => onValueChange({ ...value, to })}
            />
          </div>
          {open ? (
            <RangeCalendar value={value} onValueChange={onValueChange} timeZone={format.timeZone} />
          ) : null}
          <p className="text-xs text-muted-foreground">{t("date.inZone", { zone: format.zone() })}</p>
        </div>
      </div>
    </Popover>
  );

  function rangeText(range: DateRange): string {
    if (range.from && range.to) {
      return range.from === range.to
        ? format.day(range.from)
        : `${format.day(range.from)} – ${format.day(range.to)}`;
    }
    if (range.from) return t("date.since", { date: format.day(range.from) });
    if (range.to) return t("date.until", { date: format.day(range.to) });
    return t("date.anyTime");
  }
}

function PresetButton(props: { active: boolean; onClick: () => void; children: string }) {
  return (
    <button
      type="button"
      aria-pressed={props.active}
      onClick={props.onClick}
      className={cn(
        "w-full rounded-sm px-2.5 py-1.5 text-start text-sm hover:bg-accent pointer-coarse:min-h-11",
        props.active && "bg-primary-soft font-medium text-primary",
      )}
    >
      {props.children}
    </button>
  );
}

export function presets(today: string) {
  const monthStart = `${today.slice(0, 7)}-01`;
  const lastMonthEnd = addDays(monthStart, -1);
  return [
    { key: "today", range: { from: today, to: today } },
    { key: "yesterday", range: { from: addDays(today, -1), to: addDays(today, -1) } },
    { key: "last7", range: { from: addDays(today, -6), to: today } },
    { key: "last30", range: { from: addDays(today, -29), to: today } },
    { key: "thisMonth", range: { from: monthStart, to: today } },
    { key: "lastMonth", range: { from: `${lastMonthEnd.slice(0, 7)}-01`, to: lastMonthEnd } },
  ] as const satisfies readonly { key: string; range: DateRange }[];
}
