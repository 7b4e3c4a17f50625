import type { z } from "zod";
import type { Ctx } from "@/server/core/context";
import type { CreateOrderInput, quoteInput } from "./schemas";
import type { OrderMade, OrderQuote } from "./types";

/**
 * A distributor orders for its own use, in the portal or by its API key: holds the keys and waits for its money.
 * @throws PRODUCT_NOT_ON_SALE · PRODUCT_NOT_PRICED · QUANTITY_TOO_LARGE · OUT_OF_STOCK · CURRENCY_MISMATCH ·
 * PRICE_BELOW_COST · RULE_NOT_FOUND · CONFLICT (same externalRef, other lines)
 */
export async function createOrder(_ctx: Ctx, _input: CreateOrderInput): Promise<OrderMade> {
  throw new Error("not built yet");
}

/** What it would cost the asking distributor, line by line, and why a line would be refused. */
export async function quoteOrder(_ctx: Ctx, _input: z.input<typeof quoteInput>): Promise<OrderQuote> {
  throw new Error("not built yet");
}
