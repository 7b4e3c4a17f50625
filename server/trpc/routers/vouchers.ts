import { z } from "zod";
import * as vouchers from "@/server/domain/vouchers";
import {
  issueVoucherInput,
  issueVouchersInput,
  listVouchersInput,
  lockVoucherInput,
  lookUpVoucherInput,
  startBulkIssueInput,
  startVoidInput,
  unlockVoucherInput,
  voidVouchersInput,
  voucherFilter,
} from "@/server/domain/vouchers/schemas";
import { procedure, router } from "../init";

export const vouchersRouter = router({
  list: procedure.input(listVouchersInput).query(({ ctx, input }) => vouchers.listVouchers(ctx, input)),
  get: procedure.input(z.object({ id: z.uuid() })).query(({ ctx, input }) => vouchers.getVoucher(ctx, input)),
  /** A mutation, although it changes nothing: a code is a bearer secret and stays out of addresses and their logs. */
  lookUp: procedure
    .input(lookUpVoucherInput)
    .mutation(({ ctx, input }) => vouchers.lookUpVoucher(ctx, input)),
  issue: procedure.input(issueVoucherInput).mutation(({ ctx, input }) => vouchers.issueVoucher(ctx, input)),
  issueMany: procedure
    .input(issueVouchersInput)
    .mutation(({ ctx, input }) => vouchers.issueVouchers(ctx, input)),
  startBulkIssue: procedure
    .input(startBulkIssueInput)
    .mutation(({ ctx, input }) => vouchers.startBulkIssue(ctx, input)),
  lock: procedure.input(lockVoucherInput).mutation(({ ctx, input }) => vouchers.lockVoucher(ctx, input)),
  unlock: procedure
    .input(unlockVoucherInput)
    .mutation(({ ctx, input }) => vouchers.unlockVoucher(ctx, input)),
  void: procedure.input(voidVouchersInput).mutation(({ ctx, input }) => vouchers.voidVouchers(ctx, input)),
  countVoidable: procedure
    .input(z.object({ filter: voucherFilter }))
    .query(({ ctx, input }) => vouchers.countVoidable(ctx, input)),
  startVoid: procedure.input(startVoidInput).mutation(({ ctx, input }) => vouchers.startVoid(ctx, input)),
  /** A mutation: each reading leaves an entry in the audit log. */
  reveal: procedure
    .input(z.object({ voucherId: z.uuid() }))
    .mutation(({ ctx, input }) => vouchers.revealCode(ctx, input)),
});
