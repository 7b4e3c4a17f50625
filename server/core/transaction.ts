import { inTenant, SNAPSHOT } from "@/db/client";
import type { Ctx, TxCtx } from "./context";
import { DomainError, type ErrorParams } from "./errors";

/** Opens the transaction of a verb, in its tenant; joins the outer one if there is one. Short, no network inside. */
export async function withTransaction<T>(ctx: Ctx, work: (ctx: TxCtx) => Promise<T>): Promise<T> {
  if (ctx.tx) return work(ctx as TxCtx);
  try {
    return await inTenant(ctx.db, ctx.tenant.id, (tx) => work({ ...ctx, tx }));
  } catch (error) {
    throw asDomainError(error);
  }
}

/**
 * Opens the transaction of a verb that reads several things which have to fit together: all of its statements see the
 * same moment. Joins the outer one if there is one. Refuses to write.
 */
export async function withSnapshot<T>(ctx: Ctx, work: (ctx: TxCtx) => Promise<T>): Promise<T> {
  if (ctx.tx) return work(ctx as TxCtx);
  return inTenant(ctx.db, ctx.tenant.id, (tx) => work({ ...ctx, tx }), SNAPSHOT);
}

/** What the database refuses for a reason of the domain, by the codes that its triggers raise. */
function asDomainError(error: unknown): unknown {
  const { code, detail } = (error ?? {}) as { code?: unknown; detail?: unknown };
  if (code !== "KQ001" || typeof detail !== "string") return error;
  return new DomainError("ACCOUNT_BELOW_FLOOR", JSON.parse(detail) as ErrorParams, { cause: error });
}
