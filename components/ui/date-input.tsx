"use client";

import { useTranslations } from "next-intl";
import { cn } from "./cn";
import { useFieldControl } from "./field";
import { CONTROL, CONTROL_SIZE, type ControlSize } from "./input";

export interface DateInputProps {
  /** A day, "2026-11-21", or `null`. */
  value: string | null;
  onValueChange: (day: string | null) => void;
  min?: string;
  max?: string;
  size?: ControlSize;
  id?: string;
  name?: string;
  disabled?: boolean;
  onBlur?: () => void;
  "aria-label"?: string;
  className?: string;
}

/** One day, by the browser's own picker: a wheel on a phone, a calendar on a desk, typing on both. */
export function DateInput({ value, onValueChange, size = "md", className, ...props }: DateInputProps) {
  const wiring = useFieldControl(props);
  return (
    <input
      {...props}
      {...wiring}
      type="date"
      value={value ?? ""}
      onChange={(event) => onValueChange(event.target.value || null)}
      className={cn(CONTROL, CONTROL_SIZE[size], "figure", className)}
    />
  );
}

export interface DateTimeInputProps extends Omit<DateInputProps, "value" | "onValueChange" | "min" | "max"> {
  /** Wall-clock time in `timeZone`, "2026-11-21T09:30", or `null`. */
  value: string | null;
  onValueChange: (local: string | null) => void;
  /** Named beside the field: a time without its zone is half a time. */
  timeZone: string;
  min?: string;
  max?: string;
}

export function DateTimeInput({
  value,
  onValueChange,
  timeZone,
  size = "md",
  className,
  ...props
}: DateTimeInputProps) {
  const wiring = useFieldControl(props);
  const t = useTranslations("common.date");
  return (
    <span className={cn("block", className)}>
      <input
        {...props}
        {...wiring}
        type="datetime-local"
        value={value ?? ""}
        onChange={(event) => onValueChange(event.target.value || null)}
        className={cn(CONTROL, CONTROL_SIZE[size], "figure")}
      />
      <span className="mt-1 block text-xs text-muted-foreground">{t("inZone", { zone: timeZone })}</span>
    </span>
  );
}
