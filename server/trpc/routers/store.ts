import { appDatabase } from "@/server/core/runtime";
import * as orders from "@/server/domain/orders";
import {
  pickupInput,
  pickupPayInput,
  pickupReportInput,
  pickupRevealInput,
  shopInput,
  shopOrderInput,
} from "@/server/domain/orders/schemas";
import { publicProcedure, router } from "../init";

const visitor = ({ ip }: { ip?: string }): orders.Visitor => ({ db: appDatabase(), ip });

/** Public: a distributor's shop, and the buyer's own page. Mutations where a token is asked for: it stays out of logs. */
export const storeRouter = router({
  shop: publicProcedure.input(shopInput).query(({ ctx, input }) => orders.shopView(visitor(ctx), input)),
  order: publicProcedure
    .input(shopOrderInput)
    .mutation(({ ctx, input }) => orders.orderInShop(visitor(ctx), input)),
  pay: publicProcedure
    .input(pickupPayInput)
    .mutation(({ ctx, input }) => orders.payByLink(visitor(ctx), input)),
  view: publicProcedure
    .input(pickupInput)
    .mutation(({ ctx, input }) => orders.pickupView(visitor(ctx), input)),
  /** Numbers and secrets, on click. */
  reveal: publicProcedure
    .input(pickupRevealInput)
    .mutation(({ ctx, input }) => orders.revealByLink(visitor(ctx), input)),
  report: publicProcedure
    .input(pickupReportInput)
    .mutation(({ ctx, input }) => orders.reportByLink(visitor(ctx), input)),
});
