import { rawSql } from "@/db/client";
import {
  type Ctx,
  partyScope,
  requirePartyScope,
  requirePermission,
  type TxCtx,
} from "@/server/core/context";
import { containing, decodeCursor, encodeCursor } from "@/server/core/cursor";
import { DomainError } from "@/server/core/errors";
import { withTransaction } from "@/server/core/transaction";
import { record } from "../audit";
import { changesOf, laterThan, lockTenant } from "./locks";
import { listShopItemsInput, setShopItemsInput, shopInput, updateShopInput } from "./schemas";

/** A distributor's public shop, as its owner sets it. */
export interface Shop {
  partyId: string;
  name: string;
  tier: string;
  slug: string | null;
  title: string | null;
  open: boolean;
  /** Where it is reached, below the portal's own address; null without a slug. */
  path: string | null;
  /** Products that buyers see and that the tier is sold. */
  listed: number;
  updatedAt: Date;
}

export interface ShopItem {
  productId: string;
  number: string;
  name: string;
  status: "draft" | "on_sale" | "off_sale";
  face: bigint;
  currency: string;
  /** What it costs the distributor; null: not sold to its tier any more. */
  price: bigint | null;
  /** What buyers pay on top, and the distributor gets. */
  markup: bigint;
  listed: boolean;
}

/** Throws NOT_FOUND for a distributor without terms, and for another than the asker. */
export async function getShop(ctx: Ctx, input: unknown): Promise<Shop> {
  requirePermission(ctx, "distributor:read");
  const partyId = ownerOf(ctx, shopInput.parse(input).partyId);
  return withTransaction(ctx, async (ctx) => {
    const [row] = await rawSql(ctx.tx)<
      (Omit<Shop, "path" | "listed" | "updatedAt" | "partyId"> & { listed: bigint; updated_at: string })[]
    >`
      select p.name, d.tier, d.shop_slug as slug, d.shop_title as title, d.shop_open as open, d.updated_at,
        (select count(*) from shop_items i join card_prices c on c.tenant_id = i.tenant_id and c.product_id = i.product_id and c.tier = d.tier
          where i.tenant_id = d.tenant_id and i.party_id = d.party_id and i.listed) as listed
      from distributors d join parties p on p.tenant_id = d.tenant_id and p.id = d.party_id
      where d.tenant_id = ${ctx.tenant.id} and d.party_id = ${partyId}`;
    if (!row) throw new DomainError("NOT_FOUND", { noun: "distributor" });
    const { updated_at, listed, ...shop } = row;
    return {
      ...shop,
      partyId,
      path: shop.slug === null ? null : `/s/${ctx.tenant.slug}/${shop.slug}`,
      listed: Number(listed),
      updatedAt: new Date(updated_at),
    };
  });
}

/** Throws NOT_FOUND · SHOP_ADDRESS_TAKEN · CONFLICT. */
export async function updateShop(ctx: Ctx, input: unknown): Promise<void> {
  requirePermission(ctx, "shop:write");
  const { partyId: asked, version, ...wanted } = updateShopInput.parse(input);
  const partyId = ownerOf(ctx, asked);
  await withTransaction(ctx, async (ctx) => {
    const sql = rawSql(ctx.tx);
    const [row] = await sql<
      { slug: string | null; title: string | null; open: boolean; updated_at: string }[]
    >`
      select shop_slug as slug, shop_title as title, shop_open as open, updated_at from distributors
      where tenant_id = ${ctx.tenant.id} and party_id = ${partyId} for update`;
    if (!row) throw new DomainError("NOT_FOUND", { noun: "distributor" });
    const { updated_at, ...before } = row;
    const updatedAt = new Date(updated_at);
    const changes = changesOf(before, wanted);
    if (!changes) return;
    if (version && version.getTime() !== updatedAt.getTime())
      throw new DomainError("CONFLICT", { noun: "shop" });
    if (changes.slug && wanted.slug) await requireFreeSlug(ctx, partyId, wanted.slug);
    await sql`
      update distributors set shop_slug = ${wanted.slug}, shop_title = ${wanted.title}, shop_open = ${wanted.open},
        updated_at = ${laterThan(updatedAt, ctx).toISOString()}::timestamptz
      where tenant_id = ${ctx.tenant.id} and party_id = ${partyId}`;
    await record(ctx, {
      action: "shop.updated",
      subject: { kind: "distributor", id: partyId },
      partyId,
      data: changes,
    });
  });
}

/** Products that its tier is sold, and those it listed before; by number. Throws NOT_FOUND like `getShop`. */
export async function listShopItems(
  ctx: Ctx,
  input: unknown,
): Promise<{ items: ShopItem[]; nextCursor: string | null }> {
  requirePermission(ctx, "distributor:read");
  const { partyId: asked, cursor, limit, q, listed } = listShopItemsInput.parse(input);
  const partyId = ownerOf(ctx, asked);
  const after = decodeCursor(cursor, ["text"]);
  return withTransaction(ctx, async (ctx) => {
    const sql = rawSql(ctx.tx);
    const [owner] = await sql`
      select 1 from distributors where tenant_id = ${ctx.tenant.id} and party_id = ${partyId}`;
    if (!owner) throw new DomainError("NOT_FOUND", { noun: "distributor" });
    const pattern = q ? containing(q) : null;
    const rows = await sql<ShopItem[]>`
      select p.id as "productId", p.number, p.name, p.status, p.face, p.currency, c.price,
        coalesce(i.markup, 0)::bigint as markup, coalesce(i.listed, false) as listed
      from distributors d
      join products p on p.tenant_id = d.tenant_id
      left join card_prices c on c.tenant_id = d.tenant_id and c.product_id = p.id and c.tier = d.tier
      left join shop_items i on i.tenant_id = d.tenant_id and i.party_id = d.party_id and i.product_id = p.id
      where d.tenant_id = ${ctx.tenant.id} and d.party_id = ${partyId}
        and (i.listed or (p.status = 'on_sale' and c.price is not null))
        ${listed === undefined ? sql`` : sql`and coalesce(i.listed, false) = ${listed}`}
        ${pattern ? sql`and (p.name ilike ${pattern} or p.number ilike ${pattern})` : sql``}
        ${after ? sql`and p.number > ${after[0]}` : sql``}
      order by p.number limit ${limit + 1}`;
    const items = rows.slice(0, limit);
    const last = items.at(-1);
    return { items, nextCursor: rows.length > limit && last ? encodeCursor([last.number]) : null };
  });
}

/**
 * Lists products in the shop or takes them out, each with its mark-up. All or none.
 * @throws DomainError NOT_FOUND · PRODUCT_NOT_PRICED for a product that the tier is not sold
 */
export async function setShopItems(ctx: Ctx, input: unknown): Promise<{ changed: number }> {
  requirePermission(ctx, "shop:write");
  const parsed = setShopItemsInput.parse(input);
  const wanted = [...new Map(parsed.items.map((item) => [item.productId, item])).values()];
  const partyId = ownerOf(ctx, parsed.partyId);
  return withTransaction(ctx, async (ctx) => {
    const sql = rawSql(ctx.tx);
    const [owner] = await sql<{ tier: string }[]>`
      select tier from distributors where tenant_id = ${ctx.tenant.id} and party_id = ${partyId} for update`;
    if (!owner) throw new DomainError("NOT_FOUND", { noun: "distributor" });
    const rows = await sql<
      {
        number: string | null;
        price: bigint | null;
        visible: boolean;
        markup: bigint | null;
        listed: boolean | null;
      }[]
    >`
      select p.number, c.price, i.markup, i.listed,
        i.product_id is not null or (p.status = 'on_sale' and c.price is not null) as visible
      from unnest(${wanted.map((w) => w.productId)}::uuid[]) with ordinality as w (product_id, n)
      left join products p on p.tenant_id = ${ctx.tenant.id} and p.id = w.product_id
      left join card_prices c on c.tenant_id = ${ctx.tenant.id} and c.product_id = w.product_id and c.tier = ${owner.tier}
      left join shop_items i on i.tenant_id = ${ctx.tenant.id} and i.party_id = ${partyId} and i.product_id = w.product_id
      order by w.n`;
    const changes = wanted.flatMap((want, i) => {
      const row = rows[i];
      if (!row?.number) throw new DomainError("NOT_FOUND", { noun: "product" });
      // A product that it is not offered is not named to it, either.
      if (want.listed && row.price === null) {
        throw new DomainError("PRODUCT_NOT_PRICED", row.visible ? { product: row.number } : {});
      }
      const before = { markup: row.markup ?? 0n, listed: row.listed ?? false };
      const changed = changesOf(before, { markup: want.markup, listed: want.listed });
      return changed ? [{ ...want, number: row.number, changed }] : [];
    });
    if (changes.length === 0) return { changed: 0 };
    await sql`
      insert into shop_items (tenant_id, party_id, product_id, markup, listed, updated_at)
      select ${ctx.tenant.id}, ${partyId}, product_id, markup, listed, ${ctx.clock.now().toISOString()}::timestamptz
      from unnest(${changes.map((c) => c.productId)}::uuid[], ${changes.map((c) => c.markup.toString())}::bigint[],
        ${changes.map((c) => String(c.listed))}::text[]::boolean[]) n (product_id, markup, listed)
      on conflict (tenant_id, party_id, product_id) do update set markup = excluded.markup, listed = excluded.listed,
        updated_at = excluded.updated_at`;
    await record(
      ctx,
      ...changes.map((c) => ({
        action: "shop.item_set",
        subject: { kind: "product", id: c.productId },
        partyId,
        data: { product: c.number, ...c.changed },
      })),
    );
    return { changed: changes.length };
  });
}

/** The shop of an address, for anyone; null if there is none. That of a suspended distributor is closed. */
export async function shopBySlug(
  ctx: TxCtx,
  slug: string,
): Promise<{ partyId: string; title: string; open: boolean } | null> {
  const [row] = await rawSql(ctx.tx)<{ partyId: string; title: string; open: boolean }[]>`
    select d.party_id as "partyId", coalesce(d.shop_title, p.name) as title, d.shop_open and p.status = 'active' as open
    from distributors d join parties p on p.tenant_id = d.tenant_id and p.id = d.party_id
    where d.tenant_id = ${ctx.tenant.id} and d.shop_slug = ${slug}`;
  return row ?? null;
}

/** What a shop lists, with its mark-ups. Prices are those of its tier (`pricesFor`). */
export async function shopItemsOf(
  ctx: TxCtx,
  partyId: string,
): Promise<{ productId: string; markup: bigint }[]> {
  return rawSql(ctx.tx)<{ productId: string; markup: bigint }[]>`
    select product_id as "productId", markup from shop_items
    where tenant_id = ${ctx.tenant.id} and party_id = ${partyId} and listed order by product_id`;
}

/** Throws SHOP_ADDRESS_TAKEN. Addresses are given one after the other. */
export async function requireFreeSlug(ctx: TxCtx, partyId: string, slug: string): Promise<void> {
  await lockTenant(ctx, "shops");
  const [other] = await rawSql(ctx.tx)`
    select 1 from distributors where tenant_id = ${ctx.tenant.id} and shop_slug = ${slug} and party_id <> ${partyId}`;
  if (other) throw new DomainError("SHOP_ADDRESS_TAKEN", { slug });
}

/** Whose shop is meant. */
function ownerOf(ctx: Ctx, partyId: string | undefined): string {
  const owner = partyId ?? partyScope(ctx);
  if (owner === null) throw new DomainError("INPUT_INVALID", { path: "partyId" });
  requirePartyScope(ctx, owner);
  return owner;
}
