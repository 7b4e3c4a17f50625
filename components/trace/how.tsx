"use client";

import { useTranslations } from "next-intl";
import { useFormat } from "@/components/format/use-format";
import { exactMajor } from "./exact";
import type { RoleName } from "./roles";
import type { FundingPart, TraceLeg } from "./types";

/** How one leg came to its amount: base × rate, the exact value, its rounding and bounds. */
export function How({ leg, currency, role }: { leg: TraceLeg; currency: string; role: RoleName }) {
  const t = useTranslations("trace");
  const format = useFormat();
  const money = (minor: string) => format.money(BigInt(minor), currency);
  const base = leg.base;
  const words =
    base && leg.rate !== null
      ? t(leg.exact === leg.rounded ? "steps.exactRate" : "steps.rate", {
          base: base.name.startsWith("funding:")
            ? t("bases.funding", { party: role(base.name.slice("funding:".length)) })
            : t(`bases.${base.name as "gross"}`),
          amount: money(base.amount),
          rate: format.rate(leg.rate),
          exact: exactMajor(leg.exact, currency, format),
          rounding: t(`rounding.${leg.rounding ?? "half_up"}`),
          rounded: money(leg.rounded),
        })
      : leg.kind === "rate"
        ? ""
        : t(`steps.${leg.fee ? "fee_schedule" : leg.kind}`);
  return (
    <>
      <span className="tabular-nums">{words}</span>
      {leg.limit ? (
        <p className="text-xs text-muted-foreground">
          {t(`steps.${leg.limit.kind}`, { amount: money(leg.limit.amount) })}
        </p>
      ) : null}
      {leg.remainderUnits === "0" ? null : (
        <p className="text-xs text-muted-foreground">{t("steps.units", { units: leg.remainderUnits })}</p>
      )}
      {leg.note ? <p className="text-xs">{t(`steps.notes.${leg.note}`)}</p> : null}
    </>
  );
}

/** Whose part of the discount a subsidy is, and how that came about. */
export function FundingWords({
  part,
  discount,
  currency,
}: {
  part: FundingPart;
  discount: string;
  currency: string;
}) {
  const t = useTranslations("trace");
  const format = useFormat();
  const money = (minor: string) => format.money(BigInt(minor), currency);
  if (part.share === null) return null;
  return (
    <p className="tabular-nums text-sm">
      {t(part.exact === part.amount ? "funding.wordsExact" : "funding.words", {
        discount: money(discount),
        share: format.rate(part.share),
        exact: exactMajor(part.exact, currency, format),
        amount: money(part.amount),
      })}
      {part.remainderUnits === "0" ? "" : ` · ${t("funding.units", { units: part.remainderUnits })}`}
    </p>
  );
}
