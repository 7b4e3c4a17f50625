import type { z } from "zod";
import type { Ctx } from "@/server/core/context";
import type { ListOrdersInput, listReportsInput, OrderFilter } from "./schemas";
import type { OrderDetail, OrderRow, ReportRow } from "./types";

/** Newest first; a distributor sees its own. */
export async function listOrders(
  _ctx: Ctx,
  _input: ListOrdersInput,
): Promise<{ items: OrderRow[]; nextCursor: string | null }> {
  throw new Error("not built yet");
}

/** All that a filter finds, in step with its reader. */
export function exportOrders(_ctx: Ctx, _input: OrderFilter): AsyncGenerator<OrderRow> {
  throw new Error("not built yet");
}

/** One order by its id or reference, with all that happened to it. Throws NOT_FOUND. */
export async function getOrder(_ctx: Ctx, _input: { id: string }): Promise<OrderDetail> {
  throw new Error("not built yet");
}

/** Keys reported as not working, oldest first. */
export async function listReports(
  _ctx: Ctx,
  _input: z.input<typeof listReportsInput>,
): Promise<{ items: ReportRow[]; nextCursor: string | null }> {
  throw new Error("not built yet");
}
