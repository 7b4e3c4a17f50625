import { DomainError } from "./errors";
import { isId } from "./ids";

/** What a sort value is, so that a forged cursor is an error of the input and not of the database. */
type CursorPart = "id" | "time" | "integer" | "text";

const PART: Record<CursorPart, (value: string) => boolean> = {
  id: isId,
  time: (value) => /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value) && !Number.isNaN(Date.parse(value)),
  integer: (value) => /^-?\d{1,18}$/.test(value),
  text: (value) => !value.includes("\0"),
};

/** Where the next page begins: the sort values of the last row, opaque to callers. */
export function encodeCursor(values: readonly (string | bigint | Date)[]): string {
  const texts = values.map((value) => (value instanceof Date ? value.toISOString() : String(value)));
  return Buffer.from(JSON.stringify(texts)).toString("base64url");
}

/** Null for the first page. Throws INPUT_INVALID for what `encodeCursor` did not make. */
export function decodeCursor<const Parts extends readonly CursorPart[]>(
  cursor: string | null | undefined,
  parts: Parts,
): { [I in keyof Parts]: string } | null {
  if (!cursor) return null;
  try {
    const values: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
    if (Array.isArray(values) && values.length === parts.length) {
      const fits = parts.every((part, i) => typeof values[i] === "string" && PART[part](values[i]));
      if (fits) return values as unknown as { [I in keyof Parts]: string };
    }
  } catch {
    // not a cursor
  }
  throw new DomainError("INPUT_INVALID", { path: "cursor" });
}

/** Escapes what LIKE would take for a pattern, and finds it anywhere. */
export function containing(text: string): string {
  return `%${text.replaceAll(/[\\%_]/g, "\\$&")}%`;
}
