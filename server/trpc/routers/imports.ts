import * as imports from "@/server/domain/imports";
import {
  deleteMappingInput,
  dryRunInput,
  importIdInput,
  inspectFileInput,
  listImportsInput,
  listRejectsInput,
  saveMappingInput,
  startImportInput,
} from "@/server/domain/imports/schemas";
import { procedure, router } from "../init";

export const importsRouter = router({
  list: procedure.input(listImportsInput).query(({ ctx, input }) => imports.listImports(ctx, input)),
  get: procedure.input(importIdInput).query(({ ctx, input }) => imports.getImport(ctx, input)),
  rejects: procedure.input(listRejectsInput).query(({ ctx, input }) => imports.listRejects(ctx, input)),
  inspect: procedure.input(inspectFileInput).query(({ ctx, input }) => imports.inspectFile(ctx, input)),
  mappings: procedure.query(({ ctx }) => imports.listMappings(ctx)),
  saveMapping: procedure
    .input(saveMappingInput)
    .mutation(({ ctx, input }) => imports.saveMapping(ctx, input)),
  deleteMapping: procedure
    .input(deleteMappingInput)
    .mutation(({ ctx, input }) => imports.deleteMapping(ctx, input)),
  /** A mutation because it takes a while; it changes nothing. */
  dryRun: procedure.input(dryRunInput).mutation(({ ctx, input }) => imports.dryRunImport(ctx, input)),
  start: procedure.input(startImportInput).mutation(({ ctx, input }) => imports.startImport(ctx, input)),
});
