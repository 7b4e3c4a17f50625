import { createSecretKey } from "node:crypto";
import { and, eq, sql } from "drizzle-orm";
import type { z } from "zod";
import { cardBatches, products } from "@/db/schema";
import { actorId, type Ctx, requirePermission, type TxCtx } from "@/server/core/context";
import { DomainError } from "@/server/core/errors";
import { newId } from "@/server/core/ids";
import { currentMasterKeyId } from "@/server/core/secrets";
import { withTransaction } from "@/server/core/transaction";
import { record } from "../audit";
import { nextNumber } from "../parties";
import { newDataKey, unwrapDataKey, wrapDataKey } from "./key-secrets";
import { addKeysInput } from "./schemas";
import { type BatchToFill, prepareKeys, storeKeys } from "./store-keys";

export interface NewBatch {
  productId: string;
  cost: bigint;
  expiresAt: Date | null;
  note: string | null;
}

/** Opens an empty batch with a data key of its own. Throws NOT_FOUND of the product. */
export async function openBatch(ctx: TxCtx, batch: NewBatch): Promise<BatchToFill & { number: string }> {
  const [product] = await ctx.tx
    .select({ supplierId: products.supplierId, currency: products.currency })
    .from(products)
    .where(and(eq(products.tenantId, ctx.tenant.id), eq(products.id, batch.productId)))
    // Face, currency and supplier are fixed from here on.
    .for("no key update");
  if (!product) throw new DomainError("NOT_FOUND", { noun: "product" });
  const [number = ""] = await nextNumber(ctx, "card_batch", "CB");
  const id = newId();
  const dataKey = newDataKey();
  await ctx.tx.insert(cardBatches).values({
    tenantId: ctx.tenant.id,
    id,
    number,
    productId: batch.productId,
    supplierId: product.supplierId,
    cost: batch.cost,
    currency: product.currency,
    expiresAt: batch.expiresAt,
    dataKeySealed: wrapDataKey(ctx.tenant.id, id, dataKey),
    masterKeyId: currentMasterKeyId(),
    note: batch.note,
    createdBy: actorId(ctx.actor),
    createdAt: ctx.clock.now(),
  });
  return { id, number, productId: batch.productId, dataKey: createSecretKey(dataKey) };
}

/** A batch that is being filled. Throws NOT_FOUND. */
export async function batchToFill(ctx: TxCtx, id: string): Promise<BatchToFill> {
  const [row] = await ctx.tx
    .select({ productId: cardBatches.productId, sealed: cardBatches.dataKeySealed })
    .from(cardBatches)
    .where(and(eq(cardBatches.tenantId, ctx.tenant.id), eq(cardBatches.id, id)));
  if (!row) throw new DomainError("NOT_FOUND", { noun: "batch" });
  return { id, productId: row.productId, dataKey: unwrapDataKey(ctx.tenant.id, id, row.sealed) };
}

export async function countImported(ctx: TxCtx, batchId: string, count: number): Promise<void> {
  if (count === 0) return;
  await ctx.tx
    .update(cardBatches)
    .set({ imported: sql`${cardBatches.imported} + ${count}` })
    .where(and(eq(cardBatches.tenantId, ctx.tenant.id), eq(cardBatches.id, batchId)));
}

/**
 * Puts a few keys into stock at once, as a batch of their own. Keys that the product has are left out, and counted.
 * @throws DomainError NOT_FOUND of the product
 */
export async function addKeys(
  ctx: Ctx,
  input: z.input<typeof addKeysInput>,
): Promise<{ batchId: string; number: string; accepted: number; duplicates: number }> {
  requirePermission(ctx, "stock:import");
  const { productId, cost, expiresAt = null, note = null, keys } = addKeysInput.parse(input);
  return withTransaction(ctx, async (ctx) => {
    const batch = await openBatch(ctx, { productId, cost, expiresAt, note });
    const prepared = await prepareKeys(
      ctx.tenant.id,
      batch,
      keys.map((key, i) => ({
        line: i + 1,
        number: key.number ?? "",
        secret: key.secret,
        expiresAt: key.expiresAt ?? expiresAt,
      })),
    );
    const { accepted, rejected } = await storeKeys(ctx, batch, prepared);
    await countImported(ctx, batch.id, accepted);
    await record(ctx, {
      action: "card_batch.added",
      subject: { kind: "batch", id: batch.id },
      data: { number: batch.number, productId, cost, accepted, duplicates: rejected.length },
    });
    return { batchId: batch.id, number: batch.number, accepted, duplicates: rejected.length };
  });
}
