import { describe, expect, it } from "vitest";
import { besidesOf, fundingOf, legOf, movementsOf, sells, tradeHref, transfersOf } from "./legs";
import type { Explanation, Movement, Trace, TraceLeg, Transfer } from "./types";

const party = (id: string) => ({ id, name: id, kind: "merchant" });
function leg(over: Partial<TraceLeg>): TraceLeg {
  return {
    code: "fee.channel",
    from: "fee_bearer",
    to: "channel",
    kind: "channel_fee",
    base: null,
    rate: null,
    fixed: null,
    exact: "0",
    rounding: null,
    rounded: "0",
    limit: null,
    fee: null,
    remainderUnits: "0",
    amount: "1",
    partyId: null,
    debit: { partyId: "merchant", kind: "payable" },
    credit: { partyId: "channel", kind: "channel_receivable" },
    note: null,
    ...over,
  };
}
function transfer(over: Partial<Transfer>): Transfer {
  return {
    id: "t",
    leg: "fee.channel",
    amount: 1n,
    debit: { party: party("merchant"), kind: "payable" },
    credit: { party: party("channel"), kind: "channel_receivable" },
    debitDueAt: null,
    creditDueAt: null,
    reverses: null,
    ...over,
  };
}
const trace = (legs: TraceLeg[]) => ({ legs, funding: [] }) as unknown as Trace;

describe("the leg of a transfer", () => {
  const merchants = leg({});
  const platforms = leg({ debit: { partyId: "platform", kind: "channel_fee" } });

  it("is told from others of its name by its sides", () => {
    const of = trace([platforms, merchants]);
    expect(legOf({ trace: of }, transfer({}))).toBe(merchants);
  });

  it("of a reversal is the one it mirrors, the other way round", () => {
    const mirrored = transfer({
      debit: { party: party("channel"), kind: "channel_receivable" },
      credit: { party: party("merchant"), kind: "payable" },
      reverses: { id: "o", amount: 2n },
    });
    expect(legOf({ trace: trace([platforms, merchants]) }, mirrored)).toBe(merchants);
  });

  it("is none of what no rule computed, and none that did not move", () => {
    expect(legOf({ trace: null }, transfer({ leg: "payout" }))).toBeNull();
    expect(legOf({ trace: trace([leg({ note: "amount_zero" })]) }, transfer({}))).toBeNull();
    expect(legOf({ trace: trace([merchants]) }, transfer({ leg: "fee.walk_back" }))).toBeNull();
  });
});

describe("what stands beside a leg", () => {
  it("is the funder's part of a subsidy, where it is known", () => {
    const subsidy = leg({ kind: "funding", from: "brand", debit: { partyId: "b", kind: "receivable" } });
    const part = { party: "brand", partyId: "b" };
    expect(fundingOf({ funding: [part] } as unknown as Trace, subsidy)).toBe(part);
    expect(fundingOf({ funding: [] } as unknown as Trace, subsidy)).toBeNull();
    expect(fundingOf({ funding: [part] } as unknown as Trace, leg({}))).toBeNull();
  });

  const movement = { leg: "fee.commission" } as Movement;
  const explanation = {
    transfers: [transfer({ leg: "fee.commission" }), transfer({ leg: "sale.collected" })],
    fees: [movement],
  } as unknown as Explanation;

  it("is the month, for the fee, for what corrected it, and for the whole trade", () => {
    for (const of of [undefined, "fee.commission", "fee.walk_back", "fee.true_up"])
      expect(movementsOf(explanation, of)).toEqual([movement]);
    expect(movementsOf(explanation, "sale.collected")).toEqual([]);
  });

  it("are the other transfers only if no leg is asked for", () => {
    expect(transfersOf(explanation, undefined)).toHaveLength(2);
    expect(transfersOf(explanation, "sale.collected").map((one) => one.leg)).toEqual(["sale.collected"]);
  });
});

it("leads to the page of a redemption only where the reader may open it", () => {
  const of = (kind: string, orderId: string | null = null) =>
    ({ trade: { id: "x", kind, orderId }, reversalOf: null }) as Parameters<typeof tradeHref>[0];
  expect(tradeHref(of("redemption"), { redemptions: true })).toBe("/redemptions/x");
  expect(tradeHref(of("redemption"), { redemptions: false })).toBe("/trades/x");
  expect(tradeHref(of("adjustment"), { redemptions: true })).toBe("/trades/x");
  expect(tradeHref(of("card_sale", "o"), { redemptions: true, id: "y" })).toBe("/trades/y");
});

it("says what went back besides, or was counted again", () => {
  const money = (amount: bigint) => `${amount}`;
  expect(besidesOf("graduated", 0n, money)).toEqual({ way: "none", amount: "" });
  expect(besidesOf("graduated", 5n, money)).toEqual({ way: "back", amount: "5" });
  expect(besidesOf("graduated", -5n, money)).toEqual({ way: "again", amount: "5" });
  expect(besidesOf("volume", 0n, money).way).toBe("later");
  expect(besidesOf("flat", 0n, money).way).toBe("plain");
});

it("tells what was sold from money that only moves", () => {
  const of = (kind: string) => sells({ trade: { kind } as Explanation["trade"] });
  expect(["redemption", "card_sale", "stored_value", "reversal"].every(of)).toBe(true);
  expect(["payout", "top_up", "payment", "adjustment"].some(of)).toBe(false);
});
