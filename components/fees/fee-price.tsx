"use client";

import { useTranslations } from "next-intl";
import { useFormat } from "@/components/format/use-format";
import { exactMajor } from "@/components/trace/trade-trace";
import type { FeeTrace } from "@/server/domain/clearing/fees/explain";

/** How a fee schedule came to the price of one leg: the month's volume, and each slice at its rate. */
export function FeePrice({ fee, currency }: { fee: FeeTrace; currency: string }) {
  const t = useTranslations("fees.price");
  const format = useFormat();
  const money = (minor: string) => format.money(BigInt(minor), currency);
  return (
    <ul className="figure text-xs text-muted-foreground">
      <li>
        {fee.schedule.number} {fee.schedule.name} ·{" "}
        {t("month", { before: money(fee.volumeBefore), after: money(fee.volumeAfter) })}
      </li>
      {fee.slices.map(({ from, amount, rate, exact }) => (
        <li key={from}>
          {t("slice", {
            from: money(from),
            amount: money(amount),
            rate: format.rate(rate),
            exact: exactMajor(exact, currency, format),
          })}
        </li>
      ))}
      {fee.fixed === "0" ? null : <li>{t("fixed", { amount: money(fee.fixed) })}</li>}
      {fee.provisional ? <li>{t("provisional")}</li> : null}
    </ul>
  );
}
