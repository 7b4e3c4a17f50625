"use client";

import { useTranslations } from "next-intl";
import { useId, useState } from "react";
import { useFormat } from "@/components/format/use-format";
import { formatAmount, readAmountInput } from "@/server/core/money";
import { cn } from "./cn";
import { useFieldControl, useUnread } from "./field";
import { CONTROL, CONTROL_SIZE, type ControlSize } from "./input";

export interface MoneyInputProps {
  /** Minor units; `null` while there is nothing, or nothing that can be read. */
  value: bigint | null;
  /** `text` is what stands in the field: to tell "empty" from "not understood". */
  onValueChange: (value: bigint | null, text: string) => void;
  currency: string;
  size?: ControlSize;
  /** Amounts below zero are refused unless this is set. */
  allowNegative?: boolean;
  id?: string;
  name?: string;
  placeholder?: string;
  disabled?: boolean;
  autoFocus?: boolean;
  onBlur?: () => void;
  "aria-label"?: string;
  className?: string;
}

/** Takes "1,234.50", full-width digits and a pasted "￥1,234.50", and shows what it understood. */
export function MoneyInput({
  value,
  onValueChange,
  currency,
  size = "md",
  allowNegative,
  className,
  onBlur,
  ...props
}: MoneyInputProps) {
  const t = useTranslations("common.money");
  const format = useFormat();
  const understoodId = useId();
  const [text, setText] = useState(() => (value === null ? "" : formatAmount(value, currency)));
  // The text follows a value that was set from outside, and never the one that it made itself.
  const [told, setTold] = useState(value);
  if (told !== value) {
    setTold(value);
    setText(value === null ? "" : formatAmount(value, currency));
  }
  const read = (input: string): bigint | null => {
    const amount = readAmountInput(input, currency);
    return amount !== null && amount < 0n && !allowNegative ? null : amount;
  };
  // Once something had to be interpreted the note stays: nothing may move under the mouse when the field is left.
  const [noted, setNoted] = useState(false);
  const wrong = text.trim() !== "" && read(text) === null;
  useUnread(wrong);
  const wiring = useFieldControl(wrong ? { ...props, "aria-invalid": true } : props);
  return (
    <span className={cn("block", className)}>
      <span className="relative flex items-center">
        <span
          aria-hidden
          className={cn(
            "pointer-events-none absolute start-3 text-muted-foreground",
            size === "xl" ? "text-base" : "text-xs",
          )}
        >
          {currency}
        </span>
        <input
          {...props}
          {...wiring}
          aria-describedby={[wiring["aria-describedby"], understoodId].filter(Boolean).join(" ")}
          type="text"
          inputMode="decimal"
          autoComplete="off"
          spellCheck={false}
          value={text}
          onChange={(event) => {
            const next = event.target.value;
            const amount = read(next);
            setText(next);
            setTold(amount);
            setNoted(
              (shown) =>
                next.trim() !== "" && (shown || amount === null || formatAmount(amount, currency) !== next),
            );
            onValueChange(amount, next);
          }}
          onBlur={() => {
            if (value !== null) setText(formatAmount(value, currency));
            onBlur?.();
          }}
          className={cn(
            CONTROL,
            CONTROL_SIZE[size],
            "figure text-end",
            currency.length > 3 ? "ps-15" : "ps-12",
          )}
        />
      </span>
      <span
        id={understoodId}
        aria-live="polite"
        className={cn(
          "mt-1 block text-end text-xs",
          wrong ? "text-destructive" : "text-muted-foreground",
          !noted && "sr-only",
        )}
      >
        {wrong
          ? t("notUnderstood")
          : value !== null
            ? t("understood", { amount: format.money(value, currency) })
            : ""}
      </span>
    </span>
  );
}
