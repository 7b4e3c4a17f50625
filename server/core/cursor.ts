import { DomainError } from "./errors";

type CursorValue = string | number | null;

/** Where the next page begins: the sort values of the last row, opaque to callers. */
export function encodeCursor(values: readonly CursorValue[]): string {
  return Buffer.from(JSON.stringify(values)).toString("base64url");
}

/** Null for the first page. Throws INPUT_INVALID for what `encodeCursor` did not make. */
export function decodeCursor(cursor: string | null | undefined, length: number): CursorValue[] | null {
  if (!cursor) return null;
  try {
    const values: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
    if (Array.isArray(values) && values.length === length && values.every(isCursorValue)) return values;
  } catch {
    // not a cursor
  }
  throw new DomainError("INPUT_INVALID", { path: "cursor" });
}

function isCursorValue(value: unknown): value is CursorValue {
  return value === null || typeof value === "string" || typeof value === "number";
}

/** Escapes what LIKE would take for a pattern, and finds it anywhere. */
export function containing(text: string): string {
  return `%${text.replaceAll(/[\\%_]/g, "\\$&")}%`;
}
