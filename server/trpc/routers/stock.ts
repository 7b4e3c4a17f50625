import * as cards from "@/server/domain/cards";
import {
  batchIdInput,
  listBatchesInput,
  listKeysInput,
  listStockInput,
  markDeadInput,
  revealKeyInput,
} from "@/server/domain/cards/schemas";
import { procedure, router } from "../init";

export const stockRouter = router({
  list: procedure.input(listStockInput).query(({ ctx, input }) => cards.listStock(ctx, input)),
  low: procedure.query(({ ctx }) => cards.lowStock(ctx)),
  batches: procedure.input(listBatchesInput).query(({ ctx, input }) => cards.listBatches(ctx, input)),
  batch: procedure.input(batchIdInput).query(({ ctx, input }) => cards.getBatch(ctx, input)),
  keys: procedure.input(listKeysInput).query(({ ctx, input }) => cards.listKeys(ctx, input)),
  /** A mutation: each reading leaves an entry in the audit log, and the answer is nowhere kept. */
  reveal: procedure.input(revealKeyInput).mutation(({ ctx, input }) => cards.revealKey(ctx, input)),
  markDead: procedure.input(markDeadInput).mutation(({ ctx, input }) => cards.markDead(ctx, input)),
});
