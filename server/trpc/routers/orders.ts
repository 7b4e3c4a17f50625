import { z } from "zod";
import { withIdempotency } from "@/server/core/idempotency";
import * as orders from "@/server/domain/orders";
import {
  createOrderInput,
  idempotencyKey,
  listOrdersInput,
  listReportsInput,
  payOrderInput,
  quoteInput,
  redeliverOrderInput,
  refundOrderInput,
  renewPickupInput,
  reportDeliveryInput,
  resolveReportInput,
  retryRefundInput,
  revealOrderInput,
} from "@/server/domain/orders/schemas";
import { procedure, router } from "../init";

export const ordersRouter = router({
  list: procedure.input(listOrdersInput).query(({ ctx, input }) => orders.listOrders(ctx, input)),
  /** By id or reference. */
  get: procedure
    .input(z.object({ id: z.string().trim().min(1).max(64) }))
    .query(({ ctx, input }) => orders.getOrder(ctx, input)),
  quote: procedure.input(quoteInput).query(({ ctx, input }) => orders.quoteOrder(ctx, input)),
  create: procedure
    .input(createOrderInput.extend({ idempotencyKey }))
    .mutation(async ({ ctx, input: { idempotencyKey: key, ...input } }) => {
      const call = { key, verb: "order.create", input };
      return (await withIdempotency(ctx, call, (ctx) => orders.createOrder(ctx, input))).result;
    }),
  /** Safe to call twice. */
  pay: procedure.input(payOrderInput).mutation(({ ctx, input }) => orders.payOrder(ctx, input)),
  /** A mutation: each reading leaves an entry in the audit log. */
  reveal: procedure.input(revealOrderInput).mutation(({ ctx, input }) => orders.revealOrder(ctx, input)),
  reports: procedure.input(listReportsInput).query(({ ctx, input }) => orders.listReports(ctx, input)),
  report: procedure
    .input(reportDeliveryInput)
    .mutation(({ ctx, input }) => orders.reportDelivery(ctx, input)),
  resolveReport: procedure
    .input(resolveReportInput)
    .mutation(({ ctx, input }) => orders.resolveReport(ctx, input)),
  refund: procedure
    .input(refundOrderInput.extend({ idempotencyKey }))
    .mutation(async ({ ctx, input: { idempotencyKey: key, ...input } }) => {
      const call = { key, verb: "order.refund", input };
      return (await withIdempotency(ctx, call, (ctx) => orders.refundOrder(ctx, input))).result;
    }),
  retryRefund: procedure.input(retryRefundInput).mutation(({ ctx, input }) => orders.retryRefund(ctx, input)),
  redeliver: procedure
    .input(redeliverOrderInput)
    .mutation(({ ctx, input }) => orders.redeliverOrder(ctx, input)),
  renewPickup: procedure.input(renewPickupInput).mutation(({ ctx, input }) => orders.renewPickup(ctx, input)),
});
