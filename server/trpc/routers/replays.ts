import {
  cancelReplay,
  getReplay,
  listReplays,
  replayParties,
  replayTrade,
  replayTrades,
  startReplay,
} from "@/server/domain/clearing";
import {
  replayIdInput,
  replayPartiesInput,
  replaysOfInput,
  replayTradeInput,
  replayTradesInput,
  startReplayInput,
} from "@/server/domain/clearing/replay-schemas";
import { procedure, router } from "../init";

export const replaysRouter = router({
  list: procedure.input(replaysOfInput).query(({ ctx, input }) => listReplays(ctx, input)),
  get: procedure.input(replayIdInput).query(({ ctx, input }) => getReplay(ctx, input)),
  parties: procedure.input(replayPartiesInput).query(({ ctx, input }) => replayParties(ctx, input)),
  trades: procedure.input(replayTradesInput).query(({ ctx, input }) => replayTrades(ctx, input)),
  trade: procedure.input(replayTradeInput).query(({ ctx, input }) => replayTrade(ctx, input)),
  start: procedure.input(startReplayInput).mutation(({ ctx, input }) => startReplay(ctx, input)),
  cancel: procedure.input(replayIdInput).mutation(({ ctx, input }) => cancelReplay(ctx, input)),
});
