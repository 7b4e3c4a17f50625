"use client";

import { useQueries, useQuery } from "@tanstack/react-query";
import type { inferRouterOutputs } from "@trpc/server";
import { useTranslations } from "next-intl";
import { useMemo } from "react";
import type { FeeScheduleView } from "@/components/fees/types";
import { localIn } from "@/components/format/format";
import { useViewer } from "@/components/layout/viewer";
import { useLegName } from "@/components/trace/leg-name";
import { useTRPC } from "@/components/trpc";
import { Field } from "@/components/ui/field";
import { MoneyInput } from "@/components/ui/money-input";
import { Select } from "@/components/ui/select";
import { compileSchedule } from "@/server/domain/clearing/fees/schedule";
import { FEE_ROLES, type FeeRole } from "@/server/domain/clearing/fees/schemas";
import type { ScheduleInForce } from "@/server/domain/clearing/fees/select";
import type { SplitRuleDefinition } from "@/server/domain/clearing/schemas";
import type { AppRouter } from "@/server/trpc/root";
import { scheduledRole } from "./priced-by";
import type { SampleFees } from "./sample";

type ApplyingSchedule = inferRouterOutputs<AppRouter>["fees"]["applying"][number];

/** What was chosen and typed, by leg code. Left out: what applies now, and a month that begins. */
export type SampleFeesTyped = Readonly<Record<string, { schedule?: string; volume?: bigint }>>;

/** A leg of the sample that schedules can price. */
interface FeeChoice {
  leg: string;
  options: readonly ScheduleInForce[];
  /** What would apply now. */
  applies: Pick<ApplyingSchedule, "versionId" | "because"> | null;
  chosen: ScheduleInForce | null;
  volume: bigint;
}

/** The schedules in force that can price the legs of a rule, which of them the server would choose, and which is tried. */
export function useSampleFees(
  definition: SplitRuleDefinition | null,
  currency: string,
  scope: { merchantId?: string | null; channelId?: string | null; tier?: string | null },
  typed: SampleFeesTyped,
): { choices: FeeChoice[]; fees: SampleFees } {
  const trpc = useTRPC();
  const { tenant } = useViewer();
  const period = localIn(new Date(), tenant.timezone).slice(0, 7);
  const legs = useMemo(
    () =>
      (definition?.legs ?? []).flatMap((leg) => {
        const role = scheduledRole({ ...leg, kind: leg.amount.kind });
        return role ? [{ leg: leg.code, role }] : [];
      }),
    [definition],
  );
  const { data: schedules } = useQuery({ ...trpc.fees.list.queryOptions(), enabled: legs.length > 0 });
  const roles = FEE_ROLES.filter((role) => legs.some((leg) => leg.role === role));
  const applying = useQueries({
    queries: roles.map((role) =>
      trpc.fees.applying.queryOptions({
        role,
        ...whoOf(role, scope),
      }),
    ),
    combine: (answers) => answers.flatMap(({ data = [] }) => data),
  });
  return useMemo(() => {
    const fits = (role: FeeRole, leg: string) => (one: { role: FeeRole; leg: string; currency: string }) =>
      one.role === role && (role === "channel" || one.leg === leg) && one.currency === currency;
    const choices = legs.flatMap(({ leg, role }): FeeChoice[] => {
      const options = (schedules ?? []).filter(fits(role, leg)).flatMap(inForceOf);
      if (options.length === 0) return [];
      const applies = applying.find(fits(role, leg)) ?? null;
      const id = typed[leg]?.schedule ?? applies?.versionId;
      const chosen = options.find((option) => option.id === id) ?? null;
      return [{ leg, options, applies, chosen, volume: typed[leg]?.volume ?? 0n }];
    });
    const fees: SampleFees = new Map(
      choices.flatMap(({ leg, applies, chosen, volume }) => {
        if (!chosen) return [];
        const because = applies?.versionId === chosen.id ? applies.because : null;
        return [[leg, { schedule: chosen, because, period, volume }] as const];
      }),
    );
    return { choices, fees };
  }, [legs, schedules, applying, currency, typed, period]);
}

/** Who the rule names; anybody where it names nobody. */
function whoOf(
  role: FeeRole,
  { merchantId, channelId, tier }: Parameters<typeof useSampleFees>[2],
): { partyId?: string; tier?: string } {
  const partyId = role === "merchant" ? merchantId : role === "channel" ? channelId : null;
  return { ...(partyId && { partyId }), ...(role === "distributor" && tier && { tier }) };
}

function inForceOf({ id, number, name, role, leg, currency, versions }: FeeScheduleView): ScheduleInForce[] {
  const version = versions.find(({ status }) => status === "in_force");
  if (!version?.effectiveFrom) return [];
  const { definition, effectiveFrom, effectiveTo } = version;
  return [
    {
      id: version.id,
      scheduleId: id,
      number,
      name,
      version: version.version,
      role,
      leg,
      currency,
      effectiveFrom,
      effectiveTo,
      appliesTo: definition.appliesTo,
      plan: compileSchedule(definition),
    },
  ];
}

const NONE = "none";

/** For each leg that schedules price: by which one, and how much of the month there was before. */
export function SampleFeeFields({
  choices,
  currency,
  onChange,
}: {
  choices: readonly FeeChoice[];
  currency: string;
  onChange: (change: (old: SampleFeesTyped) => SampleFeesTyped) => void;
}) {
  const t = useTranslations("rules.editor.sample");
  const legName = useLegName();
  if (choices.length === 0) return null;
  const set = (leg: string, part: SampleFeesTyped[string]) =>
    onChange((old) => ({ ...old, [leg]: { ...old[leg], ...part } }));
  return (
    <div className="space-y-3">
      {choices.map(({ leg, options, applies, chosen, volume }) => (
        <div key={leg} className="grid items-end gap-3 sm:grid-cols-2">
          <Field label={t("schedule", { leg: legName(leg) })}>
            <Select
              value={chosen?.id ?? NONE}
              onValueChange={(schedule) => set(leg, { schedule })}
              options={[
                { value: NONE, label: t("noSchedule") },
                ...options.map(({ id, number, name }) => ({
                  value: id,
                  label:
                    id === applies?.versionId ? `${number} ${name} (${t("applies")})` : `${number} ${name}`,
                })),
              ]}
            />
          </Field>
          {chosen && chosen.plan.method !== "flat" ? (
            <Field label={t("volume")}>
              <MoneyInput
                key={currency}
                value={volume}
                currency={currency}
                onValueChange={(amount) => set(leg, { volume: amount ?? 0n })}
              />
            </Field>
          ) : null}
        </div>
      ))}
    </div>
  );
}
