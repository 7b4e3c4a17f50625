import { rawSql } from "@/db/client";
import { CARD_STATES } from "@/db/schema";
import { type Ctx, partyScope, requirePermission, type TxCtx } from "@/server/core/context";
import { DomainError } from "@/server/core/errors";
import { withTransaction } from "@/server/core/transaction";
import { record } from "../audit";
import { markDeadInput } from "./schemas";

/**
 * Keys that do not work, or were given back: never sold again. Keys that are dead already stay so. The caller has
 * asked for the permission.
 */
export async function killKeys(ctx: TxCtx, keyIds: readonly string[], reason: string): Promise<void> {
  if (keyIds.length === 0) return;
  const now = ctx.clock.now().toISOString();
  const rows = await rawSql(ctx.tx)<{ id: string }[]>`
    update card_keys k set state = ${CARD_STATES.dead}, changed_at = ${now}::timestamptz
    from (select id from card_keys where tenant_id = ${ctx.tenant.id} and id = any(${[...keyIds]}::uuid[]) and state <> 3
      order by id for update) one
    where k.tenant_id = ${ctx.tenant.id} and k.id = one.id returning k.id`;
  await recordDeath(
    ctx,
    rows.map((row) => row.id),
    reason,
  );
}

/**
 * Takes keys in stock out of it, because they are known not to work. Keys that an order holds or got go through
 * their order.
 * @throws DomainError NOT_FOUND; CONFLICT unless all are available or expired
 */
export async function markDead(
  ctx: Ctx,
  input: { keyIds: string[]; reason: string },
): Promise<{ dead: number }> {
  requirePermission(ctx, "card:mark_dead");
  const { keyIds, reason } = markDeadInput.parse(input);
  if (partyScope(ctx) !== null) throw new DomainError("NOT_FOUND", { noun: "cardKey" });
  return withTransaction(ctx, async (ctx) => {
    const ids = [...new Set(keyIds)];
    const rows = await rawSql(ctx.tx)<{ id: string; state: number }[]>`
      select id, state from card_keys where tenant_id = ${ctx.tenant.id} and id = any(${ids}::uuid[]) order by id for update`;
    if (rows.length < ids.length) throw new DomainError("NOT_FOUND", { noun: "cardKey" });
    const held = rows.some(
      (row) => row.state === CARD_STATES.reserved || row.state === CARD_STATES.delivered,
    );
    if (held) throw new DomainError("CONFLICT", { noun: "cardKey" });
    const dying = rows.filter((row) => row.state !== CARD_STATES.dead).map((row) => row.id);
    await killKeys(ctx, dying, reason);
    return { dead: dying.length };
  });
}

async function recordDeath(ctx: TxCtx, keyIds: readonly string[], reason: string): Promise<void> {
  const [only] = keyIds;
  if (only === undefined) return;
  await record(ctx, {
    action: "card_key.dead",
    subject: { kind: keyIds.length === 1 ? "cardKey" : "cardKeys", id: only },
    data: keyIds.length === 1 ? { reason } : { reason, count: keyIds.length, keys: keyIds },
  });
}
