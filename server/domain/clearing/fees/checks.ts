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
 * A month is counted by one version: where one that counts it follows another, or is followed, the later of the two
 * begins with a month. (A month begun by volume and gone on with flat would never be trued up, and its refunds would
 * walk back along trades that were not counted.) That holds for those too that would follow the one asked about.
 */
export function monthProblems(
  { tenant }: Pick<TxCtx, "tenant">,
  asked: { id?: string; method: FeeMethod; from: Date },
  versions: readonly VersionRow[],
): Problem[] {
  const published = versions.flatMap(({ id, state, effectiveFrom, definition }): Begun[] =>
    state === "scheduled" && effectiveFrom !== null && id !== asked.id
      ? [{ method: (definition as FeeDraft).method, from: effectiveFrom }]
      : [],
  );
  const before = published.filter(({ from }) => from < asked.from).sort((a, b) => +a.from - +b.from);
  const after = published.filter(({ from }) => from > asked.from).sort((a, b) => +a.from - +b.from);
  const line = [...before.slice(-1), asked, ...after];
  const broken = line.some((version, i) => {
    const previous = line[i - 1];
    const counts = version.method !== "flat" || (previous !== undefined && previous.method !== "flat");
    return previous !== undefined && counts && !beginsMonth(version.from, tenant.timezone);
  });
  return broken ? [{ code: "NOT_MONTH_START", path: ["effectiveFrom"] }] : [];
}

interface Begun {
  method: FeeMethod;
  from: Date;
}

function beginsMonth(moment: Date, zone: string): boolean {
  const day = localDateOf(moment, zone);
  return day.endsWith("-01") && startOfLocalDate(day, zone).getTime() === moment.getTime();
}
