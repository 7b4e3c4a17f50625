import { isId } from "@/server/core/ids";
import { appDatabase } from "@/server/core/runtime";
import { findPicture } from "@/server/domain/cards";
import { findTenantId, loadTenant, systemCtx } from "@/server/domain/parties";

/**
 * A product's picture, for whoever has its address. The address names its content, so it is kept for ever; it shows
 * pictures alone, and runs nothing that one may hold.
 */
export async function GET(
  _req: Request,
  { params }: { params: Promise<{ tenant: string; product: string; hash: string }> },
): Promise<Response> {
  const { tenant: slug, product, hash } = await params;
  const picture = /^[0-9a-f]{64}$/.test(hash) && isId(product) ? await find(slug, product, hash) : null;
  if (!picture) return new Response(null, { status: 404, headers: { "cache-control": "no-store" } });
  return new Response(new Uint8Array(picture.data), {
    headers: {
      "content-type": picture.contentType,
      "content-length": String(picture.data.length),
      "cache-control": "public, max-age=31536000, immutable",
      etag: `"${hash}"`,
      "content-disposition": "inline",
      "content-security-policy": "default-src 'none'; sandbox",
      "x-content-type-options": "nosniff",
    },
  });
}

async function find(slug: string, productId: string, hash: string) {
  const db = appDatabase();
  const tenantId = await findTenantId(db, slug);
  if (!tenantId) return null;
  const tenant = await loadTenant(db, tenantId);
  return findPicture(systemCtx(db, tenant, "pictures"), { productId, hash });
}
