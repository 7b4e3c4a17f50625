import type { KeyObject } from "node:crypto";
import { rawSql } from "@/db/client";
import { type Ctx, partyScope, requirePermission, type TxCtx } from "@/server/core/context";
import { DomainError } from "@/server/core/errors";
import { withTransaction } from "@/server/core/transaction";
import { record } from "../audit";
import { openKey, unwrapDataKey } from "./key-secrets";
import { KEY_STATES, type KeyState, revealKeyInput } from "./schemas";
import type { OpenedKey } from "./types";

/** Numbers and secrets of keys, by id. The caller asks for the permission and audits that they were seen. */
export async function openKeys(ctx: TxCtx, keyIds: readonly string[]): Promise<Map<string, OpenedKey>> {
  if (keyIds.length === 0) return new Map();
  const rows = await rawSql(ctx.tx)<
    { id: string; batch_id: string; sealed: Buffer; data_key_sealed: Buffer; expires_at: string | null }[]
  >`
    select k.id, k.batch_id, k.sealed, b.data_key_sealed, k.expires_at
    from card_keys k join card_batches b on b.tenant_id = k.tenant_id and b.id = k.batch_id
    where k.tenant_id = ${ctx.tenant.id} and k.id = any(${[...keyIds]}::uuid[])`;
  const dataKeys = new Map<string, KeyObject>();
  const opened = new Map<string, OpenedKey>();
  for (const row of rows) {
    const dataKey =
      dataKeys.get(row.batch_id) ?? unwrapDataKey(ctx.tenant.id, row.batch_id, row.data_key_sealed);
    dataKeys.set(row.batch_id, dataKey);
    opened.set(row.id, {
      ...openKey(dataKey, ctx.tenant.id, row.id, row.sealed),
      expiresAt: row.expires_at === null ? null : new Date(row.expires_at),
    });
  }
  return opened;
}

export interface RevealedKey extends OpenedKey {
  state: KeyState;
}

/**
 * Shows a key of the stock, sold or not, to the house's own people: audited each time. A distributor sees those of
 * its orders there.
 * @throws DomainError NOT_FOUND
 */
export async function revealKey(ctx: Ctx, input: { keyId: string }): Promise<RevealedKey> {
  requirePermission(ctx, "card:reveal");
  const { keyId } = revealKeyInput.parse(input);
  if (partyScope(ctx) !== null) throw new DomainError("NOT_FOUND", { noun: "cardKey" });
  return withTransaction(ctx, async (ctx) => {
    const [row] = await rawSql(ctx.tx)<{ state: number; tail: string; batch: string; product: string }[]>`
      select k.state, k.tail, b.number as batch, p.number as product from card_keys k
      join card_batches b on b.tenant_id = k.tenant_id and b.id = k.batch_id
      join products p on p.tenant_id = k.tenant_id and p.id = k.product_id
      where k.tenant_id = ${ctx.tenant.id} and k.id = ${keyId}`;
    const key = (await openKeys(ctx, [keyId])).get(keyId);
    const state = row && KEY_STATES[row.state];
    if (!row || !key || !state) throw new DomainError("NOT_FOUND", { noun: "cardKey" });
    await record(ctx, {
      action: "card_key.revealed",
      subject: { kind: "cardKey", id: keyId },
      data: { product: row.product, batch: row.batch, tail: row.tail, state },
    });
    return { ...key, state };
  });
}
