import type { LegOutcome } from "../engine";
import { copied } from "./copied";
import { Top } from "./top";

/**
 * Sums up what every party had of the trades and what it would have had. Pure; amounts in minor units.
 *
 * A party has what its accounts are credited less what they are debited. Money of customers that only passes through
 * (held by a channel, paid out of a distributor's wallet, kept on gift cards) is nobody's gain, and left out; at a
 * till, where the merchant keeps it, its payable tells what the platform settles with it.
 */
export class Sums {
  readonly #parties = new Map<string, Map<string, PartySum>>();
  readonly #largest: Top<KeptTrade>;
  readonly #all: PartySum[] = [];
  readonly #touched: PartySum[] = [];
  trades = 0;
  changed = 0;

  constructor(readonly keep: { overall: number; perParty: number; inAll: number }) {
    this.#largest = new Top(keep.overall);
  }

  /** `after` null: the same legs. `figures` is asked for what is kept of a trade. */
  add(
    currency: string,
    before: readonly LegOutcome[],
    after: readonly LegOutcome[] | null,
    figures: () => TradeFigures,
  ): void {
    this.trades++;
    const touched = this.#touched;
    touched.length = 0;
    for (const leg of before) this.#move(currency, leg, 1n);
    for (const party of touched) party.tradeAfter = party.tradeBefore;
    if (after) this.#moveOthers(currency, before, after);
    let moved = 0n;
    for (const party of touched)
      if (party.tradeAfter > party.tradeBefore) moved += party.tradeAfter - party.tradeBefore;
    const isChanged = after !== null && touched.some((party) => party.tradeAfter !== party.tradeBefore);
    if (isChanged) {
      this.changed++;
      this.#keep(moved, figures);
    }
    for (const party of touched) {
      party.trades++;
      party.before += party.tradeBefore;
      party.after += party.tradeAfter;
      if (party.tradeAfter !== party.tradeBefore) party.changed++;
      party.tradeBefore = 0n;
      party.tradeAfter = 0n;
      party.knownAs = party.partyId;
    }
  }

  /** What is added to a party's sums beside its trades. */
  addBeside(currency: string, partyId: string, before: bigint, after: bigint): void {
    const party = this.#party(currency, partyId);
    party.before += before;
    party.after += after;
  }

  parties(): readonly Readonly<PartySum>[] {
    return this.#all;
  }

  /** Those that change most, overall or for one party, each once; the first of them are the largest overall. */
  kept(): KeptTrade[] {
    const trades = new Set(this.#largest.items());
    for (const { largest } of this.#all) for (const trade of largest?.items() ?? []) trades.add(trade);
    return [...trades];
  }

  #keep(moved: bigint, figures: () => TradeFigures): void {
    let kept: KeptTrade | null = null;
    const isLarge = this.#largest.takes(moved);
    for (const party of this.#touched) {
      const difference = party.tradeAfter - party.tradeBefore;
      if (difference === 0n) continue;
      const size = difference < 0n ? -difference : difference;
      party.largest ??= new Top(
        this.#all.length * this.keep.perParty > this.keep.inAll ? FEW : this.keep.perParty,
      );
      const isParties = party.largest.takes(size);
      if (!isLarge && !isParties) continue;
      kept ??= { ...figures(), moved, shares: [] };
      const { partyId, tradeBefore, tradeAfter } = party;
      kept.shares.push({ partyId, before: tradeBefore, after: tradeAfter });
      if (isParties) party.largest.add(size, kept);
    }
    if (isLarge && kept) this.#largest.add(moved, kept);
  }

  /** Most legs are the same in both worlds: what has to be counted is what the others are apart. */
  #moveOthers(currency: string, before: readonly LegOutcome[], after: readonly LegOutcome[]): void {
    const legs = Math.max(before.length, after.length);
    for (let place = 0; place < legs; place++) {
      const [one, other] = [before[place], after[place]];
      if (one && other && isSame(one, other)) continue;
      if (one) this.#move(currency, one, -1n, true);
      if (other) this.#move(currency, other, 1n, true);
    }
  }

  #move(currency: string, { leg, debit, credit, amount }: LegOutcome, sign: 1n | -1n, isAfter = false): void {
    if (!debit || !credit) return;
    if (credit.kind !== "stored_value")
      this.#count(currency, credit.partyId, sign === 1n ? amount : -amount, isAfter);
    const passesThrough = leg.definition.from === "payer" && debit.kind !== "payable";
    if (debit.kind !== "stored_value" && !passesThrough)
      this.#count(currency, debit.partyId, sign === 1n ? -amount : amount, isAfter);
  }

  #count(currency: string, partyId: string, amount: bigint, isAfter: boolean): void {
    let party = this.#ofTrade(partyId);
    if (!party) {
      party = this.#party(currency, partyId);
      party.knownAs = partyId;
      this.#touched.push(party);
    }
    if (isAfter) party.tradeAfter += amount;
    else party.tradeBefore += amount;
  }

  /** The legs of a trade name few parties, and by the same texts: comparing these is quicker than looking them up. */
  #ofTrade(partyId: string): PartySum | undefined {
    for (const party of this.#touched) if (party.knownAs === partyId) return party;
  }

  #party(currency: string, partyId: string): PartySum {
    let ofCurrency = this.#parties.get(currency);
    if (!ofCurrency) {
      ofCurrency = new Map();
      this.#parties.set(copied(currency), ofCurrency);
    }
    let party = ofCurrency.get(partyId);
    if (!party) {
      const own = copied(partyId);
      party = {
        partyId: own,
        currency: copied(currency),
        before: 0n,
        after: 0n,
        trades: 0,
        changed: 0,
        largest: null,
        tradeBefore: 0n,
        tradeAfter: 0n,
        knownAs: own,
      };
      ofCurrency.set(own, party);
      this.#all.push(party);
    }
    return party;
  }
}

function isSame(a: LegOutcome, b: LegOutcome): boolean {
  return (
    a.amount === b.amount &&
    a.debit?.partyId === b.debit?.partyId &&
    a.debit?.kind === b.debit?.kind &&
    a.credit?.partyId === b.credit?.partyId &&
    a.credit?.kind === b.credit?.kind &&
    a.leg.definition.from === b.leg.definition.from
  );
}

/** Of each party, where there are so many that `inAll` would be exceeded. */
const FEW = 5;

export interface PartySum {
  partyId: string;
  currency: string;
  before: bigint;
  after: bigint;
  trades: number;
  /** Of these, where it has another amount. */
  changed: number;
  largest: Top<KeptTrade> | null;
  /** Of the trade that is being added. */
  tradeBefore: bigint;
  tradeAfter: bigint;
  knownAs: string;
}

export interface TradeFigures {
  id: string;
  kind: string;
  tradedAt: Date;
  currency: string;
  gross: bigint;
  months: MonthsAt | null;
}

export interface KeptTrade extends TradeFigures {
  /** The sum of what is gained by it. */
  moved: bigint;
  shares: { partyId: string; before: bigint; after: bigint }[];
}

/** Where the months stood before a trade of those whose legs a fee schedule prices, as cleared and as tried. */
export interface MonthsAt {
  before: MonthAt[];
  after: MonthAt[];
}
export interface MonthAt {
  leg: string;
  partyId: string;
  /** Version of the schedule. */
  version: string;
  period: string;
  volume: string;
  count: number;
  charged: string;
}
