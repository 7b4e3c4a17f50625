import { rawSql } from "@/db/client";
import type { TxCtx } from "@/server/core/context";
import { localDateOf, startOfLocalDate } from "../../calendar";
import type { Problem } from "../schemas";
import type { VersionRow } from "../versions";
import { type FeeDraft, type FeeMethod, type FeeScope, feeDraftProblems } from "./schemas";

/** What the definition says wrongly, and parties and tiers that the tenant does not have. */
export async function scheduleProblems(
  ctx: TxCtx,
  { role }: Pick<FeeScope, "role">,
  definition: FeeDraft,
): Promise<Problem[]> {
  const { parties, tiers } = definition.appliesTo;
  const [known] = await rawSql(ctx.tx)<{ parties: string[] | null; tiers: string[] | null }[]>`
    select
      (select array_agg(id::text) from parties
        where tenant_id = ${ctx.tenant.id} and kind = ${role} and id = any(${parties}::uuid[])) as parties,
      (select array_agg(code) from tiers
        where tenant_id = ${ctx.tenant.id} and code = any(${tiers}::text[])) as tiers`;
  const unknown = (field: "parties" | "tiers", named: readonly string[]): Problem[] => {
    const there = new Set(known?.[field]);
    return named.flatMap((one, i) =>
      there.has(one) ? [] : [{ code: "SCOPE_UNKNOWN" as const, path: ["appliesTo", field, i] }],
    );
  };
  return [
    ...feeDraftProblems(definition, { role }),
    ...unknown("tiers", tiers),
    ...unknown("parties", parties),
  ];
}

/**
 * A month is counted by one version: one that counts it, and follows another, begins with a month. That holds for
 * those too that would follow the one asked about.
 */
export function monthProblems(
  { tenant }: Pick<TxCtx, "tenant">,
  asked: { id?: string; method: FeeMethod; from: Date },
  versions: readonly VersionRow[],
): Problem[] {
  const published = versions.flatMap(({ id, state, effectiveFrom, definition }) =>
    state === "scheduled" && effectiveFrom !== null && id !== asked.id
      ? [{ method: (definition as FeeDraft).method, from: effectiveFrom }]
      : [],
  );
  const breaks = ({ method, from }: { method: FeeMethod; from: Date }) =>
    method !== "flat" && !beginsMonth(from, tenant.timezone);
  const follows = published.some(({ from }) => from < asked.from);
  const broken = (follows && breaks(asked)) || published.some((v) => v.from > asked.from && breaks(v));
  return broken ? [{ code: "NOT_MONTH_START", path: ["effectiveFrom"] }] : [];
}

function beginsMonth(moment: Date, zone: string): boolean {
  const day = localDateOf(moment, zone);
  return day.endsWith("-01") && startOfLocalDate(day, zone).getTime() === moment.getTime();
}
