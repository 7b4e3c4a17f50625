import { rawSql } from "@/db/client";
import type { TxCtx } from "@/server/core/context";
import { type Terms, termsOf } from "./store";

/**
 * The configuration as it stands, for reading: no closing lock is taken, so no closing waits for it and it waits for
 * none. Who posts opens the books.
 */
export async function termsNow(ctx: TxCtx): Promise<Terms> {
  const [row] = await rawSql(ctx.tx)<{ closed_through: string; revision: bigint | null }[]>`
    select b.closed_through, c.revision from books b left join config_revisions c on c.tenant_id = b.tenant_id
    where b.tenant_id = ${ctx.tenant.id}`;
  if (!row) throw new Error("the tenant has no books");
  return termsOf(ctx, { closedThrough: new Date(row.closed_through), revision: row.revision ?? 0n });
}
