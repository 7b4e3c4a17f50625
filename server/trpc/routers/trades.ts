import { z } from "zod";
import { explainTrade } from "@/server/domain/clearing";
import { procedure, router } from "../init";

export const tradesRouter = router({
  explain: procedure.input(z.object({ id: z.uuid() })).query(({ ctx, input }) => explainTrade(ctx, input.id)),
});
