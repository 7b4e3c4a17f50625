import fc from "fast-check";
import { expect, it } from "vitest";
import { referenceOf } from "@/server/core/ids";
import { packOutcomes, unpackOutcomes } from "./packed-outcomes";
import { VOUCHER_STATUSES } from "./schemas";
import type { RedeemOutcome } from "./types";

const amount = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const instant = fc.date({ noInvalidDate: true, min: new Date(0), max: new Date("9999-01-01") });
const receipt = fc
  .record({
    redemptionId: fc.uuid(),
    reference: fc.constant(""),
    redeemedAt: instant,
    voucherId: fc.uuid(),
    voucherStatus: fc.constantFrom(...VOUCHER_STATUSES),
    usesLeft: fc.nat(),
    balance: fc.option(amount),
    campaignId: fc.uuid(),
    campaignName: fc.string(),
    merchantId: fc.uuid(),
    merchantName: fc.constantFrom("A", "B", "0", ""),
    orderRef: fc.option(fc.string()),
    currency: fc.constantFrom("CNY", "USD"),
    orderAmount: amount,
    discount: amount,
    storedValue: amount,
    payable: amount,
    merchantDue: amount,
    legs: fc.array(fc.record({ code: fc.constantFrom("a", "b"), amount, partyId: fc.uuid() }), {
      maxLength: 6,
    }),
    undoUntil: instant,
  })
  .map((r) => ({ ...r, reference: referenceOf("RD", r.redemptionId) }));
const outcome: fc.Arbitrary<RedeemOutcome> = fc.oneof(
  receipt.map((r) => ({ ok: true as const, receipt: r })),
  fc.constant({ ok: false as const, error: { code: "VOUCHER_EXPIRED" as const, params: { at: "x", n: 1 } } }),
);

it("gives back what it was given, through JSON", () => {
  fc.assert(
    fc.property(fc.array(outcome, { maxLength: 8 }), (outcomes) => {
      expect(unpackOutcomes(JSON.parse(JSON.stringify(packOutcomes(outcomes))))).toEqual(outcomes);
    }),
  );
});
