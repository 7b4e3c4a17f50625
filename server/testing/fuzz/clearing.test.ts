import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { factsOfSample, sampleOf } from "@/components/rule-editor/sample";
import { isDomainError } from "@/server/core/errors";
import { rateParts } from "@/server/core/money";
import {
  type ClearedLeg,
  type Clearing,
  clearTrade,
  compileRule,
  evaluate,
  type FeeLookup,
  type TradeFacts,
} from "@/server/domain/clearing/engine";
import {
  compileSchedule,
  type FeePosition,
  feeOfMonth,
  MONTH_BEGINS,
  trueUp,
} from "@/server/domain/clearing/fees/schedule";
import { feeProblems } from "@/server/domain/clearing/fees/schemas";
import { refundable, reverseLegs } from "@/server/domain/clearing/reversal";
import type { SplitRuleDefinition } from "@/server/domain/clearing/schemas";
import { validateDefinition } from "@/server/domain/clearing/validate";
import {
  anyCampaignShares,
  anyKind,
  anyRule,
  anySchedule,
  anyTrade,
  CURRENCY,
  FUZZ_SEED,
  type SomeTrade,
} from "./arbitraries";

/**
 * Random rules and trades, by the thousand. A failure names its seed and the smallest case; the same seed makes the
 * same cases: KAQING_FUZZ_SEED=…
 */
const RUNS = Number(process.env.KAQING_FUZZ_RUNS ?? 1000);
const check = <T>(property: fc.IRawProperty<T>, numRuns = RUNS) =>
  fc.assert(property, { numRuns, seed: FUZZ_SEED, endOnFailure: true });

const PLATFORM = "platform";
const EVERYONE = { everyone: true, tiers: [], parties: [] };

function factsOf(trade: SomeTrade, shares: TradeFacts["funding"], fees?: FeeLookup): TradeFacts {
  const cards = trade.kind === "card_sale";
  const loads = trade.kind === "stored_value";
  return {
    kind: trade.kind,
    currency: CURRENCY,
    gross: trade.gross,
    discount: trade.discount,
    paid: trade.paid,
    collectedBy: trade.collectedBy,
    parties: {
      platform: PLATFORM,
      merchant: cards ? null : "merchant",
      brand: cards ? null : "brand",
      channel: "channel",
      supplier: cards ? "supplier" : null,
      distributor: cards ? "distributor" : null,
      uplines: cards ? ["upline-1", "upline-2"] : [],
    },
    funding: trade.funding
      ? {
          amounts: ["brand", PLATFORM, "merchant"].map((partyId, i) => ({
            partyId,
            amount: trade.funding?.[i] ?? 0n,
          })),
        }
      : shares,
    channelFeeRate: "0.006",
    storedValue: cards ? null : { amount: loads ? 0n : trade.drawn, programmeId: "programme" },
    ...(cards && {
      face: trade.face,
      supplierCost: trade.cost,
      supplierTerms: trade.supplierTerms,
      markup: trade.markup,
      rates: trade.ownRate === null ? null : { distributor: trade.ownRate },
      feeBearer: trade.feeBearer,
      channelFeeMin: trade.feeMin,
      channelFeeMax: trade.feeMax,
    }),
    fees: fees ?? null,
  };
}

const anyCase = anyKind.chain((kind) =>
  fc.record({ definition: anyRule(kind), trade: anyTrade(kind), campaign: anyCampaignShares }),
);
const factsIn = ({ trade, campaign }: { trade: SomeTrade; campaign: SplitRuleDefinition["funding"] }) =>
  factsOf(trade, campaign.length > 0 ? { shares: campaign } : null);

/** What it is cleared to, or the code of its refusal. */
function cleared(definition: SplitRuleDefinition, facts: TradeFacts): Clearing | string {
  try {
    return clearTrade(compileRule(definition), facts);
  } catch (error) {
    if (isDomainError(error)) return error.code;
    throw error;
  }
}

/** Codes with which a rule of the language may refuse a trade that is in order. */
const REFUSALS = ["RULE_NEGATIVE_RESULT", "FUNDING_INVALID"];

const sum = (amounts: Iterable<bigint>) => [...amounts].reduce((total, amount) => total + amount, 0n);
const nameOf = ({ partyId, kind, ref }: ClearedLeg["debit"]) => `${partyId}/${kind}/${ref ?? ""}`;
const shown = (legs: readonly ClearedLeg[]) =>
  legs.map(
    ({ code, debit, credit, amount, partyId }) =>
      `${code} ${nameOf(debit)} ${nameOf(credit)} ${amount} ${partyId}`,
  );

describe(`random rules (KAQING_FUZZ_SEED=${FUZZ_SEED})`, () => {
  it("are of the language", () => {
    check(
      fc.property(anyCase, ({ definition, trade }) => {
        expect(validateDefinition(definition, trade.kind)).toEqual([]);
      }),
    );
    check(
      fc.property(
        fc.boolean(),
        anySchedule(EVERYONE, false),
        anySchedule(EVERYONE, true),
        (is, own, channels) => {
          expect(feeProblems(is ? channels : own, is ? "channel" : "merchant")).toEqual([]);
        },
      ),
      300,
    );
  });

  it("pass on what was paid, charge funders the discount, draw the card, and leave every account balanced", () => {
    let passed = 0;
    check(
      fc.property(anyCase, (one) => {
        const { definition, trade } = one;
        const facts = factsIn(one);
        const result = cleared(definition, facts);
        const keeps = (kind: string) => definition.legs.every(({ amount }) => amount.kind !== kind);
        const strays =
          trade.kind === "card_sale" &&
          ((trade.markup > 0n && keeps("markup")) || (trade.cost > 0n && keeps("supplier_cost")));
        if (typeof result === "string") {
          expect(strays ? [...REFUSALS, "RULE_INVALID"] : REFUSALS).toContain(result);
          return;
        }
        expect(strays).toBe(false);
        passed += 1;
        const { legs } = result;
        for (const leg of legs) {
          expect(leg.amount > 0n).toBe(true);
          expect(nameOf(leg.debit)).not.toBe(nameOf(leg.credit));
        }
        const of = (wanted: (source: string, kind: string, target: string) => boolean) =>
          sum(
            legs.flatMap(({ code, amount }) => {
              const leg = definition.legs.find((one) => one.code === code);
              return leg && wanted(leg.from, leg.amount.kind, leg.to) ? [amount] : [];
            }),
          );
        // the customer's money, unless the merchant's till has it and keeps a part in its own account
        const kept = sum(
          evaluate(compileRule(definition), facts).legs.flatMap(({ leg, note, rounded }) =>
            leg.definition.from === "payer" && note === "collected_by_merchant" ? [rounded] : [],
          ),
        );
        const passedOn = of((from) => from === "payer");
        const tillKeeps =
          trade.collectedBy === "merchant" &&
          definition.legs.some(({ amount }) => amount.kind === "remainder");
        if (tillKeeps) expect(passedOn <= trade.paid).toBe(true);
        else expect(passedOn + kept).toBe(trade.paid);
        expect(of((_, kind) => kind === "stored_value")).toBe(trade.drawn);

        const { funding, merchantPart } = evaluate(compileRule(definition), facts);
        const owed = of((_, kind) => kind === "funding");
        expect(sum(funding.map(({ amount }) => amount))).toBe(trade.discount);
        expect(owed).toBe(trade.discount - (trade.kind === "redemption" ? merchantPart : 0n));
        for (const { share, amount } of funding) {
          if (share === null) continue;
          const { numerator, denominator } = rateParts(share);
          const off = amount * denominator - trade.discount * numerator;
          expect(off > -denominator && off < denominator).toBe(true); // less than a unit off its exact share
        }

        // what came in (channel, wallet, till, funders, card) is what parties, fees and the platform's result got
        const nets = new Map<string, bigint>();
        for (const { debit, credit, amount } of legs) {
          nets.set(nameOf(debit), (nets.get(nameOf(debit)) ?? 0n) - amount);
          nets.set(nameOf(credit), (nets.get(nameOf(credit)) ?? 0n) + amount);
        }
        expect(sum(nets.values())).toBe(0n);
        const collected = trade.collectedBy === "platform" ? trade.paid : 0n;
        const owedByChannel = of((from) => from === "channel");
        const owedToChannel = of((_, __, to) => to === "channel"); // its fee, too
        const ofChannel = nets.get("channel/channel_receivable/") ?? 0n;
        expect(-ofChannel).toBe(collected + owedByChannel - owedToChannel); // what it still has to hand over
        if (trade.kind === "stored_value")
          expect(nets.get("platform/stored_value/programme") ?? 0n).toBe(trade.gross);
      }),
    );
    expect(passed).toBeGreaterThan(RUNS / 3);
  });

  it("clear the same trade to the same legs, from the text of the rule, too", () => {
    check(
      fc.property(anyCase, (one) => {
        const facts = factsIn(one);
        const once = cleared(one.definition, facts);
        const again = cleared(JSON.parse(JSON.stringify(one.definition)), facts);
        expect(again).toEqual(once);
      }),
    );
  });

  it("say in the editor's sample what clearing does", () => {
    check(
      fc.property(
        anyCase,
        fc.constantFrom("rule", "brand", "platform", "merchant"),
        ({ definition, trade }, funder) => {
          const input = {
            kind: trade.kind,
            gross: trade.gross,
            discount: trade.discount,
            storedValue: trade.drawn,
            cost: trade.cost,
            markup: trade.markup,
            funder: trade.kind === "card_sale" ? ("rule" as const) : (funder as "brand"),
            collectedBy: trade.collectedBy,
            channelRate: "0.006",
          };
          const facts = factsOfSample(input, CURRENCY, {}, trade.discount > 0n);
          const result = cleared(definition, facts);
          const sample = sampleOf(definition, input, CURRENCY, {});
          if (typeof result === "string") {
            expect(sample).toMatchObject({ ok: false, code: result });
            return;
          }
          expect(
            sample.ok &&
              sample.trace.legs.flatMap(({ code, amount, note }) => (note ? [] : [`${code} ${amount}`])),
          ).toEqual(result.legs.map(({ code, amount }) => `${code} ${amount}`));
        },
      ),
    );
  });

  it("are undone whole, in one refund or in many", () => {
    check(
      fc.property(
        anyCase,
        fc.array(fc.integer({ min: 1, max: 100 }), { maxLength: 6 }),
        fc.boolean(),
        (one, steps, back) => {
          const facts = factsIn(one);
          const result = cleared(one.definition, facts);
          if (typeof result === "string") return;
          const given = refundable(facts);
          const undone = new Map<string, bigint>();
          let before = 0n;
          const refund = (amount: bigint) => {
            const reversed = reverseLegs(result.legs, {
              paid: given,
              refundedBefore: before,
              refund: amount,
              channelRefundsFee: back,
            });
            for (const { of, debit, credit, amount: part } of reversed) {
              expect(part > 0n).toBe(true);
              expect([nameOf(debit), nameOf(credit)]).toEqual([nameOf(of.credit), nameOf(of.debit)]);
              const key = shown([of])[0] ?? "";
              undone.set(key, (undone.get(key) ?? 0n) + part);
            }
            before += amount;
          };
          for (const percent of steps) {
            const amount = ((given - before) * BigInt(percent)) / 100n;
            if (amount > 0n) refund(amount);
          }
          if (before < given || given === 0n) refund(given - before);
          for (const leg of result.legs) {
            const kept = !back && leg.credit.kind === "channel_receivable";
            expect(undone.get(shown([leg])[0] ?? "") ?? 0n).toBe(kept ? 0n : leg.amount);
          }
        },
      ),
    );
  });
});

describe("random fee schedules", () => {
  it("charge a month of random trades what its volume comes to", () => {
    const anyMonth = fc.record({
      definition: anyRule("redemption"),
      schedule: anySchedule(EVERYONE),
      channels: anySchedule(EVERYONE, true),
      trades: fc.array(anyTrade("redemption"), { minLength: 1, maxLength: 12 }),
    });
    check(
      fc.property(anyMonth, ({ definition, schedule, channels, trades }) => {
        const rule = compileRule(definition);
        const plans = {
          merchant: compileSchedule(schedule),
          channel: compileSchedule(channels),
          distributor: null,
        };
        const months = new Map<string, FeePosition>();
        const lookup: FeeLookup = (leg, role) => {
          const plan = plans[role];
          return (
            plan && {
              // only its plan is asked for here
              schedule: { id: role, scheduleId: role, plan } as unknown as NonNullable<
                ReturnType<FeeLookup>
              >["schedule"],
              because: null,
              period: "2026-11",
              before: months.get(leg) ?? MONTH_BEGINS,
            }
          );
        };
        const charged = new Map<string, bigint>();
        for (const trade of trades) {
          const facts = factsOf(trade, { shares: [{ party: "platform", share: "1" }] }, lookup);
          let result: Clearing;
          try {
            result = clearTrade(rule, facts);
          } catch (error) {
            if (isDomainError(error)) continue;
            throw error;
          }
          for (const fee of result.fees) {
            expect(fee.charge.before).toEqual(months.get(fee.leg) ?? MONTH_BEGINS);
            expect(fee.charge.after.volume).toBe(fee.charge.before.volume + fee.base);
            expect(fee.charge.amount >= 0n).toBe(true);
            months.set(fee.leg, fee.charge.after);
            const moved = sum(result.legs.flatMap(({ code, amount }) => (code === fee.leg ? [amount] : [])));
            expect(moved).toBe(fee.charge.amount);
            charged.set(fee.leg, (charged.get(fee.leg) ?? 0n) + moved);
          }
        }
        for (const [leg, month] of months) {
          const plan = leg === "fee.channel" ? plans.channel : plans.merchant;
          expect(charged.get(leg)).toBe(month.charged);
          const whole = feeOfMonth(plan, month);
          if (whole !== null && (plan.method === "volume" || plan.min !== null))
            expect(month.charged + trueUp(plan, month)).toBe(whole);
          else if (whole !== null) expect(month.charged).toBe(whole);
        }
      }),
      Math.ceil(RUNS / 3),
    );
  });
});
