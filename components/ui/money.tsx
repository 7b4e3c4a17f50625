"use client";

import { useLocale } from "next-intl";
import { formatMoney } from "@/components/format/format";
import { cn } from "./cn";

export interface MoneyProps {
  /** Minor units. */
  amount: bigint | null | undefined;
  currency: string;
  /** Writes a plus before what is owed to the reader. */
  signed?: boolean;
  /** Colours what is negative. */
  toned?: boolean;
  className?: string;
}

/** An exact amount. */
export function Money({ amount, currency, signed, toned, className }: MoneyProps) {
  const locale = useLocale();
  if (amount === null || amount === undefined) return <span className={className}>–</span>;
  const text = formatMoney(amount, currency, locale);
  return (
    <span className={cn("figure", toned && amount < 0n && "text-destructive", className)}>
      {signed && amount > 0n ? `+${text}` : text}
    </span>
  );
}
