import { inTenant } from "@/db/client";
import type { Ctx, TxCtx } from "./context";

/** Opens the transaction of a verb, in its tenant; joins the outer one if there is one. Short, no network inside. */
export async function withTransaction<T>(ctx: Ctx, work: (ctx: TxCtx) => Promise<T>): Promise<T> {
  if (ctx.tx) return work(ctx as TxCtx);
  return inTenant(ctx.db, ctx.tenant.id, (tx) => work({ ...ctx, tx }));
}
