"use client";

import { ChevronDown } from "lucide-react";
import type { ComponentProps } from "react";
import { cn } from "./cn";
import { useFieldControl } from "./field";
import { CONTROL, CONTROL_SIZE, type ControlSize } from "./input";

export interface SelectOption<T extends string = string> {
  value: T;
  label: string;
  disabled?: boolean;
}

export interface SelectProps<T extends string = string>
  extends Omit<ComponentProps<"select">, "size" | "value"> {
  options: readonly SelectOption<T>[];
  value?: T | "";
  onValueChange?: (value: T) => void;
  /** An empty first choice. */
  placeholder?: string;
  size?: ControlSize;
  wrapperClassName?: string;
}

/** The browser's own list: right on a phone, right for a screen reader, works with `register`. */
export function Select<T extends string = string>({
  options,
  placeholder,
  size = "md",
  className,
  wrapperClassName,
  onValueChange,
  onChange,
  ...props
}: SelectProps<T>) {
  const wiring = useFieldControl(props);
  return (
    <span className={cn("relative flex w-full items-center", wrapperClassName)}>
      <select
        {...props}
        {...wiring}
        onChange={(event) => {
          onChange?.(event);
          onValueChange?.(event.target.value as T);
        }}
        className={cn(CONTROL, CONTROL_SIZE[size], "cursor-pointer appearance-none truncate pe-9", className)}
      >
        {placeholder !== undefined ? <option value="">{placeholder}</option> : null}
        {options.map((option) => (
          <option key={option.value} value={option.value} disabled={option.disabled}>
            {option.label}
          </option>
        ))}
      </select>
      <ChevronDown
        aria-hidden
        className="pointer-events-none absolute end-2.5 size-4 text-muted-foreground"
      />
    </span>
  );
}
