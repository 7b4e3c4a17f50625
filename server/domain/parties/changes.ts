import { isDeepStrictEqual } from "node:util";

/** `{ field: { from, to } }` for what differs, as audit rows keep it; null if nothing does. */
export function changesBetween(
  before: object,
  after: object,
): Record<string, { from: unknown; to: unknown }> | null {
  const old = before as Record<string, unknown>;
  const changes: Record<string, { from: unknown; to: unknown }> = {};
  for (const [field, to] of Object.entries(after)) {
    if (!isDeepStrictEqual(old[field], to)) changes[field] = { from: old[field] ?? null, to };
  }
  return Object.keys(changes).length > 0 ? changes : null;
}
