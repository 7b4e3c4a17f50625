"use client";

import { useTranslations } from "next-intl";
import { useFormat } from "@/components/format/use-format";
import { exactMajor } from "./exact";
import { ScheduleLine } from "./rule-line";
import type { TraceLeg } from "./types";

/** How a fee schedule came to a leg: schedule, month, each slice of the base at its band, rounding. Nothing for other legs. */
export function FeeSteps({
  leg,
  currency,
}: {
  leg: Pick<TraceLeg, "fee" | "exact" | "rounded">;
  currency: string;
}) {
  const t = useTranslations("trace.fee");
  const rounding = useTranslations("trace.rounding");
  const format = useFormat();
  const { fee } = leg;
  if (!fee) return null;
  const money = (minor: string) => format.money(BigInt(minor), currency);
  const exact = (value: string) => exactMajor(value, currency, format);
  const rounded = rounding(fee.rounding as "half_up");
  return (
    <div className="space-y-1.5 text-xs">
      <ScheduleLine schedule={fee.schedule} because={fee.because} />
      <p className="tabular-nums text-muted-foreground">
        {t("volume", {
          month: format.month(fee.period),
          before: money(fee.volumeBefore),
          after: money(fee.volumeAfter),
        })}
      </p>
      <table className="w-full max-w-md">
        <caption className="sr-only">{t("slices")}</caption>
        <thead>
          <tr className="border-b border-border text-muted-foreground">
            <th scope="col" className="py-1 pe-3 text-start font-medium">
              {t("band")}
            </th>
            <th scope="col" className="py-1 ps-2 text-end font-medium">
              {t("part")}
            </th>
            <th scope="col" className="py-1 ps-2 text-end font-medium">
              {t("rate")}
            </th>
            <th scope="col" className="py-1 ps-2 text-end font-medium">
              {t("exact")}
            </th>
          </tr>
        </thead>
        <tbody>
          {fee.slices.map((slice) => (
            <tr key={slice.from}>
              <th scope="row" className="py-1 pe-3 text-start font-normal">
                <Band from={slice.from} to={slice.to} currency={currency} />
              </th>
              <td className="figure py-1 ps-2 text-end">{money(slice.amount)}</td>
              <td className="figure py-1 ps-2 text-end">{format.rate(slice.rate)}</td>
              <td className="figure py-1 ps-2 text-end">{exact(slice.exact)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="tabular-nums">
        {fee.month
          ? t("month", {
              before: exact(fee.month.before),
              after: exact(fee.month.after),
              rounding: rounded,
              roundedBefore: money(fee.month.roundedBefore),
              roundedAfter: money(fee.month.roundedAfter),
            })
          : t("sum", { exact: exact(leg.exact), rounding: rounded })}
        {fee.fixed === "0" ? "" : ` ${t("fixed", { amount: money(fee.fixed) })}`} {t("result")}{" "}
        <strong className="font-semibold">{money(leg.rounded)}</strong>
      </p>
      {fee.provisional ? <p className="text-muted-foreground">{t("provisional")}</p> : null}
    </div>
  );
}

function Band({ from, to, currency }: { from: string; to: string | null; currency: string }) {
  const t = useTranslations("trace.fee");
  const format = useFormat();
  const money = (minor: string) => format.money(BigInt(minor), currency);
  if (to !== null) return t("between", { from: money(from), to: money(to) });
  return from === "0" ? t("all") : t("above", { from: money(from) });
}
