/** Versions that say what holds already. Pure, and safe in the browser. */

/** A published version of a rule or a fee schedule. */
export interface PublishedVersion {
  id: string;
  version: number;
  effectiveFrom: Date | null;
  effectiveTo: Date | null;
  definition: unknown;
}

/**
 * The version that holds at a moment and says just what `definition` would from then on; undefined where something
 * differs, or nothing holds. One that is to end is no such version: what is published has no end.
 */
export function sameInForce<V extends PublishedVersion>(
  published: readonly V[],
  definition: unknown,
  from: Date,
): V | undefined {
  const holding = published
    .filter((one) => begins(one) <= from.getTime())
    .reduce<V | undefined>((last, one) => (last && isAfter(last, one) ? last : one), undefined);
  if (!holding || holding.effectiveTo !== null) return undefined;
  return sameTerms(holding.definition, definition) ? holding : undefined;
}

const begins = ({ effectiveFrom }: PublishedVersion) => effectiveFrom?.getTime() ?? Number.POSITIVE_INFINITY;

/** Of versions that begin together, the one made last is in force. */
function isAfter(a: PublishedVersion, b: PublishedVersion): boolean {
  return begins(a) > begins(b) || (begins(a) === begins(b) && a.id > b.id);
}

/** Whether two definitions say the same, in whatever order their fields and the parties they apply to stand. */
export function sameTerms(a: unknown, b: unknown): boolean {
  return canonical(a) === canonical(b);
}

/** What a definition says by leaving it out. */
const DEFAULTS: Readonly<Record<string, unknown>> = { rounding: "half_up", priority: 0 };

function canonical(value: unknown): string {
  if (Array.isArray(value)) {
    const parts = value.map(canonical);
    // of names alone (tiers, parties) the order says nothing
    return `[${value.every((one) => typeof one === "string") ? parts.sort() : parts}]`;
  }
  if (value === null || typeof value !== "object") return JSON.stringify(value ?? null);
  const said = Object.entries(value).filter(([key, part]) => part != null && part !== DEFAULTS[key]);
  return `{${said.map(([key, part]) => `${JSON.stringify(key)}:${canonical(part)}`).sort()}}`;
}
