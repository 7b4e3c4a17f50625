import { z } from "zod";
import { appDatabase } from "@/server/core/runtime";
import { walletView } from "@/server/domain/vouchers";
import { publicProcedure, router } from "../init";

export const walletRouter = router({
  /** What the holder of an address sees. A mutation: showing a rotating code is noted, and the token stays out of logs. */
  view: publicProcedure
    .input(z.object({ tenant: z.string().min(1).max(64), token: z.string().min(1).max(64) }))
    .mutation(({ input }) => walletView(appDatabase(), input.tenant, input.token)),
});
