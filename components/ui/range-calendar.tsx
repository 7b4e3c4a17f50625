"use client";

import { useLocale, useTranslations } from "next-intl";
import { DayPicker } from "react-day-picker";
import { enGB, zhCN } from "react-day-picker/locale";
import { dateIn } from "@/components/format/format";
import { buttonStyles } from "./button";
import { cn } from "./cn";
import type { DateRange } from "./date-range-picker";

/** Loaded when a range picker opens. Days travel as text; `Date` is only the calendar's own coin (local midnight). */
export default function RangeCalendar(props: {
  value: DateRange;
  onValueChange: (range: DateRange) => void;
  timeZone: string;
}) {
  const locale = useLocale();
  const t = useTranslations("common.date");
  const { from, to } = props.value;
  const today = toDate(dateIn(new Date(), props.timeZone));
  return (
    <DayPicker
      mode="range"
      locale={locale === "zh-CN" ? zhCN : enGB}
      weekStartsOn={1}
      today={today}
      defaultMonth={to ? toDate(to) : from ? toDate(from) : today}
      selected={{ from: from ? toDate(from) : undefined, to: to ? toDate(to) : undefined }}
      onSelect={(range) =>
        props.onValueChange({
          from: range?.from ? toDay(range.from) : null,
          to: range?.to ? toDay(range.to) : null,
        })
      }
      labels={{ labelPrevious: () => t("previousMonth"), labelNext: () => t("nextMonth") }}
      classNames={{
        root: "w-full",
        months: "relative",
        month: "space-y-2",
        month_caption: "flex h-8 items-center ps-1 text-sm font-medium",
        nav: "absolute end-0 top-0 z-10 flex gap-1",
        button_previous: buttonStyles({ variant: "ghost", size: "icon-sm" }),
        button_next: buttonStyles({ variant: "ghost", size: "icon-sm" }),
        chevron: "size-4 fill-current",
        month_grid: "w-full table-fixed border-collapse",
        weekday: "h-7 text-xs font-normal text-muted-foreground",
        day: "p-0 text-center",
        day_button: cn(
          "h-8 w-full cursor-pointer rounded-sm text-sm hover:bg-accent disabled:cursor-not-allowed disabled:opacity-40 pointer-coarse:h-10",
        ),
        today: "font-semibold text-primary",
        outside: "text-muted-foreground opacity-60",
        range_start: "rounded-s-sm bg-primary-soft [&>button]:bg-primary [&>button]:text-primary-foreground",
        range_end: "rounded-e-sm bg-primary-soft [&>button]:bg-primary [&>button]:text-primary-foreground",
        range_middle: "bg-primary-soft",
      }}
    />
  );
}

function toDate(day: string): Date {
  const [year = 1970, month = 1, date = 1] = day.split("-").map(Number);
  return new Date(year, month - 1, date);
}

function toDay(date: Date): string {
  const month = String(date.getMonth() + 1).padStart(2, "0");
  return `${date.getFullYear()}-${month}-${String(date.getDate()).padStart(2, "0")}`;
}
