import { z } from "zod";
import * as vouchers from "@/server/domain/vouchers";
import {
  idempotencyKey,
  listRedemptionsInput,
  redeemItem,
  reverseRedemptionInput,
  undoRedemptionInput,
} from "@/server/domain/vouchers/schemas";
import { procedure, router } from "../init";

export const redemptionsRouter = router({
  list: procedure.input(listRedemptionsInput).query(({ ctx, input }) => vouchers.listRedemptions(ctx, input)),
  /** By id or reference. */
  get: procedure
    .input(z.object({ id: z.string().trim().min(1).max(64) }))
    .query(({ ctx, input }) => vouchers.getRedemption(ctx, input)),
  redeem: procedure
    .input(redeemItem.extend({ idempotencyKey }))
    .mutation(({ ctx, input: { idempotencyKey, ...item } }) =>
      vouchers.redeemVoucher(ctx, item, idempotencyKey),
    ),
  undo: procedure
    .input(undoRedemptionInput)
    .mutation(({ ctx, input }) => vouchers.undoRedemption(ctx, input)),
  reverse: procedure
    .input(reverseRedemptionInput)
    .mutation(({ ctx, input }) => vouchers.reverseRedemption(ctx, input)),
});
