"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useTRPC } from "@/components/trpc";
import type { FeeRole } from "@/server/domain/clearing/fees/schemas";
import type { LegDefinition } from "@/server/domain/clearing/schemas";
import { partyWithSchedule } from "@/server/domain/clearing/validate";

/** Whose schedules price a leg; null where none can. */
export function scheduledRole(leg: {
  kind: LegDefinition["amount"]["kind"];
  from: string;
  to: string;
}): FeeRole | null {
  if (leg.kind === "channel_fee") return "channel";
  return leg.kind === "fee_schedule" ? (partyWithSchedule(leg)?.role ?? null) : null;
}

/** The schedules that price a leg, as links. */
export function PricedBy({ leg }: { leg: Parameters<typeof scheduledRole>[0] & { code: string } }) {
  const t = useTranslations("rules.editor.legs");
  const trpc = useTRPC();
  const { data: schedules } = useQuery(trpc.fees.list.queryOptions());
  const role = scheduledRole(leg);
  if (!schedules || role === null) return null;
  const pricing = schedules.filter(
    (one) => one.role === role && (role === "channel" || one.leg === leg.code) && one.versions.length > 0,
  );
  if (pricing.length === 0) {
    return leg.kind === "channel_fee" ? null : (
      <p className="mt-2 text-xs text-muted-foreground">{t("pricedByNone")}</p>
    );
  }
  return (
    <p className="mt-2 flex flex-wrap gap-x-3 gap-y-1 text-xs text-muted-foreground">
      {t("pricedBy")}
      {pricing.map(({ id, number, name }) => (
        <Link key={id} href={`/fees/${id}`} className="text-primary underline underline-offset-2">
          <span className="figure">{number}</span> {name}
        </Link>
      ))}
    </p>
  );
}
