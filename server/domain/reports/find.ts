import type { z } from "zod";
import { rawSql } from "@/db/client";
import {
  type Ctx,
  isAllowed,
  partyScope,
  partyScopeKind,
  requirePermission,
  type TxCtx,
} from "@/server/core/context";
import { referenceOf, referenceRange } from "@/server/core/ids";
import { withTransaction } from "@/server/core/transaction";
import { tradeReference } from "../clearing";
import { findInput } from "./find-schemas";

/** One record that quick find found. */
export interface Found {
  group:
    | "parties"
    | "products"
    | "campaigns"
    | "redemptions"
    | "orders"
    | "statements"
    | "rules"
    | "fees"
    | "users";
  id: string;
  label: string;
  detail: string;
}

const EACH = 5;

/** Records by name, number or reference, within what the actor may see; a handful of each kind. */
export async function find(ctx: Ctx, input: z.input<typeof findInput>): Promise<Found[]> {
  requirePermission(ctx, "overview:read");
  const { q } = findInput.parse(input);
  const like = `%${q.replace(/[\\%_]/g, "\\$&")}%`;
  return withTransaction(ctx, async (ctx) => {
    const found = await Promise.all([
      isAllowed(ctx.actor, "party:read") ? parties(ctx, like) : [],
      isAllowed(ctx.actor, "product:read") ? products(ctx, like) : [],
      isAllowed(ctx.actor, "campaign:read") ? campaigns(ctx, like) : [],
      isAllowed(ctx.actor, "redemption:read") ? trades(ctx, q) : [],
      isAllowed(ctx.actor, "order:read") ? orders(ctx, q) : [],
      isAllowed(ctx.actor, "statement:read") ? statements(ctx, like) : [],
      isAllowed(ctx.actor, "rule:read") ? rules(ctx, like) : [],
      isAllowed(ctx.actor, "rule:read") ? fees(ctx, like) : [],
      isAllowed(ctx.actor, "user:read") ? users(ctx, like) : [],
    ]);
    return found.flat();
  });
}

interface Named {
  id: string;
  number: string;
  name: string;
}
const named = (group: Found["group"], rows: readonly Named[]): Found[] =>
  rows.map(({ id, number, name }) => ({ group, id, label: name, detail: number }));

async function parties(ctx: TxCtx, like: string): Promise<Found[]> {
  const rows = await rawSql(ctx.tx)<Named[]>`
    select id, number, name from parties
    where tenant_id = ${ctx.tenant.id} and (name ilike ${like} or number ilike ${like} or external_id ilike ${like})
    order by number limit ${EACH}`;
  return named("parties", rows);
}

/** A supplier finds its own, a distributor what is or was on sale. */
async function products(ctx: TxCtx, like: string): Promise<Found[]> {
  const scope = partyScope(ctx);
  const kind = partyScopeKind(ctx);
  const rows = await rawSql(ctx.tx)<Named[]>`
    select id, number, name from products
    where tenant_id = ${ctx.tenant.id} and (name ilike ${like} or number ilike ${like})
      and (${scope}::uuid is null
        or (${kind} = 'supplier' and supplier_id = ${scope}::uuid)
        or (${kind} = 'distributor' and status <> 'draft'))
    order by number desc limit ${EACH}`;
  return named("products", rows);
}

async function campaigns(ctx: TxCtx, like: string): Promise<Found[]> {
  const scope = partyScope(ctx);
  const kind = partyScopeKind(ctx);
  const rows = await rawSql(ctx.tx)<Named[]>`
    select id, number, name from campaigns
    where tenant_id = ${ctx.tenant.id} and (name ilike ${like} or number ilike ${like})
      and (${scope}::uuid is null
        or (${kind} = 'merchant' and (merchant_ids = '{}' or ${scope}::uuid = any(merchant_ids)))
        or (${kind} = 'brand' and brand_id = ${scope}::uuid))
    order by number desc limit ${EACH}`;
  return named("campaigns", rows);
}

async function statements(ctx: TxCtx, like: string): Promise<Found[]> {
  const scope = partyScope(ctx);
  const rows = await rawSql(ctx.tx)<Named[]>`
    select s.id, p.number, s.number as name from statements s
    join parties p on p.tenant_id = s.tenant_id and p.id = s.party_id
    where s.tenant_id = ${ctx.tenant.id} and s.number ilike ${like}
      and (${scope}::uuid is null or s.party_id = ${scope}::uuid)
    order by s.id desc limit ${EACH}`;
  return named("statements", rows);
}

/** A redemption or reversal by its reference, with or without the letters in front. */
async function trades(ctx: TxCtx, q: string): Promise<Found[]> {
  const prefix = /^(RD|RV|TR)/i.exec(q)?.[1]?.toUpperCase() ?? "RD";
  const range = referenceRange(prefix, q);
  if (!range) return [];
  const scope = partyScope(ctx);
  const rows = await rawSql(ctx.tx)<{ id: string; kind: string; order_ref: string | null }[]>`
    select id, kind, order_ref from trades
    where tenant_id = ${ctx.tenant.id} and id between ${range.from} and ${range.to}
      and (${scope}::uuid is null or merchant_id = ${scope}::uuid or brand_id = ${scope}::uuid)
    limit ${EACH}`;
  return rows.map((row) => ({
    group: "redemptions",
    id: row.id,
    label: tradeReference(row.kind, row.id),
    detail: row.order_ref ?? "",
  }));
}

/** An order by its number, with or without the letters in front; a distributor's own also by its own number. */
async function orders(ctx: TxCtx, q: string): Promise<Found[]> {
  const range = referenceRange("ORD", q);
  const scope = partyScope(ctx);
  if (!range && scope === null) return [];
  const rows = await rawSql(ctx.tx)<{ id: string; external_ref: string | null }[]>`
    select id, external_ref from orders
    where tenant_id = ${ctx.tenant.id} and (${scope}::uuid is null or distributor_id = ${scope}::uuid)
      and (id between ${range?.from ?? null}::uuid and ${range?.to ?? null}::uuid
        or (${scope}::uuid is not null and external_ref = ${q}))
    order by id desc limit ${EACH}`;
  return rows.map((row) => ({
    group: "orders",
    id: row.id,
    label: referenceOf("ORD", row.id),
    detail: row.external_ref ?? "",
  }));
}

async function rules(ctx: TxCtx, like: string): Promise<Found[]> {
  const rows = await rawSql(ctx.tx)<Named[]>`
    select id, number, name from split_rules
    where tenant_id = ${ctx.tenant.id} and (name ilike ${like} or number ilike ${like}) order by number limit ${EACH}`;
  return named("rules", rows);
}

async function fees(ctx: TxCtx, like: string): Promise<Found[]> {
  const rows = await rawSql(ctx.tx)<Named[]>`
    select id, number, name from fee_schedules
    where tenant_id = ${ctx.tenant.id} and (name ilike ${like} or number ilike ${like}) order by number limit ${EACH}`;
  return named("fees", rows);
}

async function users(ctx: TxCtx, like: string): Promise<Found[]> {
  const scope = partyScope(ctx);
  const rows = await rawSql(ctx.tx)<Named[]>`
    select id, email as number, name from users
    where tenant_id = ${ctx.tenant.id} and (name ilike ${like} or email ilike ${like})
      and (${scope}::uuid is null or party_id = ${scope}::uuid)
    order by name limit ${EACH}`;
  return named("users", rows);
}
