import * as pricing from "@/server/domain/pricing";
import { listPricesInput, setPricesInput } from "@/server/domain/pricing/schemas";
import { procedure, router } from "../init";

export const pricesRouter = router({
  list: procedure.input(listPricesInput).query(({ ctx, input }) => pricing.listPrices(ctx, input)),
  set: procedure.input(setPricesInput).mutation(({ ctx, input }) => pricing.setPrices(ctx, input)),
});
