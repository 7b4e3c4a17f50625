import * as cards from "@/server/domain/cards";
import {
  batchIdInput,
  inspectKeyFileInput,
  keyImportIdInput,
  listBatchesInput,
  listKeyImportsInput,
  listKeyRejectsInput,
  listKeysInput,
  listStockInput,
  markDeadInput,
  revealKeyInput,
  startKeyImportInput,
} from "@/server/domain/cards/schemas";
import { procedure, router } from "../init";

export const stockRouter = router({
  list: procedure.input(listStockInput).query(({ ctx, input }) => cards.listStock(ctx, input)),
  low: procedure.query(({ ctx }) => cards.lowStock(ctx)),
  batches: procedure.input(listBatchesInput).query(({ ctx, input }) => cards.listBatches(ctx, input)),
  batch: procedure.input(batchIdInput).query(({ ctx, input }) => cards.getBatch(ctx, input)),
  keys: procedure.input(listKeysInput).query(({ ctx, input }) => cards.listKeys(ctx, input)),
  imports: procedure.input(listKeyImportsInput).query(({ ctx, input }) => cards.listKeyImports(ctx, input)),
  import: procedure.input(keyImportIdInput).query(({ ctx, input }) => cards.getKeyImport(ctx, input)),
  rejects: procedure.input(listKeyRejectsInput).query(({ ctx, input }) => cards.listKeyRejects(ctx, input)),
  inspect: procedure.input(inspectKeyFileInput).query(({ ctx, input }) => cards.inspectKeyFile(ctx, input)),
  startImport: procedure
    .input(startKeyImportInput)
    .mutation(({ ctx, input }) => cards.startKeyImport(ctx, input)),
  /** A mutation: each reading leaves an entry in the audit log, and the answer is nowhere kept. */
  reveal: procedure.input(revealKeyInput).mutation(({ ctx, input }) => cards.revealKey(ctx, input)),
  markDead: procedure.input(markDeadInput).mutation(({ ctx, input }) => cards.markDead(ctx, input)),
});
