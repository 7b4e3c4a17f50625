"use client";

import { useTranslations } from "next-intl";
import { useFormat } from "@/components/format/use-format";

/** What changes between two versions, a sentence a line: "Platform commission 2% → 1.8% from 1 December". */
export function Differences({ sentences, from }: { sentences: readonly string[]; from: Date | null }) {
  const t = useTranslations("rules.review");
  const format = useFormat();
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
