"use client";

import { useLocale } from "next-intl";
import { useViewer } from "@/components/layout/viewer";
import { describeAppliesTo, describeFee } from "@/server/domain/clearing/fees/describe";
import type { FeeAppliesTo, FeeRole, FeeScheduleDefinition } from "@/server/domain/clearing/fees/schemas";
import { useFeeNames } from "./use-fee-names";

/** How a schedule prices, in plain words, a sentence a line. */
export function FeeWords({ definition, currency }: { definition: FeeScheduleDefinition; currency: string }) {
  const locale = useLocale();
  const { tenant } = useViewer();
  return (
    <ul className="list-disc space-y-1 ps-5 text-sm">
      {describeFee(definition, currency, locale === "en" ? "en" : "zh-CN", tenant.timezone).map(
        (sentence) => (
          <li key={sentence}>{sentence}</li>
        ),
      )}
    </ul>
  );
}

export function AppliesToText({ appliesTo, role }: { appliesTo: FeeAppliesTo; role: FeeRole }) {
  const locale = useLocale();
  const names = useFeeNames([appliesTo]);
  return <>{describeAppliesTo(appliesTo, role, locale === "en" ? "en" : "zh-CN", names)}</>;
}
