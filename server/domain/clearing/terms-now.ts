import { rawSql } from "@/db/client";
import type { TxCtx } from "@/server/core/context";
import { type Terms, termsOf } from "./store";

/**
 * The configuration as it stands, for reading: no closing lock is taken, so no closing waits for it and it waits for
 * none. Who posts opens the books.
 */
export async function termsNow(ctx: TxCtx): Promise<Terms> {
  const [row] = await rawSql(ctx.tx)<{ revision: bigint }[]>`
    select revision from config_revisions where tenant_id = ${ctx.tenant.id}`;
  return termsOf(ctx, { revision: row?.revision ?? 0n });
}
