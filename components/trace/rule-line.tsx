"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { useFormat } from "@/components/format/use-format";
import { useCan } from "@/components/layout/viewer";
import { useTRPC } from "@/components/trpc";
import { PendingBadges } from "@/components/versions/pending-badges";
import type { FeeTrace, ScheduleName } from "@/server/domain/clearing/fees/explain";
import type { Explanation } from "./types";

type Rule = NonNullable<Explanation["rule"]>;

/** Which rule it was, and why that one; staff may open it and see what is on its way. */
export function RuleLine({ rule }: { rule: Rule }) {
  const t = useTranslations("trace.facts");
  const format = useFormat();
  const text = t("ruleVersion", {
    rule: rule.name === null ? rule.number : `${rule.number} ${rule.name}`,
    version: rule.version,
    from: format.instant(rule.effectiveFrom),
  });
  return (
    <>
      <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <StaffLink href={`/rules/${rule.ruleId}`}>{text}</StaffLink>
        <PendingRule ruleId={rule.ruleId} />
      </span>
      <WhyThisRule rule={rule} />
    </>
  );
}

function WhyThisRule({ rule: { because, names } }: { rule: Rule }) {
  const t = useTranslations("trace.why");
  const words = useTranslations("rules.editor.winner");
  // Nothing decided for a rule that was in force when the payment came and is not any more.
  if (because === "none") return null;
  const fields = names.map((name) => words(`fields.${name}`)).join(words("and"));
  return (
    <p className="text-xs text-muted-foreground">
      {because === "most_specific" && names.length > 0
        ? t("most_specific", { fields })
        : t(because, { fields })}
    </p>
  );
}

/** Which fee schedule it was, and why that one. */
export function ScheduleLine({
  schedule: { scheduleId, number, name, version, method },
  because,
}: {
  schedule: ScheduleName;
  because?: FeeTrace["because"];
}) {
  const t = useTranslations("trace.fee");
  const methods = useTranslations("fees.methods");
  return (
    <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
      <span>
        <StaffLink href={`/fees/${scheduleId}`}>{t("schedule", { number, name, version })}</StaffLink>
        <span className="text-muted-foreground">
          {" "}
          · {methods(method)}
          {because ? ` · ${t(`because.${because}`)}` : ""}
        </span>
      </span>
      <PendingSchedule scheduleId={scheduleId} />
    </p>
  );
}

function StaffLink({ href, children }: { href: string; children: ReactNode }) {
  const can = useCan();
  return can("rule:read") ? (
    <Link className="text-primary underline underline-offset-2" href={href}>
      {children}
    </Link>
  ) : (
    children
  );
}

function PendingRule({ ruleId }: { ruleId: string }) {
  const trpc = useTRPC();
  const can = useCan();
  const { data } = useQuery(trpc.rules.get.queryOptions({ id: ruleId }, { enabled: can("rule:read") }));
  return data ? <PendingBadges of={{ versions: data.versions, draft: null }} /> : null;
}

function PendingSchedule({ scheduleId }: { scheduleId: string }) {
  const trpc = useTRPC();
  const can = useCan();
  const { data } = useQuery(trpc.fees.get.queryOptions({ id: scheduleId }, { enabled: can("rule:read") }));
  return data ? <PendingBadges of={{ versions: data.versions, draft: null }} /> : null;
}
