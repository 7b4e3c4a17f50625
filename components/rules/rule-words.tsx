"use client";

import { useLocale } from "next-intl";
import { describeRule } from "@/server/domain/clearing/describe";
import type { SplitRuleDefinition } from "@/server/domain/clearing/schemas";
import { usePartyNames } from "./use-party-names";

/** A rule in plain words, a sentence a line. */
export function RuleWords({ definition }: { definition: SplitRuleDefinition }) {
  const locale = useLocale();
  const nameOf = usePartyNames([
    ...definition.funding.map(({ party }) => party),
    ...definition.legs.flatMap(({ from, to }) => [from, to]),
  ]);
  const sentences = describeRule(definition, locale === "en" ? "en" : "zh-CN", nameOf);
  return (
    <ul className="list-disc space-y-1 ps-5 text-sm">
      {sentences.map((sentence) => (
        <li key={sentence}>{sentence}</li>
      ))}
    </ul>
  );
}
