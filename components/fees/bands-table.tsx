"use client";

import { useTranslations } from "next-intl";
import { useFormat } from "@/components/format/use-format";
import type { FeeScheduleDefinition } from "@/server/domain/clearing/fees/schemas";

/** The bands of a schedule: which part of the month's volume, at which rate. */
export function BandsTable({
  definition: { bands },
  currency,
}: {
  definition: Pick<FeeScheduleDefinition, "bands">;
  currency: string;
}) {
  const t = useTranslations("fees.bands");
  const format = useFormat();
  const money = (minor: string) => format.money(BigInt(minor), currency);
  return (
    <table className="w-full text-sm">
      <caption className="sr-only">{t("title")}</caption>
      <thead>
        <tr className="border-b border-border text-xs text-muted-foreground">
          <th scope="col" className="py-1.5 pe-2 text-start font-medium">
            {t("range")}
          </th>
          <th scope="col" className="py-1.5 text-end font-medium">
            {t("rate")}
          </th>
        </tr>
      </thead>
      <tbody>
        {bands.map(({ from, rate }, i) => {
          const next = bands[i + 1];
          return (
            <tr key={from} className="border-b border-border last:border-0">
              <th scope="row" className="figure py-1.5 pe-2 text-start font-normal">
                {next
                  ? t("between", { from: money(from), to: money(next.from) })
                  : bands.length === 1
                    ? t("all")
                    : t("above", { from: money(from) })}
              </th>
              <td className="figure py-1.5 text-end font-medium">{format.rate(rate)}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
