import { and, asc, count, desc, eq, inArray, or, type SQL, sql } from "drizzle-orm";
import type { AnyPgColumn } from "drizzle-orm/pg-core";
import type { z } from "zod";
import { parties, users } from "@/db/schema";
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
import {
  listPartiesInput,
  listUsersInput,
  partyFilters,
  partyIdInput,
  partyOptionsInput,
  userFilters,
} from "./schemas";

const EXPORT_PAGE = 1_000;
/** Totals are counted so far and no further. */
export const COUNT_CAP = 10_000;

// ── parties ──

const partyColumns = {
  id: parties.id,
  number: parties.number,
  kind: parties.kind,
  name: parties.name,
  externalId: parties.externalId,
  status: parties.status,
  locale: parties.locale,
  cycle: parties.cycle,
  contact: parties.contact,
  bankName: parties.bankName,
  bankAccountTail: parties.bankAccountTail,
  createdAt: parties.createdAt,
};
export type PartyRow = Awaited<ReturnType<typeof listParties>>["items"][number];

export async function listParties(ctx: Ctx, input: unknown) {
  requirePermission(ctx, "party:read");
  const { cursor, limit, sort, direction, ...filters } = listPartiesInput.parse(input);
  const keys = { number: parties.number, name: parties.name, createdAt: parties.createdAt };
  const place = placeAfter(keys[sort], parties.id, direction, cursor, sort === "createdAt");
  return withTransaction(ctx, async (ctx) => {
    const where = partyConditions(ctx, filters);
    const rows = await ctx.tx
      .select(partyColumns)
      .from(parties)
      .where(and(where, place.after))
      .orderBy(...place.order)
      .limit(limit + 1);
    const total = cursor ? undefined : await cappedCount(ctx, sql`select 1 from ${parties} where ${where}`);
    const items = rows.slice(0, limit);
    return { items, nextCursor: rows.length > limit ? cursorOf(items.at(-1), sort) : null, total };
  });
}

export async function getParty(ctx: Ctx, input: unknown) {
  requirePermission(ctx, "party:read");
  const { id } = partyIdInput.parse(input);
  requirePartyScope(ctx, id);
  return withTransaction(ctx, async ({ tx }) => {
    const [party] = await tx
      .select({
        ...partyColumns,
        bankAccountHolder: parties.bankAccountHolder,
        channelFeeRate: parties.channelFeeRate,
        channelRefundsFee: parties.channelRefundsFee,
        updatedAt: parties.updatedAt,
      })
      .from(parties)
      .where(and(eq(parties.tenantId, ctx.tenant.id), eq(parties.id, id)));
    if (!party) throw new DomainError("NOT_FOUND", { noun: "party" });
    const [people] = await tx
      .select({ count: count() })
      .from(users)
      .where(and(eq(users.tenantId, ctx.tenant.id), eq(users.partyId, id)));
    return { ...party, users: people?.count ?? 0 };
  });
}

/** For pickers: the best few matches, and those already chosen. */
export async function partyOptions(ctx: Ctx, input: unknown) {
  requirePermission(ctx, "party:read");
  const { q, kinds, ids, limit } = partyOptionsInput.parse(input);
  return withTransaction(ctx, async ({ tx }) =>
    tx
      .select({
        id: parties.id,
        number: parties.number,
        kind: parties.kind,
        name: parties.name,
        status: parties.status,
      })
      .from(parties)
      .where(
        and(
          eq(parties.tenantId, ctx.tenant.id),
          scoped(ctx, parties.id),
          kinds ? inArray(parties.kind, kinds) : undefined,
          ids ? inArray(parties.id, ids) : undefined,
          q ? partySearch(q) : undefined,
        ),
      )
      .orderBy(asc(parties.number))
      .limit(ids ? 100 : limit),
  );
}

/** Every party that matches, in the order of their numbers; read page by page, no transaction stays open between. */
export async function* exportParties(ctx: Ctx, input: unknown) {
  requirePermission(ctx, "party:read");
  const filters = partyFilters.parse(input);
  let after: string | null = null;
  for (;;) {
    const rows: ExportedParty[] = await withTransaction(ctx, ({ tx }) =>
      tx
        .select({ ...partyColumns, bankAccountHolder: parties.bankAccountHolder })
        .from(parties)
        .where(
          and(partyConditions(ctx, filters), after === null ? undefined : sql`${parties.number} > ${after}`),
        )
        .orderBy(asc(parties.number))
        .limit(EXPORT_PAGE),
    );
    yield* rows;
    if (rows.length < EXPORT_PAGE) return;
    after = rows.at(-1)?.number ?? null;
  }
}
export type ExportedParty = Omit<PartyRow, never> & { bankAccountHolder: string | null };

function partyConditions(ctx: Ctx, filters: z.output<typeof partyFilters>): SQL | undefined {
  return and(
    eq(parties.tenantId, ctx.tenant.id),
    scoped(ctx, parties.id),
    filters.kind ? eq(parties.kind, filters.kind) : undefined,
    filters.status ? eq(parties.status, filters.status) : undefined,
    filters.q ? partySearch(filters.q) : undefined,
  );
}

function partySearch(q: string): SQL | undefined {
  const pattern = containing(q);
  return or(
    sql`${parties.name} ilike ${pattern}`,
    sql`${parties.number} ilike ${pattern}`,
    sql`${parties.externalId} ilike ${pattern}`,
  );
}

// ── users ──

const userColumns = {
  id: users.id,
  name: users.name,
  email: users.email,
  role: users.role,
  status: users.status,
  partyId: users.partyId,
  partyName: parties.name,
  partyNumber: parties.number,
  partyKind: parties.kind,
  secondFactor: sql<boolean>`${users.totpEnabledAt} is not null`,
  lastSignInAt: users.lastSignInAt,
  createdAt: users.createdAt,
};
export type UserRow = Awaited<ReturnType<typeof listUsers>>["items"][number];

export async function listUsers(ctx: Ctx, input: unknown) {
  requirePermission(ctx, "user:read");
  const { cursor, limit, sort, direction, ...filters } = listUsersInput.parse(input);
  const keys = { name: users.name, email: users.email, createdAt: users.createdAt };
  const place = placeAfter(keys[sort], users.id, direction, cursor, sort === "createdAt");
  return withTransaction(ctx, async (ctx) => {
    const where = userConditions(ctx, filters);
    const rows = await ctx.tx
      .select(userColumns)
      .from(users)
      .innerJoin(parties, partyOfUser)
      .where(and(where, place.after))
      .orderBy(...place.order)
      .limit(limit + 1);
    const total = cursor
      ? undefined
      : await cappedCount(ctx, sql`select 1 from ${users} join ${parties} on ${partyOfUser} where ${where}`);
    const items = rows.slice(0, limit);
    return { items, nextCursor: rows.length > limit ? cursorOf(items.at(-1), sort) : null, total };
  });
}

export async function* exportUsers(ctx: Ctx, input: unknown) {
  requirePermission(ctx, "user:read");
  const filters = userFilters.parse(input);
  let after: string | null = null;
  for (;;) {
    const rows: UserRow[] = await withTransaction(ctx, ({ tx }) =>
      tx
        .select(userColumns)
        .from(users)
        .innerJoin(parties, partyOfUser)
        .where(and(userConditions(ctx, filters), after === null ? undefined : sql`${users.email} > ${after}`))
        .orderBy(asc(users.email))
        .limit(EXPORT_PAGE),
    );
    yield* rows;
    if (rows.length < EXPORT_PAGE) return;
    after = rows.at(-1)?.email ?? null;
  }
}

const partyOfUser = and(eq(parties.tenantId, users.tenantId), eq(parties.id, users.partyId));

function userConditions(ctx: Ctx, filters: z.output<typeof userFilters>): SQL | undefined {
  const pattern = filters.q ? containing(filters.q) : "";
  return and(
    eq(users.tenantId, ctx.tenant.id),
    scoped(ctx, users.partyId),
    filters.partyId ? eq(users.partyId, filters.partyId) : undefined,
    filters.role ? eq(users.role, filters.role) : undefined,
    filters.status ? eq(users.status, filters.status) : undefined,
    filters.q
      ? or(
          sql`${users.name} ilike ${pattern}`,
          sql`${users.email} ilike ${pattern}`,
          sql`${parties.name} ilike ${pattern}`,
        )
      : undefined,
  );
}

// ── helpers ──

function scoped(ctx: Ctx, column: AnyPgColumn): SQL | undefined {
  const scope = partyScope(ctx);
  return scope === null ? undefined : eq(column, scope);
}

/** Rows after the cursor in the order of a key, the id deciding between equals. */
function placeAfter(
  key: AnyPgColumn,
  id: AnyPgColumn,
  direction: "asc" | "desc",
  cursor: string | null | undefined,
  isTime: boolean,
): { after: SQL | undefined; order: SQL[] } {
  const order = direction === "asc" ? [asc(key), asc(id)] : [desc(key), desc(id)];
  const last = decodeCursor(cursor, [isTime ? "time" : "text", "id"]);
  if (!last) return { after: undefined, order };
  const value = isTime ? sql`${last[0]}::timestamptz` : sql`${last[0]}::text`;
  const sign = direction === "asc" ? sql`>` : sql`<`;
  return { after: sql`(${key}, ${id}) ${sign} (${value}, ${last[1]}::uuid)`, order };
}

function cursorOf<S extends string>(
  row: ({ id: string } & Record<S, unknown>) | undefined,
  sort: S,
): string | null {
  if (!row) return null;
  const value = row[sort];
  return encodeCursor([value instanceof Date ? value : String(value), row.id]);
}

async function cappedCount(ctx: TxCtx, rows: SQL): Promise<number> {
  const [found] = await ctx.tx.execute<{ n: number }>(
    sql`select count(*)::int as n from (${rows} limit ${COUNT_CAP}) counted`,
  );
  return found?.n ?? 0;
}
