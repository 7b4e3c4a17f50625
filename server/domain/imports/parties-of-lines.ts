import { rawSql } from "@/db/client";
import type { TxCtx } from "@/server/core/context";
import { createParty } from "../parties";
import type { SaleLine } from "./sale-line";

/** Finds merchants and brands by the ids a file knows them by. */
export interface KnownParties {
  merchant(externalId: string): string | null;
  brand(externalId: string): string | null;
  /** How many were opened for it. */
  opened: number;
}

const DEFAULT_CYCLE = { kind: "windows", windowsPerDay: 1, delay: 1, dayCount: "calendar" } as const;

/** The parties of some lines; opens those that do not exist yet if `create`, with the plainest terms: T+1. */
export async function partiesOfLines(
  ctx: TxCtx,
  lines: readonly SaleLine[],
  create: boolean,
): Promise<KnownParties> {
  const merchants = new Set(lines.map((line) => line.merchant));
  const brands = new Set(lines.map((line) => line.brand).filter((id) => id !== null));
  const wanted = [
    ...[...merchants].map((externalId) => ({ kind: "merchant" as const, externalId })),
    ...[...brands].map((externalId) => ({ kind: "brand" as const, externalId })),
  ];
  const found = new Map<string, string>();
  const key = (kind: string, externalId: string) => `${kind}/${externalId}`;
  const rows = await rawSql(ctx.tx)<{ kind: string; external_id: string; id: string }[]>`
    select p.kind, p.external_id, p.id
    from unnest(${wanted.map((one) => one.kind)}::text[], ${wanted.map((one) => one.externalId)}::text[]) as w (kind, external_id)
    join parties p on p.tenant_id = ${ctx.tenant.id} and p.kind = w.kind and p.external_id = w.external_id`;
  for (const row of rows) found.set(key(row.kind, row.external_id), row.id);

  let opened = 0;
  if (create) {
    for (const { kind, externalId } of wanted) {
      if (found.has(key(kind, externalId))) continue;
      const { id } = await createParty(ctx, { kind, name: externalId, externalId, cycle: DEFAULT_CYCLE });
      found.set(key(kind, externalId), id);
      opened += 1;
    }
  }
  return {
    merchant: (externalId) => found.get(key("merchant", externalId)) ?? null,
    brand: (externalId) => found.get(key("brand", externalId)) ?? null,
    opened,
  };
}
