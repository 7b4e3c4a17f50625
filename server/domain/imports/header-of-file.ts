import type { Ctx } from "@/server/core/context";
import { DomainError } from "@/server/core/errors";
import { CsvReader } from "./csv-reader";
import { fileContent } from "./files";
import { headerOf } from "./sale-line";

/** The header names of a stored file. Throws FILE_EMPTY, LINE_MALFORMED. */
export async function headerOfFile(ctx: Ctx, fileId: string, delimiter: string): Promise<string[]> {
  const reader = new CsvReader(delimiter);
  for await (const piece of fileContent(ctx, fileId)) {
    const [first] = reader.push(piece);
    if (first) return headerOf(first);
  }
  const [first] = reader.end();
  if (!first) throw new DomainError("FILE_EMPTY");
  return headerOf(first);
}
