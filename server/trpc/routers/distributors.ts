import * as pricing from "@/server/domain/pricing";
import {
  distributorInput,
  listDistributorsInput,
  setDistributorInput,
} from "@/server/domain/pricing/schemas";
import { distributorOverview, listCommissions, listRecruits } from "@/server/domain/reports";
import { listCommissionsInput, partyOverviewInput } from "@/server/domain/reports/schemas";
import { procedure, router } from "../init";

export const distributorsRouter = router({
  list: procedure
    .input(listDistributorsInput)
    .query(({ ctx, input }) => pricing.listDistributors(ctx, input)),
  get: procedure.input(distributorInput).query(({ ctx, input }) => pricing.getDistributor(ctx, input)),
  set: procedure.input(setDistributorInput).mutation(({ ctx, input }) => pricing.setDistributor(ctx, input)),
  overview: procedure.input(partyOverviewInput).query(({ ctx, input }) => distributorOverview(ctx, input)),
  recruits: procedure.input(partyOverviewInput).query(({ ctx, input }) => listRecruits(ctx, input)),
  commissions: procedure.input(listCommissionsInput).query(({ ctx, input }) => listCommissions(ctx, input)),
});
