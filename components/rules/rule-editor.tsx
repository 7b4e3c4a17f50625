"use client";

import { useSuspenseQuery } from "@tanstack/react-query";
import { useTRPC } from "@/components/trpc";
import { RuleForm } from "./rule-form";

/** A further version of an existing rule. */
export function RuleVersionEditor({ ruleId }: { ruleId: string }) {
  const trpc = useTRPC();
  const { data: rule } = useSuspenseQuery(trpc.rules.get.queryOptions({ id: ruleId }));
  return <RuleForm key={rule.versions[0]?.id} rule={rule} />;
}
