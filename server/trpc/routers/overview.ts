import { houseOverview, partyOverview } from "@/server/domain/reports";
import { overviewInput, partyOverviewInput } from "@/server/domain/reports/schemas";
import { procedure, router } from "../init";

export const overviewRouter = router({
  house: procedure.input(overviewInput).query(({ ctx, input }) => houseOverview(ctx, input)),
  party: procedure.input(partyOverviewInput).query(({ ctx, input }) => partyOverview(ctx, input)),
});
