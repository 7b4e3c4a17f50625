"use client";

import { useLocale, useTranslations } from "next-intl";
import { useFormat } from "@/components/format/use-format";
import { useRefName } from "@/components/rule-editor/party-select";
import { useLegName } from "@/components/trace/leg-name";
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
  const t = useTranslations("rules.review");
  const bases = useTranslations("trace.bases");
  const locale = useLocale();
  const format = useFormat();
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
  if (sentences.length === 0) return <p className="text-sm text-muted-foreground">{t("same")}</p>;
  const since = from ? t("since", { from: format.instant(from) }) : t("atOnce");
  return (
    <ul className="list-disc space-y-1 ps-5 text-sm">
      {sentences.map((sentence) => (
        <li key={sentence}>
          {sentence} <span className="text-muted-foreground">{since}</span>
        </li>
      ))}
    </ul>
  );
}
