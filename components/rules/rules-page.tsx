"use client";

import { useSuspenseQuery } from "@tanstack/react-query";
import { GitFork } from "lucide-react";
import { useTRPC } from "@/components/trpc";
import { VersionCard, VersionList } from "@/components/versions/version-list";
import { RuleWords } from "./rule-words";
import { RuleScopeText } from "./scope";

/** Every split rule, with what it says now and what is to come. */
export function RulesPage() {
  const trpc = useTRPC();
  const { data: rules } = useSuspenseQuery(trpc.rules.list.queryOptions());
  return (
    <VersionList
      kind="rules"
      items={rules}
      icon={<GitFork />}
      card={(rule) => (
        <VersionCard
          kind="rules"
          of={rule}
          description={<RuleScopeText rule={rule} />}
          words={({ definition }) => <RuleWords definition={definition} />}
        />
      )}
    />
  );
}
