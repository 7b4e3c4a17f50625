import { z } from "zod";
import * as vouchers from "@/server/domain/vouchers";
import {
  campaignOptionsInput,
  createCampaignInput,
  listCampaignsInput,
  updateCampaignInput,
} from "@/server/domain/vouchers/schemas";
import { procedure, router } from "../init";

const one = z.object({ id: z.uuid() });

export const campaignsRouter = router({
  list: procedure.input(listCampaignsInput).query(({ ctx, input }) => vouchers.listCampaigns(ctx, input)),
  get: procedure.input(one).query(({ ctx, input }) => vouchers.getCampaign(ctx, input)),
  options: procedure
    .input(campaignOptionsInput)
    .query(({ ctx, input }) => vouchers.campaignOptions(ctx, input)),
  create: procedure
    .input(createCampaignInput)
    .mutation(({ ctx, input }) => vouchers.createCampaign(ctx, input)),
  update: procedure
    .input(updateCampaignInput)
    .mutation(({ ctx, input }) => vouchers.updateCampaign(ctx, input)),
  activate: procedure.input(one).mutation(({ ctx, input }) => vouchers.activateCampaign(ctx, input)),
  pause: procedure.input(one).mutation(({ ctx, input }) => vouchers.pauseCampaign(ctx, input)),
  end: procedure.input(one).mutation(({ ctx, input }) => vouchers.endCampaign(ctx, input)),
});
