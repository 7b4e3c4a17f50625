"use client";

import { useTranslations } from "next-intl";
import { memo, useMemo } from "react";
import { CurveChart } from "@/components/charts";
import { curveOf } from "@/components/fee-editor/curve";
import { currencyExponent } from "@/server/core/money";
import { compileSchedule } from "@/server/domain/clearing/fees/schedule";
import type { FeeScheduleDefinition } from "@/server/domain/clearing/fees/schemas";

/** What the next unit costs, and what all of it has cost, over the month's volume. */
export const FeeChart = memo(function FeeChart({
  definition,
  currency,
  hideTitle,
}: {
  definition: FeeScheduleDefinition;
  currency: string;
  hideTitle?: boolean;
}) {
  const t = useTranslations("fees.chart");
  const { points, edges } = useMemo(
    () => curveOf(compileSchedule(definition), 10n ** BigInt(currencyExponent(currency))),
    [definition, currency],
  );
  const flat = definition.method === "flat";
  return (
    <div>
      <CurveChart
        title={t("title")}
        hideTitle={hideTitle}
        along={t(flat ? "trade" : "volume")}
        series={[t("marginal"), t("effective")]}
        points={points.map(({ volume, marginal, effective }) => ({
          at: volume,
          rates: [marginal, effective],
        }))}
        edges={edges}
        currency={currency}
      />
      <p className="text-end text-xs text-muted-foreground">{t(flat ? "trade" : "volume")}</p>
      {!flat && definition.fixed ? <p className="text-xs text-muted-foreground">{t("fixed")}</p> : null}
    </div>
  );
});
