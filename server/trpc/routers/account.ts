import { handOverSession } from "@/server/auth/cookie";
import * as parties from "@/server/domain/parties";
import {
  beginSecondFactorInput,
  changePasswordInput,
  confirmSecondFactorInput,
  disableSecondFactorInput,
  endSessionInput,
  newRecoveryCodesInput,
  setLocaleInput,
  updateProfileInput,
} from "@/server/domain/parties/schemas";
import { accountProcedure, router } from "../init";

/** The own account: works also before a demanded second factor is set up. */
export const accountRouter = router({
  get: accountProcedure.query(({ ctx }) => parties.getAccount(ctx)),
  updateProfile: accountProcedure
    .input(updateProfileInput)
    .mutation(({ ctx, input }) => parties.updateProfile(ctx, input)),
  setLocale: accountProcedure
    .input(setLocaleInput)
    .mutation(({ ctx, input }) => parties.setLocale(ctx, input)),
  changePassword: accountProcedure.input(changePasswordInput).mutation(async ({ ctx, input }) => {
    const { claims, ended } = await parties.changePassword(ctx, input);
    await handOverSession(claims);
    return { ended };
  }),
  sessions: accountProcedure.query(({ ctx }) => parties.listSessions(ctx)),
  endSession: accountProcedure
    .input(endSessionInput)
    .mutation(({ ctx, input }) => parties.endSession(ctx, input)),
  endOtherSessions: accountProcedure.mutation(({ ctx }) => parties.endOtherSessions(ctx)),
  beginSecondFactor: accountProcedure
    .input(beginSecondFactorInput)
    .mutation(({ ctx, input }) => parties.beginSecondFactor(ctx, input)),
  confirmSecondFactor: accountProcedure.input(confirmSecondFactorInput).mutation(async ({ ctx, input }) => {
    const { claims, recoveryCodes, ended } = await parties.confirmSecondFactor(ctx, input);
    await handOverSession(claims);
    return { recoveryCodes, ended };
  }),
  disableSecondFactor: accountProcedure.input(disableSecondFactorInput).mutation(async ({ ctx, input }) => {
    const { claims, ended } = await parties.disableSecondFactor(ctx, input);
    await handOverSession(claims);
    return { ended };
  }),
  renewRecoveryCodes: accountProcedure
    .input(newRecoveryCodesInput)
    .mutation(({ ctx, input }) => parties.renewRecoveryCodes(ctx, input)),
});
