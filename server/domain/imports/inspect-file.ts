import type { z } from "zod";
import { type Ctx, requirePermission } from "@/server/core/context";
import { CsvReader, type CsvRecord, guessDelimiter } from "./csv-reader";
import { fileContent, findFile, type StoredFile } from "./files";
import { headerOf } from "./sale-line";
import { type Delimiter, inspectFileInput } from "./schemas";

export interface FileInspection {
  file: StoredFile;
  delimiter: Delimiter;
  header: string[];
  /** The first records as they stand, for choosing columns by. */
  rows: { line: number; fields: string[] }[];
}

const ROWS = 8;

/** The shape of an uploaded file. Throws NOT_FOUND, FILE_EMPTY, LINE_MALFORMED for a header that cannot be read. */
export async function inspectFile(
  ctx: Ctx,
  input: z.input<typeof inspectFileInput>,
): Promise<FileInspection> {
  requirePermission(ctx, "import:read");
  const { fileId, delimiter: wanted } = inspectFileInput.parse(input);
  const file = await findFile(ctx, fileId);
  const start = await firstPiece(ctx, fileId);
  const delimiter = wanted ?? guessDelimiter(start.toString("utf8").split("\n", 1)[0] ?? "");
  const reader = new CsvReader(delimiter);
  const records: CsvRecord[] = reader.push(start);
  if (start.length === file.size) records.push(...reader.end());
  const [first, ...rest] = records;
  return {
    file,
    delimiter,
    header: headerOf(first),
    rows: rest.slice(0, ROWS).flatMap(({ line, fields }) => (fields ? [{ line, fields }] : [])),
  };
}

async function firstPiece(ctx: Ctx, fileId: string): Promise<Buffer> {
  for await (const piece of fileContent(ctx, fileId)) return Buffer.from(piece);
  return Buffer.alloc(0);
}
