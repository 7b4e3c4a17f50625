"use client";

import { useTranslations } from "next-intl";
import { useFormat } from "@/components/format/use-format";
import type { Problem } from "@/server/domain/clearing/schemas";

export type ProblemAt = (...path: (string | number)[]) => string | undefined;

/** What is wrong at a place of the rule, in words; a problem deeper than any field is told at the field around it. */
export function useProblems(problems: readonly Problem[]): {
  at: ProblemAt;
  textOf: (problem: Problem) => string;
} {
  const t = useTranslations("rules");
  const format = useFormat();
  const textOf = ({ code, params }: Problem): string => {
    const words = t(`problems.${code}`);
    if (code !== "NEGATIVE_RESULT" || !params?.currency) return words;
    const money = (minor: string | undefined) => format.money(BigInt(minor || "0"), params.currency ?? "CNY");
    return t(params.cost === "0" ? "editor.negative" : "editor.negativeCard", {
      problem: words,
      order: money(params.order),
      discount: money(params.discount),
      cost: money(params.cost),
      collectedBy: t(`editor.collected.${(params.collectedBy ?? "platform") as "platform"}`),
      amount: money(params.amount),
    });
  };
  const at: ProblemAt = (...path) => {
    const found = problems.find((problem) => path.every((step, i) => problem.path[i] === step));
    return found && textOf(found);
  };
  return { at, textOf };
}

/** What nobody typed yet is no mistake until it is sent. */
export function hideMissing(at: ProblemAt, problems: readonly Problem[]): ProblemAt {
  const missing = (path: readonly (string | number)[]) =>
    problems.some(({ code, path: where }) => code === "VALUE_MISSING" && where.join() === path.join());
  return (...path) => (missing(path) ? undefined : at(...path));
}
