import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isDomainError } from "@/server/core/errors";
import { type ClearedLeg, clearTrade, compileRule, type TradeFacts } from "./engine";
import { type ReversedLeg, refundable, reverseLegs, shareWithoutTakingBack, storedValueOf } from "./reversal";
import { redemptionRule } from "./standard";

const parties = { platform: "platform", merchant: "merchant", brand: "brand", channel: "wechat" };
const facts: TradeFacts = {
  kind: "redemption",
  currency: "CNY",
  gross: 10000n,
  discount: 2000n,
  paid: 8000n,
  collectedBy: "platform",
  parties,
  channelFeeRate: "0.006",
};
const plan = compileRule(
  redemptionRule({
    commissionRate: "0.02",
    funding: [
      { party: "brand", share: "0.5" },
      { party: "platform", share: "0.3" },
      { party: "merchant", share: "0.2" },
    ],
  }),
);
const { legs } = clearTrade(plan, facts);
const amounts = (reversed: readonly ReversedLeg<ClearedLeg>[]) => reversed.map((r) => [r.code, r.amount]);
const codeOf = (work: () => unknown) => {
  try {
    work();
    return "no error";
  } catch (error) {
    return isDomainError(error) ? error.code : String(error);
  }
};

describe("a reversal", () => {
  it("mirrors each leg; the channel keeps its fee unless it gives it back", () => {
    const whole = { paid: 8000n, refundedBefore: 0n, refund: 8000n };
    const kept = reverseLegs(legs, { ...whole, channelRefundsFee: false });
    expect(amounts(kept)).toEqual([
      ["sale.collected", 8000n],
      ["subsidy.brand", 1000n],
      ["subsidy.platform", 600n],
      ["fee.commission", 192n],
    ]);
    const given = reverseLegs(legs, { ...whole, channelRefundsFee: true });
    expect(amounts(given).at(-1)).toEqual(["fee.channel", 48n]);
    for (const { of, debit, credit } of given) {
      expect(debit).toEqual(of.credit);
      expect(credit).toEqual(of.debit);
    }
  });

  it("of a part gives back that part of each leg", () => {
    const half = reverseLegs(legs, {
      paid: 8000n,
      refundedBefore: 0n,
      refund: 4000n,
      channelRefundsFee: true,
    });
    expect(amounts(half)).toEqual([
      ["sale.collected", 4000n],
      ["subsidy.brand", 500n],
      ["subsidy.platform", 300n],
      ["fee.commission", 96n],
      ["fee.channel", 24n],
    ]);
  });

  it("is measured by what the customer paid, whoever collected it", () => {
    const { legs: atTill } = clearTrade(plan, { ...facts, collectedBy: "merchant" });
    const part = reverseLegs(atTill, {
      paid: 8000n,
      refundedBefore: 0n,
      refund: 2000n,
      channelRefundsFee: false,
    });
    expect(amounts(part)).toEqual([
      ["subsidy.brand", 250n],
      ["subsidy.platform", 150n],
      ["fee.commission", 48n],
    ]);
  });

  it("of a gift card counts what it gave", () => {
    const used: TradeFacts = {
      ...facts,
      gross: 10001n,
      discount: 0n,
      paid: 5000n,
      storedValue: { amount: 5001n, programmeId: "programme" },
    };
    expect(refundable(used)).toBe(10001n);
    const { legs: mixed } = clearTrade(plan, used);
    const one = reverseLegs(mixed, {
      paid: 10001n,
      refundedBefore: 0n,
      refund: 1n,
      channelRefundsFee: false,
    });
    expect(amounts(one)).toEqual([["stored_value.redeemed", 1n]]); // one unit, not one of each
    expect(storedValueOf(one)).toBe(1n);
  });

  it("of a free order is whole or nothing", () => {
    const free = { ...facts, gross: 2000n, paid: 0n };
    const { legs: given } = clearTrade(plan, free);
    expect(refundable(free)).toBe(0n);
    const whole = reverseLegs(given, { paid: 0n, refundedBefore: 0n, refund: 0n, channelRefundsFee: false });
    expect(whole.map((r) => r.amount)).toEqual(given.map((leg) => leg.amount));
    expect(
      codeOf(() =>
        reverseLegs(given, { paid: 0n, refundedBefore: 0n, refund: 1n, channelRefundsFee: false }),
      ),
    ).toBe("REVERSAL_EXCEEDS_TRADE");
  });

  it("never exceeds the trade", () => {
    const ask = (refundedBefore: bigint, refund: bigint) =>
      codeOf(() => reverseLegs(legs, { paid: 8000n, refundedBefore, refund, channelRefundsFee: false }));
    expect(ask(0n, 8001n)).toBe("REVERSAL_EXCEEDS_TRADE");
    expect(ask(5000n, 3001n)).toBe("REVERSAL_EXCEEDS_TRADE");
    expect(ask(8000n, 1n)).toBe("TRADE_ALREADY_REVERSED");
    expect(ask(0n, 0n)).toBe("INPUT_INVALID");
    expect(ask(0n, -1n)).toBe("INPUT_INVALID");
    expect(ask(5000n, 3000n)).toBe("no error");
  });
});

describe("several partial refunds", () => {
  const money = fc.bigInt({ min: 1n, max: 10n ** 7n });
  const trade = fc
    .record({
      paid: money,
      others: fc.array(money, { maxLength: 4 }),
      cuts: fc.array(fc.nat(1_000_000), { maxLength: 5 }),
    })
    .map(({ paid, others, cuts }): { paid: bigint; legs: ClearedLeg[] } => {
      // legs that pass on the payment: it is cut at random places, so some may be nothing
      const places = [
        0n,
        ...cuts.map((c) => (paid * BigInt(c)) / 1_000_000n).sort((a, b) => (a < b ? -1 : 1)),
        paid,
      ];
      const passing = places.slice(1).map((end, i) => end - (places[i] ?? 0n));
      const leg = (code: string, debit: ClearedLeg["debit"]["kind"], amount: bigint): ClearedLeg => ({
        code,
        debit: { partyId: code, kind: debit },
        credit: { partyId: `${code}'s`, kind: "payable" },
        amount,
        partyId: code,
      });
      return {
        paid,
        legs: [
          ...passing.map((amount, i) => leg(`sale.s${i}`, "channel_receivable", amount)),
          ...others.map((amount, i) => leg(`fee.f${i}`, "receivable", amount)),
        ].filter(({ amount }) => amount > 0n),
      };
    });
  /** Cuts of p into parts, each more than nothing. */
  const split = (paid: bigint, cuts: readonly number[]): bigint[] => {
    const ends = [...new Set(cuts.map((c) => (paid * BigInt(c)) / 1_000_000n)), paid]
      .filter((end) => end > 0n)
      .sort((a, b) => (a < b ? -1 : 1));
    return [...new Set(ends)].map((end, i, all) => end - (all[i - 1] ?? 0n));
  };
  const refundAll = (of: readonly ClearedLeg[], paid: bigint, parts: readonly bigint[]) => {
    const back = new Map<string, bigint>();
    let before = 0n;
    for (const refund of parts) {
      let passedOn = 0n;
      for (const part of reverseLegs(of, {
        paid,
        refundedBefore: before,
        refund,
        channelRefundsFee: false,
      })) {
        expect(part.amount > 0n).toBe(true);
        const sum = (back.get(part.code) ?? 0n) + part.amount;
        expect(sum <= part.of.amount).toBe(true);
        back.set(part.code, sum);
        if (part.of.debit.kind === "channel_receivable") passedOn += part.amount;
      }
      expect(passedOn).toBe(refund); // the customer gets exactly what was promised
      before += refund;
    }
    return back;
  };

  it("add up to the whole, leg by leg, whatever their order, number and size, and never exceed it", () => {
    const cuts = fc.array(fc.nat(1_000_000), { maxLength: 8 });
    fc.assert(
      fc.property(trade, cuts, (t, c) => {
        const parts = split(t.paid, c);
        const straight = refundAll(t.legs, t.paid, parts);
        const backwards = refundAll(t.legs, t.paid, [...parts].reverse());
        for (const leg of t.legs) {
          expect(straight.get(leg.code)).toBe(leg.amount);
          expect(backwards.get(leg.code)).toBe(leg.amount);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("depend on how much was given back, not on how", () => {
    fc.assert(
      fc.property(trade, fc.nat(1_000_000), fc.nat(1_000_000), (t, a, b) => {
        const total = (t.paid * BigInt(a)) / 1_000_000n;
        const first = (total * BigInt(b)) / 1_000_000n;
        if (first === 0n || first === total) return;
        expect(refundAll(t.legs, t.paid, [first, total - first])).toEqual(refundAll(t.legs, t.paid, [total]));
      }),
    );
  });

  it("of one unit at a time never take a unit back", () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt({ min: 0n, max: 40n }), { minLength: 1, maxLength: 7 }), (weights) => {
        const total = weights.reduce((a, b) => a + b, 0n);
        let last = weights.map(() => 0n);
        for (let units = 1n; units <= total; units++) {
          const shares = shareWithoutTakingBack(units, weights, total);
          expect(shares.reduce((a, b) => a + b, 0n)).toBe(units);
          shares.forEach((share, i) => {
            expect(share >= (last[i] ?? 0n)).toBe(true);
          });
          last = shares;
        }
        expect(last).toEqual(weights);
      }),
    );
  });
});
