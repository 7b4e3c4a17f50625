"use client";

import { useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { useTRPC } from "@/components/trpc";
import { RuleEditor } from "./rule-editor";

/** The draft of a rule, or a new one from what it says. */
export function RuleEditorPage({ id, from }: { id: string; from?: number }) {
  const trpc = useTRPC();
  const client = useQueryClient();
  const { data: rule } = useSuspenseQuery(trpc.rules.get.queryOptions({ id }));
  // The editor holds the draft from here on; what is remembered of the rule is old when it is left.
  useEffect(() => () => client.removeQueries(trpc.rules.pathFilter()), [client, trpc]);
  return <RuleEditor key={rule.id} rule={rule} from={from} />;
}
