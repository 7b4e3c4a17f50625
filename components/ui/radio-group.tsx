"use client";

import { type ReactNode, useId } from "react";
import { cn } from "./cn";
import { useFieldControl } from "./field";

export interface RadioOption<T extends string = string> {
  value: T;
  label: ReactNode;
  hint?: ReactNode;
  disabled?: boolean;
}

export interface RadioGroupProps<T extends string> {
  options: readonly RadioOption<T>[];
  value: T | null | undefined;
  onValueChange: (value: T) => void;
  name?: string;
  /** `cards` draws each choice as a box, for choices that need a sentence. */
  look?: "plain" | "cards" | "inline";
  className?: string;
}

/** Stands inside `<Field group>`, whose legend names it. */
export function RadioGroup<T extends string>({
  options,
  value,
  onValueChange,
  name,
  look = "plain",
  className,
}: RadioGroupProps<T>) {
  const made = useId();
  const wiring = useFieldControl({});
  return (
    <div
      className={cn(
        look === "cards"
          ? "grid gap-2 sm:grid-cols-2"
          : look === "inline"
            ? "flex flex-wrap gap-x-5 gap-y-1"
            : "grid gap-1.5",
        className,
      )}
    >
      {options.map((option) => (
        <label
          key={option.value}
          className={cn(
            "flex cursor-pointer items-start gap-2.5 text-sm pointer-coarse:min-h-11 pointer-coarse:items-center",
            look === "cards" &&
              "rounded-lg border border-border bg-card p-3 transition-colors hover:border-input has-checked:border-primary has-checked:bg-primary-soft",
            option.disabled && "cursor-not-allowed opacity-55",
          )}
        >
          <input
            type="radio"
            name={name ?? made}
            value={option.value}
            checked={value === option.value}
            disabled={option.disabled}
            aria-invalid={wiring["aria-invalid"]}
            onChange={() => onValueChange(option.value)}
            className="mt-[3px] size-4 shrink-0 cursor-pointer appearance-none rounded-full border border-input bg-card checked:border-[5px] checked:border-primary pointer-coarse:mt-0"
          />
          <span className="min-w-0">
            <span className={cn(look === "cards" && "font-medium")}>{option.label}</span>
            {option.hint ? <span className="block text-xs text-muted-foreground">{option.hint}</span> : null}
          </span>
        </label>
      ))}
    </div>
  );
}
