"use client";

import { useLocale } from "next-intl";
import { Differences } from "@/components/versions/differences";
import { feeDifference } from "@/server/domain/clearing/fees/describe";
import type { FeeRole, FeeScheduleDefinition } from "@/server/domain/clearing/fees/schemas";
import { useFeeNames } from "./use-fee-names";

export function FeeDifference({
  before,
  after,
  from,
  role,
  currency,
}: {
  before: FeeScheduleDefinition;
  after: FeeScheduleDefinition;
  from: Date | null;
  role: FeeRole;
  currency: string;
}) {
  const locale = useLocale();
  const names = useFeeNames([before.appliesTo, after.appliesTo]);
  const sentences = feeDifference(before, after, {
    role,
    currency,
    locale: locale === "en" ? "en" : "zh-CN",
    names,
  });
  return <Differences sentences={sentences} from={from} />;
}
