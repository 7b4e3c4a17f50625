import * as pricing from "@/server/domain/pricing";
import { createTierInput, tierInput, updateTierInput } from "@/server/domain/pricing/schemas";
import { procedure, router } from "../init";

export const tiersRouter = router({
  list: procedure.query(({ ctx }) => pricing.listTiers(ctx)),
  create: procedure.input(createTierInput).mutation(({ ctx, input }) => pricing.createTier(ctx, input)),
  update: procedure.input(updateTierInput).mutation(({ ctx, input }) => pricing.updateTier(ctx, input)),
  remove: procedure.input(tierInput).mutation(({ ctx, input }) => pricing.removeTier(ctx, input)),
});
