import { rawSql } from "@/db/client";
import type { Ctx } from "@/server/core/context";
import { isDomainError } from "@/server/core/errors";
import { logger } from "@/server/core/logger";
import { withTransaction } from "@/server/core/transaction";
import { enqueue } from "../outbox";
import { portOf } from "../payments";
import { LAST_LOOK_MS, nextAsk } from "./ask-times";
import type { OrderState } from "./schemas";
import { settleTogether } from "./settle-batcher";
import type { PaymentFact } from "./types";

/** Attempts asked about in one go, and at once. */
const BATCH = 200;
const AT_ONCE = 8;
/** Who has taken an attempt has so long to ask; then it is asked again, whatever became of the asker. */
const LEASE_MS = 60_000;

/** Asks the channels about all attempts whose time has come, so that a lost callback loses no money. Returns how many. */
export async function askChannels(ctx: Ctx): Promise<number> {
  for (let asked = 0; ; ) {
    const attempts = await takeDue(ctx, null);
    const queue = [...attempts];
    const one = async () => {
      for (let next = queue.shift(); next; next = queue.shift()) await ask(ctx, next);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, one));
    asked += attempts.length;
    if (attempts.length < BATCH) return asked;
  }
}

/** Asks about one attempt, if its time has come. */
export async function askPayment(ctx: Ctx, paymentId: string): Promise<void> {
  const [attempt] = await takeDue(ctx, paymentId);
  if (attempt) await ask(ctx, attempt);
}

interface DueAttempt {
  id: string;
  channelId: string;
  state: "created" | "succeeded" | "closed";
  asked: number;
  orderState: OrderState;
  expiresAt: Date;
}

/** Takes attempts that are due: each is asked about by one worker at a time. */
async function takeDue(ctx: Ctx, only: string | null): Promise<DueAttempt[]> {
  const now = ctx.clock.now();
  const lease = new Date(now.getTime() + LEASE_MS).toISOString();
  return withTransaction(ctx, async ({ tx, tenant }) => {
    const sql = rawSql(tx);
    const rows = await sql<(Omit<DueAttempt, "expiresAt"> & { expiresAt: string })[]>`
      with due as (
        select id from payments where tenant_id = ${tenant.id} and ask_at <= ${now.toISOString()}::timestamptz
          ${only === null ? sql`` : sql`and id = ${only}`}
        order by ask_at limit ${BATCH} for update skip locked)
      update payments p set ask_at = ${lease}::timestamptz, asked = p.asked + 1
      from due, orders o
      where p.tenant_id = ${tenant.id} and p.id = due.id and o.tenant_id = ${tenant.id} and o.id = p.order_id
      returning p.id, p.channel_id as "channelId", p.state, p.asked, o.state as "orderState", o.expires_at as "expiresAt"`;
    return rows.map((row) => ({ ...row, expiresAt: new Date(row.expiresAt) }));
  });
}

async function ask(ctx: Ctx, attempt: DueAttempt): Promise<void> {
  const isOpen =
    attempt.state === "created" && attempt.orderState === "pending" && attempt.expiresAt > ctx.clock.now();
  let facts: PaymentFact[];
  let isUnreachable = false;
  try {
    facts = await factsOf(ctx, attempt, !isOpen);
  } catch (error) {
    if (!isDomainError(error)) throw error;
    // It was never made there, or the channel cannot be asked now.
    isUnreachable = error.code !== "PAYMENT_UNKNOWN";
    if (isUnreachable) logger.warn({ err: error, payment: attempt.id }, "the channel could not be asked");
    facts = [];
  }
  await settleTogether(ctx, facts);
  await planNext(ctx, attempt, { isOpen, isUnreachable });
}

/** An attempt that is over is closed first, so that what the channel then says is final. */
async function factsOf(ctx: Ctx, attempt: DueAttempt, close: boolean): Promise<PaymentFact[]> {
  const port = await portOf(ctx, attempt.channelId);
  if (close && attempt.state === "created") await port.close(attempt.id).catch(unlessRefused);
  const { payments } = await port.query(attempt.id);
  return payments.map((payment) => ({ channelId: attempt.channelId, paymentId: attempt.id, ...payment }));
}

/** What was paid already is not closed any more: the question that follows tells. */
function unlessRefused(error: unknown): void {
  if (!isDomainError(error) || error.code !== "CHANNEL_REFUSED") throw error;
}

async function planNext(
  ctx: Ctx,
  { id, asked, expiresAt }: DueAttempt,
  { isOpen, isUnreachable }: { isOpen: boolean; isUnreachable: boolean },
): Promise<void> {
  const now = ctx.clock.now();
  await withTransaction(ctx, async (ctx) => {
    const sql = rawSql(ctx.tx);
    const [payment] = await sql<{ state: string }[]>`
      select state from payments where tenant_id = ${ctx.tenant.id} and id = ${id} for update`;
    if (!payment) return;
    // Settled now or before: looked at once more when its time is over, for money that came again under it.
    const last = new Date(expiresAt.getTime() + LAST_LOOK_MS);
    const isSettled = payment.state === "succeeded" && !isUnreachable;
    const next = isSettled
      ? last > now
        ? last
        : null
      : nextAsk(now, { isOpen, expiresAt, asked, isUnreachable });
    await sql`
      update payments set ask_at = ${next?.toISOString() ?? null}::timestamptz,
        state = case when state = 'created' and ${!isOpen && !isUnreachable}::boolean then 'closed' else state end
      where tenant_id = ${ctx.tenant.id} and id = ${id}`;
    if (next) await enqueue(ctx, "ask-channels", { paymentId: id }, { jobKey: `ask/${id}`, runAt: next });
  });
}
