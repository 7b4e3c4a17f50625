"use client";

import { Check, Minus } from "lucide-react";
import { type ComponentProps, type ReactNode, useEffect, useId, useRef } from "react";
import { cn } from "./cn";
import { useFieldControl } from "./field";

export interface CheckboxProps extends Omit<ComponentProps<"input">, "type" | "size"> {
  label?: ReactNode;
  hint?: ReactNode;
  /** Some, not all, of what it stands for. */
  indeterminate?: boolean;
  onCheckedChange?: (checked: boolean) => void;
}

export function Checkbox({
  label,
  hint,
  indeterminate = false,
  onCheckedChange,
  onChange,
  className,
  ref,
  ...props
}: CheckboxProps) {
  const wiring = useFieldControl(props);
  const hintId = useId();
  const madeId = useId();
  const id = wiring.id ?? madeId;
  const own = useRef<HTMLInputElement | null>(null);
  useEffect(() => {
    if (own.current) own.current.indeterminate = indeterminate;
  }, [indeterminate]);
  const box = (
    <span className="touch-target relative inline-flex size-4 shrink-0 align-middle">
      <input
        {...props}
        {...wiring}
        id={id}
        aria-describedby={
          [wiring["aria-describedby"], hint ? hintId : null].filter(Boolean).join(" ") || undefined
        }
        ref={(node) => {
          own.current = node;
          if (typeof ref === "function") return ref(node);
          if (ref) ref.current = node;
        }}
        type="checkbox"
        onChange={(event) => {
          onChange?.(event);
          onCheckedChange?.(event.target.checked);
        }}
        className={cn(
          "peer size-4 cursor-pointer appearance-none rounded-sm border border-input bg-card transition-colors hover:border-foreground/60",
          "checked:border-primary checked:bg-primary indeterminate:border-primary indeterminate:bg-primary disabled:cursor-not-allowed disabled:opacity-50",
          "aria-invalid:border-destructive",
          className,
        )}
      />
      {indeterminate ? (
        <Minus
          aria-hidden
          className="pointer-events-none absolute inset-0 m-auto size-3 text-primary-foreground"
        />
      ) : (
        <Check
          aria-hidden
          strokeWidth={3}
          className="pointer-events-none absolute inset-0 m-auto hidden size-3 text-primary-foreground peer-checked:block"
        />
      )}
    </span>
  );
  if (label === undefined) return box;
  return <Labelled control={box} label={label} hint={hint} hintId={hintId} id={id} />;
}

export interface SwitchProps extends Omit<ComponentProps<"input">, "type" | "size"> {
  label?: ReactNode;
  hint?: ReactNode;
  onCheckedChange?: (checked: boolean) => void;
}

export function Switch({ label, hint, onCheckedChange, onChange, className, ...props }: SwitchProps) {
  const wiring = useFieldControl(props);
  const hintId = useId();
  const madeId = useId();
  const id = wiring.id ?? madeId;
  const control = (
    <span className="touch-target relative inline-flex h-5 w-9 shrink-0 align-middle">
      <input
        {...props}
        {...wiring}
        id={id}
        aria-describedby={
          [wiring["aria-describedby"], hint ? hintId : null].filter(Boolean).join(" ") || undefined
        }
        {...SWITCH}
        onChange={(event) => {
          onChange?.(event);
          onCheckedChange?.(event.target.checked);
        }}
        className={cn(
          "peer h-5 w-9 cursor-pointer appearance-none rounded-full bg-input transition-colors checked:bg-primary disabled:cursor-not-allowed disabled:opacity-50",
          className,
        )}
      />
      <span
        aria-hidden
        className="pointer-events-none absolute start-0.5 top-0.5 size-4 rounded-full bg-white shadow-sm transition-transform peer-checked:translate-x-4 dark:peer-checked:bg-primary-foreground"
      />
    </span>
  );
  if (label === undefined) return control;
  return <Labelled wide control={control} label={label} hint={hint} hintId={hintId} id={id} />;
}

/** A checkbox is on or off by itself; `aria-checked` beside it could only contradict. */
const SWITCH = { type: "checkbox", role: "switch" } as const;

interface LabelledProps {
  id: string;
  /** The control of a switch is twice as wide as a box. */
  wide?: boolean;
  control: ReactNode;
  label: ReactNode;
  hint?: ReactNode;
  hintId: string;
}

function Labelled(props: LabelledProps) {
  return (
    <div className="flex flex-col gap-0.5">
      <label
        htmlFor={props.id}
        className="inline-flex cursor-pointer items-center gap-2.5 text-sm pointer-coarse:min-h-11"
      >
        {props.control}
        <span>{props.label}</span>
      </label>
      {props.hint ? (
        <span
          id={props.hintId}
          className={cn("text-xs text-muted-foreground", props.wide ? "ps-[2.875rem]" : "ps-[1.625rem]")}
        >
          {props.hint}
        </span>
      ) : null}
    </div>
  );
}
