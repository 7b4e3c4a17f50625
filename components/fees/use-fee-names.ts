"use client";

import { useQuery } from "@tanstack/react-query";
import { useCan } from "@/components/layout/viewer";
import { usePartyNames } from "@/components/rules/use-party-names";
import { useTRPC } from "@/components/trpc";
import type { FeeNames } from "@/server/domain/clearing/fees/describe";
import type { FeeAppliesTo } from "@/server/domain/clearing/fees/schemas";

/** Names of the tiers and parties that schedules apply to, once they are known. */
export function useFeeNames(whom: readonly FeeAppliesTo[]): FeeNames {
  const trpc = useTRPC();
  const can = useCan();
  const party = usePartyNames(whom.flatMap(({ parties }) => parties));
  const { data: tiers } = useQuery({
    ...trpc.tiers.list.queryOptions(),
    enabled: whom.some(({ tiers }) => tiers.length > 0) && can("distributor:read"),
  });
  return { party, tier: (code) => tiers?.find((one) => one.code === code)?.name };
}
