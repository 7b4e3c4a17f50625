"use client";

import { useLocale, useTranslations } from "next-intl";
import { useRefName } from "@/components/rule-editor/party-select";
import { useLegName } from "@/components/trace/leg-name";
import { Differences } from "@/components/versions/differences";
import { differenceOf } from "@/server/domain/clearing/difference";
import type { SplitRuleDefinition } from "@/server/domain/clearing/schemas";
import { usePartyNames } from "./use-party-names";

/** What changes between two versions, a sentence a line: "Platform commission 2% → 1.8% from 1 December". */
export function RuleDifference({
  before,
  after,
  from,
}: {
  before: SplitRuleDefinition;
  after: SplitRuleDefinition;
  from: Date | null;
}) {
  const bases = useTranslations("trace.bases");
  const locale = useLocale();
  const legName = useLegName();
  const ref = useRefName();
  const nameOf = usePartyNames(
    [before, after].flatMap(({ funding, legs }) => [
      ...funding.map(({ party }) => party),
      ...legs.flatMap(({ from, to }) => [from, to]),
    ]),
  );
  const sentences = differenceOf(before, after, {
    locale: locale === "en" ? "en" : "zh-CN",
    legName,
    partyName: (party) => nameOf(party) ?? ref(party),
    baseName: (base) =>
      base.startsWith("funding:")
        ? bases("funding", { party: ref(base.slice("funding:".length)) })
        : bases(base as "gross"),
  });
  return <Differences sentences={sentences} from={from} />;
}
