"use client";

import { Minus, Plus } from "lucide-react";
import { useTranslations } from "next-intl";
import { IconButton } from "@/components/ui/button";
import { Input } from "@/components/ui/input";

/** How many: by the thumb, or typed. */
export function Quantity({
  product,
  value,
  max,
  onChange,
  disabled,
}: {
  /** Names the buttons for those who do not see them beside it. */
  product: string;
  value: number;
  max: number;
  onChange: (value: number) => void;
  disabled?: boolean;
}) {
  const t = useTranslations("store.shop");
  const set = (next: number) => onChange(Math.max(0, Math.min(max, next)));
  return (
    <span className="inline-flex items-center gap-1">
      <IconButton
        label={t("less", { product })}
        variant="outline"
        disabled={disabled || value <= 0}
        onClick={() => set(value - 1)}
      >
        <Minus aria-hidden />
      </IconButton>
      <span className="w-14">
        <Input
          aria-label={t("quantity", { product })}
          inputMode="numeric"
          autoComplete="off"
          disabled={disabled}
          className="figure text-center"
          value={String(value)}
          onFocus={(event) => event.target.select()}
          onChange={(event) => {
            const text = event.target.value.normalize("NFKC").trim();
            if (/^\d{0,5}$/.test(text)) set(Number(text || "0"));
          }}
        />
      </span>
      <IconButton
        label={t("more", { product })}
        variant="outline"
        disabled={disabled || value >= max}
        onClick={() => set(value + 1)}
      >
        <Plus aria-hidden />
      </IconButton>
    </span>
  );
}
