import { and, eq, sql } from "drizzle-orm";
import { parties, products } from "@/db/schema";
import { type Ctx, requirePermission, type TxCtx } from "@/server/core/context";
import { DomainError } from "@/server/core/errors";
import { newId } from "@/server/core/ids";
import { withTransaction } from "@/server/core/transaction";
import { record } from "../audit";
import { nextNumber } from "../parties";
import {
  type CreateProductInput,
  createProductInput,
  type ProductStatus,
  setProductStatusInput,
  type UpdateProductInput,
  updateProductInput,
} from "./schemas";

type StoredProduct = typeof products.$inferSelect;

/** Makes a product, as a draft. Throws NOT_FOUND of the supplier. */
export async function createProduct(
  ctx: Ctx,
  input: CreateProductInput,
): Promise<{ id: string; number: string }> {
  requirePermission(ctx, "product:write");
  const given = createProductInput.parse(input);
  return withTransaction(ctx, async (ctx) => {
    await checkSupplier(ctx, given.supplierId);
    const [number = ""] = await nextNumber(ctx, "product", "P");
    const id = newId();
    const now = ctx.clock.now();
    const currency = given.currency ?? ctx.tenant.currency;
    await ctx.tx.insert(products).values({
      ...given,
      tenantId: ctx.tenant.id,
      id,
      number,
      currency,
      status: "draft",
      createdAt: now,
      updatedAt: now,
    });
    await record(ctx, {
      action: "product.created",
      subject: { kind: "product", id },
      partyId: given.supplierId,
      data: { number, name: given.name, face: given.face, currency, looped: given.looped },
    });
    return { id, number };
  });
}

/** Fields that keys in stock and their sales stand on. */
const FIXED_ONCE_STOCKED = ["supplierId", "face", "currency", "looped"] as const;

/** Changes a product. Throws PRODUCT_LOCKED where it has, or had, keys and a fixed field would change. */
export async function updateProduct(ctx: Ctx, input: UpdateProductInput): Promise<void> {
  requirePermission(ctx, "product:write");
  const { id, ...given } = updateProductInput.parse(input);
  await withTransaction(ctx, async (ctx) => {
    const before = await lockProduct(ctx, id);
    const changes: Partial<StoredProduct> = {};
    for (const [name, value] of Object.entries(given)) {
      if (value !== undefined && value !== before[name as keyof StoredProduct])
        Object.assign(changes, { [name]: value });
    }
    if (Object.keys(changes).length === 0) return;
    const fixed = FIXED_ONCE_STOCKED.filter((name) => name in changes);
    if (fixed.length > 0 && (await hasBatches(ctx, id)))
      throw new DomainError("PRODUCT_LOCKED", { field: fixed[0], fields: fixed.join() });
    if (changes.supplierId) await checkSupplier(ctx, changes.supplierId);
    await ctx.tx
      .update(products)
      .set({ ...changes, updatedAt: ctx.clock.now() })
      .where(and(eq(products.tenantId, ctx.tenant.id), eq(products.id, id)));
    await record(ctx, {
      action: "product.updated",
      subject: { kind: "product", id },
      partyId: changes.supplierId ?? before.supplierId,
      data: {
        number: before.number,
        changes: Object.fromEntries(
          Object.entries(changes).map(([name, to]) => [
            name,
            { from: before[name as keyof StoredProduct], to },
          ]),
        ),
      },
    });
  });
}

/** On sale, off sale, or a draft again; a draft only while it never had keys. Throws CONFLICT. */
export async function setProductStatus(
  ctx: Ctx,
  input: { id: string; status: ProductStatus },
): Promise<void> {
  requirePermission(ctx, "product:write");
  const { id, status } = setProductStatusInput.parse(input);
  await withTransaction(ctx, async (ctx) => {
    const before = await lockProduct(ctx, id);
    if (before.status === status) return;
    if (status === "draft" && (await hasBatches(ctx, id)))
      throw new DomainError("CONFLICT", { noun: "product", status: before.status });
    await ctx.tx
      .update(products)
      .set({ status, updatedAt: ctx.clock.now() })
      .where(and(eq(products.tenantId, ctx.tenant.id), eq(products.id, id)));
    await record(ctx, {
      action: "product.status_set",
      subject: { kind: "product", id },
      partyId: before.supplierId,
      data: { number: before.number, from: before.status, to: status },
    });
  });
}

export async function lockProduct(ctx: TxCtx, id: string): Promise<StoredProduct> {
  const [row] = await ctx.tx
    .select()
    .from(products)
    .where(and(eq(products.tenantId, ctx.tenant.id), eq(products.id, id)))
    .for("no key update");
  if (!row) throw new DomainError("NOT_FOUND", { noun: "product" });
  return row;
}

/** An empty batch counts: its import may still run. */
export async function hasBatches(ctx: TxCtx, productId: string): Promise<boolean> {
  const [row] = await ctx.tx.execute<{ found: boolean }>(sql`
    select exists (select from card_batches where tenant_id = ${ctx.tenant.id} and product_id = ${productId}) as found`);
  return row?.found ?? false;
}

async function checkSupplier(ctx: TxCtx, supplierId: string): Promise<void> {
  const [party] = await ctx.tx
    .select({ kind: parties.kind })
    .from(parties)
    .where(and(eq(parties.tenantId, ctx.tenant.id), eq(parties.id, supplierId)));
  if (!party) throw new DomainError("NOT_FOUND", { noun: "supplier" });
  if (party.kind !== "supplier") throw new DomainError("INPUT_INVALID", { path: "supplierId" });
}
