import * as payments from "@/server/domain/payments";
import {
  listWalletsInput,
  setCreditLimitInput,
  topUpWalletInput,
  walletIdInput,
  walletMovementsInput,
} from "@/server/domain/payments/schemas";
import { procedure, router } from "../init";

/** Distributors' prepaid balances; `wallet` is the page of a voucher's holder. */
export const walletsRouter = router({
  list: procedure.input(listWalletsInput).query(({ ctx, input }) => payments.listWallets(ctx, input)),
  get: procedure.input(walletIdInput).query(({ ctx, input }) => payments.getWallet(ctx, input)),
  movements: procedure
    .input(walletMovementsInput)
    .query(({ ctx, input }) => payments.walletMovements(ctx, input)),
  topUp: procedure.input(topUpWalletInput).mutation(({ ctx, input }) => payments.topUpWallet(ctx, input)),
  setCreditLimit: procedure
    .input(setCreditLimitInput)
    .mutation(({ ctx, input }) => payments.setCreditLimit(ctx, input)),
});
