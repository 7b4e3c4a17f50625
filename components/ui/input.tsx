"use client";

import type { ComponentProps, ReactNode } from "react";
import { cn } from "./cn";
import { useFieldControl } from "./field";

export type ControlSize = "sm" | "md" | "lg" | "xl";

export const CONTROL =
  "w-full min-w-0 rounded-md border border-input bg-card text-foreground transition-colors placeholder:text-muted-foreground " +
  "hover:border-foreground/50 focus-visible:outline-2 focus-visible:outline-offset-0 focus-visible:outline-ring focus-visible:border-ring " +
  "disabled:cursor-not-allowed disabled:bg-muted disabled:text-muted-foreground disabled:hover:border-input " +
  "aria-invalid:border-destructive aria-invalid:focus-visible:outline-destructive";

/** Not part of CONTROL: for the browser, a list to choose from is read-only, too. */
const READ_ONLY = "read-only:bg-muted/60";

/** 16 px of text on touch screens: below that, phones zoom into the field. */
export const CONTROL_SIZE: Record<ControlSize, string> = {
  sm: "h-8 px-2.5 text-sm pointer-coarse:h-10 pointer-coarse:text-base",
  md: "h-9 px-3 text-sm pointer-coarse:h-11 pointer-coarse:text-base",
  lg: "h-11 px-3.5 text-base",
  xl: "h-14 px-4 text-xl",
};

export interface InputProps extends Omit<ComponentProps<"input">, "size" | "prefix"> {
  size?: ControlSize;
  /** An icon or a word inside, before the text. */
  prefix?: ReactNode;
  suffix?: ReactNode;
}

export function Input({ size = "md", prefix, suffix, className, ...props }: InputProps) {
  const wiring = useFieldControl(props);
  const input = (
    <input
      type="text"
      {...props}
      {...wiring}
      className={cn(
        CONTROL,
        READ_ONLY,
        CONTROL_SIZE[size],
        prefix != null && "ps-9",
        suffix != null && "pe-10",
        className,
      )}
    />
  );
  if (prefix == null && suffix == null) return input;
  return (
    <span className="relative flex w-full items-center">
      {prefix != null ? (
        <span className="pointer-events-none absolute start-3 text-muted-foreground [&_svg]:size-4">
          {prefix}
        </span>
      ) : null}
      {input}
      {suffix != null ? (
        <span className="absolute end-1 flex items-center text-muted-foreground">{suffix}</span>
      ) : null}
    </span>
  );
}

export function Textarea({ className, ...props }: ComponentProps<"textarea">) {
  const wiring = useFieldControl(props);
  return (
    <textarea
      rows={4}
      {...props}
      {...wiring}
      className={cn(CONTROL, READ_ONLY, "min-h-20 px-3 py-2 text-sm pointer-coarse:text-base", className)}
    />
  );
}
