import { describe, expect, it } from "vitest";
import { definitionOfDraft, draftOfDefinition, draftProblems } from "@/server/domain/clearing/draft";
import { cardSaleRule, redemptionRule, storedValueRule } from "@/server/domain/clearing/standard";
import {
  addLeg,
  addShare,
  changeKind,
  changeLeg,
  docOf,
  draftOf,
  fraction,
  millionths,
  moveLeg,
  newDoc,
  type RuleDoc,
  removeLeg,
  sumOf,
  templateOf,
} from "./state";

const doc = (): RuleDoc => newDoc("redemption", "CNY", 2);
const codes = ({ legs }: RuleDoc) => legs.map(({ code }) => code);
const rest = {
  name: "x",
  priority: 0,
  effectiveFrom: null,
  note: "",
  checked: { from: "1", to: "2", share: "1" },
};

describe("a rule in the editor", () => {
  it.each([
    ["redemption", redemptionRule({ commissionRate: "0.02", handling: { amount: "100", currency: "CNY" } })],
    ["card_sale", cardSaleRule({ commissionRate: "0.01", uplineRates: ["0.002"] })],
    ["stored_value", storedValueRule()],
  ] as const)("comes out of the rows as it went in: %s", (tradeKind, definition) => {
    const opened = docOf(draftOfDefinition(definition), { ...rest, scope: { tradeKind } });
    expect(definitionOfDraft(draftOf(opened), tradeKind)).toEqual(definition);
  });

  it.each(["redemption", "card_sale", "stored_value"] as const)(
    "begins with a %s template that lacks rates alone",
    (kind) => {
      const problems = draftProblems(templateOf(kind), kind);
      expect(new Set(problems.map(({ path }) => path.at(-1)))).toEqual(
        new Set(kind === "stored_value" ? [] : ["rate"]),
      );
    },
  );

  it("keeps a rate while another kind is tried, and sends only what belongs to the kind", () => {
    const before = doc();
    const leg = before.legs.find(({ kind }) => kind === "rate");
    const key = leg?.key ?? "";
    const typed = changeLeg(before, key, { rate: "0.02", min: "5" });
    const fixed = changeLeg(typed, key, { kind: "fixed", amount: "100" });
    const sent = draftOf(fixed);
    expect(sent.currency).toBe("CNY");
    expect(sent.legs.find(({ code }) => code === leg?.code)?.amount).toEqual({
      kind: "fixed",
      amount: "100",
    });
    expect(changeLeg(fixed, key, { kind: "rate" }).legs.find((l) => l.key === key)?.rate).toBe("0.02");
    expect(draftOf(changeLeg(typed, key, { min: null }))).not.toHaveProperty("currency");
  });

  it("keeps a rate and its base when a fee schedule is to price the leg", () => {
    const before = doc();
    const key = before.legs.find(({ kind }) => kind === "rate")?.key ?? "";
    const typed = changeLeg(before, key, { rate: "0.02", min: "5", agreed: true });
    const scheduled = changeLeg(typed, key, { kind: "fee_schedule" });
    const leg = draftOf(scheduled).legs.find(({ code }) => code === "fee.commission");
    expect(leg?.amount).toEqual({ kind: "fee_schedule", rate: "0.02", agreed: true });
    expect(leg?.base).toEqual(expect.any(String));
    expect(leg).not.toHaveProperty("min");
    expect(draftProblems(draftOf(scheduled), "redemption")).toEqual([]);
    expect(draftProblems(draftOf(changeLeg(scheduled, key, { rate: null })), "redemption")).toEqual([
      { code: "VALUE_MISSING", path: ["legs", expect.any(Number), "amount", "rate"] },
    ]);
    const turned = changeLeg(scheduled, key, { from: "brand" });
    expect(draftProblems(draftOf(turned), "redemption").map(({ code }) => code)).toContain(
      "SCHEDULE_WITHOUT_PARTY",
    );
    const whole = definitionOfDraft(draftOf(scheduled), "redemption");
    if (!whole) throw new Error("not whole");
    const again = docOf(draftOfDefinition(whole), { ...rest, scope: { tradeKind: "redemption" } });
    expect(definitionOfDraft(draftOf(again), "redemption")).toEqual(whole);
  });

  it("puts a new leg before those that have to be last, with a code of its own", () => {
    const { doc: once } = addLeg(doc());
    const { doc: twice } = addLeg(once);
    expect(codes(twice).slice(-3)).toEqual(["fee.extra_1", "fee.extra_2", "fee.channel"]);
  });

  it("moves legs, and not past the ends", () => {
    const before = doc();
    const key = before.legs[1]?.key ?? "";
    expect(codes(moveLeg(before, key, -1)).slice(0, 2)).toEqual([codes(before)[1], codes(before)[0]]);
    expect(moveLeg(before, before.legs[0]?.key ?? "", -1)).toBe(before);
    expect(moveLeg(before, before.legs.at(-1)?.key ?? "", 1)).toBe(before);
    expect(codes(removeLeg(before, key))).not.toContain(codes(before)[1]);
  });

  it("fills shares up to the whole", () => {
    const one = addShare({ ...doc(), funding: [{ key: "a", party: "brand", share: "0.7" }] });
    expect(one.funding[1]).toMatchObject({ party: "platform", share: "0.3" });
    expect(sumOf(one.funding)).toBe(1_000_000);
    expect(addShare(one).funding[2]).toMatchObject({ party: "merchant", share: null });
    for (const n of [0, 1, 10, 999_999, 1_000_000]) expect(millionths(fraction(n))).toBe(n);
  });

  it("begins anew for another trade kind", () => {
    const changed = changeKind({ ...doc(), name: "kept" }, "card_sale", 2);
    expect([changed.name, changed.scope.tradeKind, changed.currency]).toEqual(["kept", "card_sale", "CNY"]);
    expect(codes(changed)).toContain("card.margin");
  });
});
