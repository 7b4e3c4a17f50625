import { createHash } from "node:crypto";
import { and, eq } from "drizzle-orm";
import { productImages } from "@/db/schema";
import { type Ctx, requirePermission } from "@/server/core/context";
import { DomainError } from "@/server/core/errors";
import { withTransaction } from "@/server/core/transaction";
import { record } from "../audit";
import { lockProduct } from "./products";
import { MAX_PICTURE_BYTES, type PictureType, picturePath } from "./schemas";

/**
 * Gives a product its picture, told by its first bytes and not by what the sender calls it.
 * @throws DomainError NOT_FOUND, IMAGE_INVALID
 */
export async function setPicture(
  ctx: Ctx,
  input: { productId: string; data: Uint8Array },
): Promise<{ imageHash: string; imagePath: string }> {
  requirePermission(ctx, "product:write");
  const data = Buffer.from(input.data);
  const contentType = pictureType(data);
  if (!contentType || data.length > MAX_PICTURE_BYTES)
    throw new DomainError("IMAGE_INVALID", { max: "1 MB" });
  const hash = createHash("sha256").update(data).digest("hex");
  return withTransaction(ctx, async (ctx) => {
    const product = await lockProduct(ctx, input.productId);
    await ctx.tx
      .insert(productImages)
      .values({ tenantId: ctx.tenant.id, productId: product.id, contentType, hash, data })
      .onConflictDoUpdate({
        target: [productImages.tenantId, productImages.productId],
        set: { contentType, hash, data },
      });
    await record(ctx, {
      action: "product.picture_set",
      subject: { kind: "product", id: product.id },
      data: { number: product.number, contentType, size: data.length, sha256: hash },
    });
    return { imageHash: hash, imagePath: picturePath(ctx.tenant.slug, product.id, hash) };
  });
}

/** Takes a product's picture away, if it has one. Throws NOT_FOUND of the product. */
export async function removePicture(ctx: Ctx, input: { productId: string }): Promise<void> {
  requirePermission(ctx, "product:write");
  await withTransaction(ctx, async (ctx) => {
    const product = await lockProduct(ctx, input.productId);
    const gone = await ctx.tx
      .delete(productImages)
      .where(and(eq(productImages.tenantId, ctx.tenant.id), eq(productImages.productId, product.id)))
      .returning({ hash: productImages.hash });
    if (gone.length === 0) return;
    await record(ctx, {
      action: "product.picture_removed",
      subject: { kind: "product", id: product.id },
      data: { number: product.number },
    });
  });
}

/** A picture by its address: open to the world, as shops show it. Null if it is none, or not this one any more. */
export async function findPicture(
  ctx: Ctx,
  input: { productId: string; hash: string },
): Promise<{ contentType: PictureType; data: Buffer } | null> {
  return withTransaction(ctx, async ({ tx }) => {
    const [row] = await tx
      .select({ contentType: productImages.contentType, data: productImages.data })
      .from(productImages)
      .where(
        and(
          eq(productImages.tenantId, ctx.tenant.id),
          eq(productImages.productId, input.productId),
          eq(productImages.hash, input.hash),
        ),
      );
    return row ?? null;
  });
}

/** Null for what is no picture that browsers show without running anything. */
export function pictureType(data: Buffer): PictureType | null {
  if (data.subarray(0, 8).equals(PNG)) return "image/png";
  if (data.length > 3 && data[0] === 0xff && data[1] === 0xd8 && data[2] === 0xff) return "image/jpeg";
  if (data.toString("latin1", 0, 4) === "RIFF" && data.toString("latin1", 8, 12) === "WEBP")
    return "image/webp";
  return null;
}
const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
