import { rawSql } from "@/db/client";
import { actorId, type Ctx, type TxCtx } from "@/server/core/context";
import { newId } from "@/server/core/ids";
import { SYSTEM_ACTORS } from "@/server/core/system-words";
import type { OrderEventKind } from "./schemas";

export interface NewEvent {
  orderId: string;
  kind: OrderEventKind;
  /** Effect on the buyer's money: paid in (positive) or given back (negative). */
  amount?: bigint | null;
  tradeId?: string | null;
  data?: Record<string, string | number | boolean | null>;
}

/** Name under which a buyer acts at a public page. */
export const BUYER = SYSTEM_ACTORS.buyer;

/** Adds to the timelines of orders, in this order: one statement, whatever their number. */
export async function recordEvents(ctx: TxCtx, events: readonly NewEvent[]): Promise<void> {
  if (events.length === 0) return;
  const { kind, id, name } = eventActor(ctx);
  const rows = events.map((event) => ({
    id: newId(),
    order_id: event.orderId,
    kind: event.kind,
    amount: event.amount?.toString() ?? null,
    trade_id: event.tradeId ?? null,
    data: event.data ?? {},
  }));
  await rawSql(ctx.tx)`
    insert into order_events (tenant_id, id, order_id, at, kind, actor_kind, actor_id, actor_name, amount, trade_id, data)
    select ${ctx.tenant.id}, id, order_id, ${ctx.clock.now().toISOString()}::timestamptz, kind, ${kind}, ${id}, ${name},
      amount, trade_id, data
    from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as n (id uuid, order_id uuid, kind text, amount bigint,
      trade_id uuid, data jsonb)`;
}

function eventActor({ actor }: Ctx): { kind: string; id: string | null; name: string } {
  const isBuyer = actor.kind === "system" && actor.name === BUYER;
  return { kind: isBuyer ? "buyer" : actor.kind, id: actorId(actor), name: actor.name };
}
