"use client";

import { useSuspenseQuery } from "@tanstack/react-query";
import { ScrollText } from "lucide-react";
import { useLocale, useTranslations } from "next-intl";
import { BandsTable } from "@/components/fees/bands-table";
import { useFormat } from "@/components/format/use-format";
import { useViewer } from "@/components/layout/viewer";
import { OwnMonths } from "@/components/months/months";
import { useLegName } from "@/components/trace/leg-name";
import { useTRPC } from "@/components/trpc";
import { Badge } from "@/components/ui/badge";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { Instant } from "@/components/ui/instant";
import { PageFrame } from "@/components/ui/page-frame";
import { describeRule } from "@/server/domain/clearing/describe";
import { describeFee } from "@/server/domain/clearing/fees/describe";
import { Calculator } from "./calculator";
import type { OwnRuleView, OwnTermsView } from "./types";

/** The rules that concern one's own party, in plain words, and what a trade would come to by them. */
export function TermsPage() {
  const t = useTranslations("rules.terms");
  const format = useFormat();
  const trpc = useTRPC();
  const { data: terms } = useSuspenseQuery(trpc.rules.terms.queryOptions());
  const { tier, ownRate, rules, schedules } = terms;
  return (
    <PageFrame
      title={t("title")}
      description={
        <>
          {t("description")}
          {tier ? ` ${t("tier", { tier: tier.name })}` : null}
          {ownRate ? ` ${t("ownRate", { rate: format.rate(ownRate) })}` : null}
        </>
      }
    >
      <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <div className="min-w-0 space-y-4">
          <OwnMonths />
          {rules.length === 0 ? (
            <Card>
              <EmptyState icon={<ScrollText />} title={t("empty")} description={t("emptyHint")} />
            </Card>
          ) : (
            <ul className="space-y-4">
              {schedules.map((schedule) => (
                <li key={schedule.versionId}>
                  <ScheduleCard schedule={schedule} />
                </li>
              ))}
              {rules.map((rule) => (
                <li key={rule.versionId}>
                  <RuleCard rule={rule} terms={terms} />
                </li>
              ))}
            </ul>
          )}
        </div>
        <Calculator role={terms.role} />
      </div>
    </PageFrame>
  );
}

function ScheduleCard({ schedule }: { schedule: OwnTermsView["schedules"][number] }) {
  const t = useTranslations("months.schedule");
  const words = useTranslations("rules");
  const locale = useLocale();
  const legName = useLegName();
  const { tenant } = useViewer();
  const { definition, currency } = schedule;
  const sentences = describeFee(definition, currency, locale === "en" ? "en" : "zh-CN", tenant.timezone);
  return (
    <Card
      title={t("title", { leg: legName(schedule.leg) })}
      description={
        <>
          <span className="figure">{schedule.number}</span> ·{" "}
          {words("fields.version", { version: schedule.version })} · {words("fields.since")}{" "}
          <Instant at={schedule.effectiveFrom} /> · {t(`because.${schedule.because}`)}
        </>
      }
      actions={
        <Badge tone={schedule.inForce ? "success" : "warning"}>
          {words(`status.${schedule.inForce ? "in_force" : "scheduled"}`)}
        </Badge>
      }
    >
      <ul className="mb-3 list-disc space-y-1 ps-5 text-sm">
        {sentences.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
      {definition.bands.length > 1 ? <BandsTable definition={definition} currency={currency} /> : null}
    </Card>
  );
}

function RuleCard({ rule, terms }: { rule: OwnRuleView; terms: OwnTermsView }) {
  const t = useTranslations("rules.terms");
  const words = useTranslations("rules");
  const locale = useLocale();
  const { scope } = rule;
  const limits = [
    scope.own && t("own"),
    scope.campaign && `${words("scope.campaign")} ${scope.campaign}`,
    scope.product && `${words("scope.product")} ${scope.product}`,
    scope.channel && `${words("scope.channel")} ${scope.channel}`,
    scope.tier && words("scope.tier", { tier: scope.tier }),
  ].filter(Boolean);
  const sentences = describeRule(rule.definition, locale === "en" ? "en" : "zh-CN", (id) => terms.names[id]);
  return (
    <Card
      title={
        limits.length > 0 ? limits.join(" · ") : t(terms.role === "merchant" ? "allRedemptions" : "allSales")
      }
      description={
        <>
          <span className="figure">{rule.number}</span> · {words("fields.version", { version: rule.version })}{" "}
          · {words("fields.since")} <Instant at={rule.effectiveFrom} />
        </>
      }
      actions={
        <Badge tone={rule.inForce ? "success" : "warning"}>
          {words(`status.${rule.inForce ? "in_force" : "scheduled"}`)}
        </Badge>
      }
    >
      <ul className="list-disc space-y-1 ps-5 text-sm">
        {sentences.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
    </Card>
  );
}
