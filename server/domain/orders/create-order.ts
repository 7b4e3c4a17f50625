import type { z } from "zod";
import { rawSql } from "@/db/client";
import { type Ctx, partyScope, requirePermission, type TxCtx } from "@/server/core/context";
import { DomainError, isDomainError } from "@/server/core/errors";
import { withTransaction } from "@/server/core/transaction";
import { walletOf } from "../payments";
import { madeOf, makeOrder, priceLines } from "./make-order";
import { type CreateOrderInput, createOrderInput, quoteInput } from "./schemas";
import { linesOf, lockOrders } from "./stored-order";
import type { OrderMade, OrderQuote } from "./types";

/**
 * A distributor orders for its own use, in the portal or by its API key: holds the keys and waits for its money.
 * @throws PRODUCT_NOT_ON_SALE · PRODUCT_NOT_PRICED · QUANTITY_TOO_LARGE · OUT_OF_STOCK · CURRENCY_MISMATCH ·
 * PRICE_BELOW_COST · RULE_NOT_FOUND · CONFLICT (same externalRef, other lines)
 */
export async function createOrder(ctx: Ctx, input: CreateOrderInput): Promise<OrderMade> {
  requirePermission(ctx, "order:create");
  const { lines, externalRef = null } = createOrderInput.parse(input);
  const distributorId = buyerOf(ctx);
  return withTransaction(ctx, async (ctx) => {
    if (externalRef !== null) {
      const existing = await findByExternalRef(ctx, distributorId, externalRef, lines);
      if (existing) return existing;
    }
    return makeOrder(ctx, {
      source: ctx.actor.kind === "apiKey" ? "api" : "portal",
      distributorId,
      lines: lines.map((line) => ({ ...line, markup: 0n })),
      externalRef,
      contact: null,
      channelFor: async () => null,
    });
  });
}

/** What it would cost the asking distributor, line by line, and why a line would be refused. */
export async function quoteOrder(ctx: Ctx, input: z.input<typeof quoteInput>): Promise<OrderQuote> {
  requirePermission(ctx, "order:create");
  const { lines } = quoteInput.parse(input);
  const distributorId = buyerOf(ctx);
  return withTransaction(ctx, async (ctx) => {
    const asked = lines.map((line) => ({ ...line, markup: 0n }));
    const priced = await priceLines(ctx, distributorId, asked);
    const { balance, available } = await walletOf(ctx, distributorId);
    return {
      currency: priced.currency,
      total: priced.lines.reduce((sum, line) => sum + line.price * BigInt(line.quantity), 0n),
      lines: priced.lines.map(({ product, quantity, price, refusal }) => ({
        productId: product.id,
        productName: product.name,
        quantity,
        price,
        amount: price * BigInt(quantity),
        refusal: isDomainError(refusal) ? { code: refusal.code, params: refusal.params } : null,
      })),
      wallet: { balance, available },
    };
  });
}

/** The distributor that orders: the asker's own party. */
function buyerOf(ctx: Ctx): string {
  const scope = partyScope(ctx);
  if (scope === null) throw new DomainError("PERMISSION_DENIED", { permission: "order:create" });
  return scope;
}

/** The order that bears the reference, if it asks for the same. Of two at once, the second waits here for the first. */
async function findByExternalRef(
  ctx: TxCtx,
  distributorId: string,
  externalRef: string,
  asked: readonly { productId: string; quantity: number }[],
): Promise<OrderMade | null> {
  const sql = rawSql(ctx.tx);
  await sql`select pg_advisory_xact_lock(hashtextextended(${`order/${ctx.tenant.id}/${distributorId}/${externalRef}`}, 0))`;
  const [row] = await sql<{ id: string }[]>`
    select id from orders where tenant_id = ${ctx.tenant.id} and distributor_id = ${distributorId} and external_ref = ${externalRef}`;
  if (!row) return null;
  const order = (await lockOrders(ctx, [row.id])).get(row.id);
  if (!order) return null;
  const lines = await linesOf(ctx, [order.id]);
  const same =
    lines.length === asked.length &&
    asked.every(({ productId, quantity }) =>
      lines.some((line) => line.productId === productId && line.quantity === quantity),
    );
  if (!same) throw new DomainError("CONFLICT", { noun: "order", externalRef });
  return madeOf(order, lines, true);
}
