"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useTRPC } from "@/components/trpc";

/** Lists and pages of orders, and the trades they made, show what was just done. */
export function useRefreshOrders(): () => Promise<void> {
  const trpc = useTRPC();
  const client = useQueryClient();
  return async () => {
    await Promise.all([
      client.invalidateQueries(trpc.orders.pathFilter()),
      client.invalidateQueries(trpc.trades.pathFilter()),
    ]);
  };
}
