export { type DryRun, type DryRunLeg, type DryRunLine, dryRunImport } from "./dry-run";
export { type StoredFile, storeFile } from "./files";
export { type FileInspection, inspectFile } from "./inspect-file";
export { deleteMapping, listMappings, type Mapping, saveMapping } from "./mappings";
export {
  countLines,
  eachReject,
  getImport,
  type ImportDetail,
  type ImportReject,
  type ImportRow,
  listImports,
  listRejects,
  rejectsOfFile,
} from "./queries";
export { type ImportCounts, runImport } from "./run-import";
export { startImport } from "./start-import";
