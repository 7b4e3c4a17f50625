import type { RuleScope, TradeKind } from "./schemas";

/**
 * Which rule clears a trade: the most specific one wins (it names the most facts of the trade), then the higher
 * priority, then the newest. Pure: the same versions, facts and instant always choose the same one.
 */

/** One version of a rule, as stored. It is in force from `effectiveFrom` until the rule's next version begins. */
export interface RuleCandidate {
  id: string;
  ruleId: string;
  scope: RuleScope;
  priority: number;
  effectiveFrom: Date;
  /** Ends the rule when set. */
  effectiveTo?: Date | null;
}

/** The facts of a trade that scopes name. */
export interface ScopeFacts {
  tradeKind: TradeKind;
  campaignId?: string | null;
  productId?: string | null;
  merchantId?: string | null;
  channelId?: string | null;
  tier?: string | null;
}

export const SCOPE_FIELDS = ["campaignId", "productId", "merchantId", "channelId", "tier"] as const;
export type ScopeField = (typeof SCOPE_FIELDS)[number];

/** How a version fared. `field`: the fact that kept it from applying. */
export interface Considered<V> {
  version: V;
  outcome:
    | "chosen"
    | "less_specific"
    | "lower_priority"
    | "older"
    | "does_not_apply"
    | "not_yet"
    | "superseded"
    | "ended";
  field?: "tradeKind" | ScopeField;
}

export interface Choice<V> {
  version: V | null;
  /** What decided between those that apply. */
  because: "none" | "only" | "most_specific" | "priority" | "newest";
  /** The facts that the chosen rule names. */
  names: ScopeField[];
  considered: Considered<V>[];
}

export interface RuleSet<V extends RuleCandidate> {
  /** The version that clears a trade, or null. Made for the hot path. */
  find(facts: ScopeFacts, at: Date): V | null;
  /** The same choice, with the reasons. */
  select(facts: ScopeFacts, at: Date): Choice<V>;
}

/** `ruleSet(versions).select(facts, at)`, for a single question. */
export function selectRule<V extends RuleCandidate>(
  versions: readonly V[],
  facts: ScopeFacts,
  at: Date,
): Choice<V> {
  return ruleSet(versions).select(facts, at);
}

/** Sorts versions once, so that the first that is in force and applies is the one. */
export function ruleSet<V extends RuleCandidate>(versions: readonly V[]): RuleSet<V> {
  const ranked = rank(versions);
  return {
    find(facts, at) {
      const now = at.getTime();
      for (const entry of ranked) {
        if (entry.from <= now && now < entry.until && misfit(entry.version.scope, facts) === null) {
          return entry.version;
        }
      }
      return null;
    },
    select(facts, at) {
      return explain(ranked, facts, at.getTime());
    },
  };
}

interface Ranked<V> {
  version: V;
  names: ScopeField[];
  /** In force during [from, until), in milliseconds. */
  from: number;
  until: number;
  supersededAt: number;
}

function rank<V extends RuleCandidate>(versions: readonly V[]): Ranked<V>[] {
  const byAge = [...versions].sort(
    (a, b) => a.effectiveFrom.getTime() - b.effectiveFrom.getTime() || (a.id < b.id ? -1 : 1),
  );
  const nextOf = new Map<string, number>();
  const ranked: Ranked<V>[] = [];
  for (const version of byAge.reverse()) {
    const from = version.effectiveFrom.getTime();
    const supersededAt = nextOf.get(version.ruleId) ?? Number.POSITIVE_INFINITY;
    nextOf.set(version.ruleId, from);
    const until = Math.min(supersededAt, version.effectiveTo?.getTime() ?? Number.POSITIVE_INFINITY);
    const names = SCOPE_FIELDS.filter((field) => version.scope[field] != null);
    ranked.push({ version, names, from, until, supersededAt });
  }
  // a stable sort: the newest stays first among equals
  return ranked.sort(
    (a, b) => b.names.length - a.names.length || b.version.priority - a.version.priority || b.from - a.from,
  );
}

/** The first field of the scope that the trade does not have, or null if the scope fits. */
function misfit(scope: RuleScope, facts: ScopeFacts): "tradeKind" | ScopeField | null {
  if (scope.tradeKind !== facts.tradeKind) return "tradeKind";
  for (const field of SCOPE_FIELDS) {
    const wanted = scope[field];
    if (wanted != null && wanted !== facts[field]) return field;
  }
  return null;
}

function explain<V extends RuleCandidate>(
  ranked: readonly Ranked<V>[],
  facts: ScopeFacts,
  now: number,
): Choice<V> {
  const considered: Considered<V>[] = [];
  let chosen: Ranked<V> | null = null;
  let because: Choice<V>["because"] = "none";
  for (const entry of ranked) {
    const { version } = entry;
    const field = misfit(version.scope, facts);
    if (field) considered.push({ version, outcome: "does_not_apply", field });
    else if (now < entry.from) considered.push({ version, outcome: "not_yet" });
    else if (now >= entry.supersededAt) considered.push({ version, outcome: "superseded" });
    else if (now >= entry.until) considered.push({ version, outcome: "ended" });
    else if (!chosen) {
      chosen = entry;
      because = "only";
      considered.push({ version, outcome: "chosen" });
    } else {
      const outcome = whyNot(chosen, entry);
      if (because === "only") because = DECIDED_BY[outcome];
      considered.push({ version, outcome });
    }
  }
  return { version: chosen?.version ?? null, because, names: chosen?.names ?? [], considered };
}

const DECIDED_BY = { less_specific: "most_specific", lower_priority: "priority", older: "newest" } as const;

function whyNot<V extends RuleCandidate>(chosen: Ranked<V>, other: Ranked<V>): keyof typeof DECIDED_BY {
  if (other.names.length < chosen.names.length) return "less_specific";
  return other.version.priority < chosen.version.priority ? "lower_priority" : "older";
}
