"use client";

import { useTranslations } from "next-intl";
import { useId, useState } from "react";
import { formatRate } from "@/components/format/format";
import { readRate } from "@/components/format/read";
import { cn } from "./cn";
import { useFieldControl, useUnread } from "./field";
import { CONTROL, CONTROL_SIZE, type ControlSize } from "./input";

export interface RateInputProps {
  /** An exact decimal ("0.006"); `null` while there is nothing, or nothing that can be read. */
  value: string | null;
  onValueChange: (value: string | null, text: string) => void;
  size?: ControlSize;
  id?: string;
  name?: string;
  placeholder?: string;
  disabled?: boolean;
  onBlur?: () => void;
  "aria-label"?: string;
  className?: string;
}

/** A rate as people say it: "0.6", "0.6%", "6‰", "60 bp", "万分之六十" are "0.006". */
export function RateInput({
  value,
  onValueChange,
  size = "md",
  className,
  onBlur,
  ...props
}: RateInputProps) {
  const t = useTranslations("common.money");
  const understoodId = useId();
  const [text, setText] = useState(() => percentText(value));
  const [told, setTold] = useState(value);
  if (told !== value) {
    setTold(value);
    setText(percentText(value));
  }
  // Once something had to be interpreted the note stays: nothing may move under the mouse when the field is left.
  const [noted, setNoted] = useState(false);
  const wrong = text.trim() !== "" && readRate(text) === null;
  useUnread(wrong);
  const wiring = useFieldControl(wrong ? { ...props, "aria-invalid": true } : props);
  return (
    <span className={cn("block", className)}>
      <span className="relative flex items-center">
        <input
          {...props}
          {...wiring}
          aria-describedby={[wiring["aria-describedby"], understoodId].filter(Boolean).join(" ")}
          type="text"
          inputMode="decimal"
          autoComplete="off"
          value={text}
          onChange={(event) => {
            const next = event.target.value;
            const rate = readRate(next);
            setText(next);
            setTold(rate);
            setNoted((shown) => next.trim() !== "" && (shown || rate === null || percentText(rate) !== next));
            onValueChange(rate, next);
          }}
          onBlur={() => {
            if (value !== null) setText(percentText(value));
            onBlur?.();
          }}
          className={cn(CONTROL, CONTROL_SIZE[size], "figure pe-8 text-end")}
        />
        <span aria-hidden className="pointer-events-none absolute end-3 text-muted-foreground">
          %
        </span>
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
          ? t("rateNotUnderstood")
          : value !== null
            ? t("rateUnderstood", { rate: formatRate(value) })
            : ""}
      </span>
    </span>
  );
}

function percentText(rate: string | null): string {
  return rate === null ? "" : formatRate(rate).replace("%", "");
}
