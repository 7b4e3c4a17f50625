import * as payments from "@/server/domain/payments";
import {
  channelIdInput,
  createChannelInput,
  setChannelEnabledInput,
  tryRouteInput,
  updateChannelInput,
} from "@/server/domain/payments/schemas";
import { procedure, router } from "../init";

export const channelsRouter = router({
  list: procedure.query(({ ctx }) => payments.listChannels(ctx)),
  get: procedure.input(channelIdInput).query(({ ctx, input }) => payments.getChannel(ctx, input)),
  create: procedure
    .input(createChannelInput)
    .mutation(({ ctx, input }) => payments.createChannel(ctx, input)),
  update: procedure
    .input(updateChannelInput)
    .mutation(({ ctx, input }) => payments.updateChannel(ctx, input)),
  setEnabled: procedure
    .input(setChannelEnabledInput)
    .mutation(({ ctx, input }) => payments.setChannelEnabled(ctx, input)),
  tryRoute: procedure.input(tryRouteInput).query(({ ctx, input }) => payments.tryRoute(ctx, input)),
});
