import { beforeEach, expect, test } from "vitest";
import { rawSql } from "@/db/client";
import type { Ctx } from "@/server/core/context";
import { isDomainError } from "@/server/core/errors";
import { withTransaction } from "@/server/core/transaction";
import { testDatabase } from "@/server/testing/database";
import { makeParty, makeTenant, type TestTenant } from "@/server/testing/factories";
import { searchAudit } from "../audit";
import { openBooks } from "../ledger";
import {
  approveRuleVersion,
  checkRuleDraft,
  clearTrades,
  createRule,
  createRuleVersion,
  discardRuleDraft,
  getRule,
  listRules,
  redemptionRule,
  refuseRuleVersion,
  ruleWinner,
  saveRuleDraft,
  submitRuleDraft,
  withdrawRuleVersion,
} from ".";
import { draftOfDefinition } from "./draft";
import type { SaveRuleDraftInput } from "./schemas";

let t: TestTenant;
let author: Ctx;
let other: Ctx;
let merchantId: string;

beforeEach(async () => {
  const { owner, db } = await testDatabase();
  t = await makeTenant(owner, db, { settings: { ruleFourEyes: true } });
  author = t.as("operator");
  other = t.as("operator");
  merchantId = (await makeParty(t, "merchant")).id;
});

const draft = (rate = "0.02", over: Partial<SaveRuleDraftInput> = {}): SaveRuleDraftInput => ({
  name: "General",
  scope: { tradeKind: "redemption" },
  priority: 0,
  definition: draftOfDefinition(redemptionRule({ commissionRate: rate })),
  effectiveFrom: null,
  checked: { from: "100", to: "10000000", share: "1" },
  note: "",
  ...over,
});

/** A rule whose first version is in review. */
async function inReview(
  rate?: string,
  over?: Partial<SaveRuleDraftInput>,
): Promise<{ ruleId: string; versionId: string }> {
  const { ruleId, revision } = await saveRuleDraft(author, draft(rate, over));
  await submitRuleDraft(author, { ruleId, revision });
  return { ruleId, versionId: (await getRule(author, ruleId)).versions[0]?.id ?? "" };
}

/** The commission of an order of 100.00 that a merchant's till took, or the code of the refusal. */
async function commission(): Promise<bigint | string> {
  return withTransaction(t.system, async (ctx) => {
    const [cleared] = await clearTrades(ctx, await openBooks(ctx), [
      {
        kind: "redemption",
        tradedAt: t.clock.now(),
        currency: "CNY",
        gross: 10_000n,
        discount: 0n,
        paid: 10_000n,
        merchantId,
        brandId: null,
        campaignId: null,
        voucherId: null,
        collectedBy: "merchant",
        channelId: null,
      },
    ]);
    if (!cleared || isDomainError(cleared)) return cleared?.code ?? "nothing";
    return cleared.transfers.find(({ leg }) => leg === "fee.commission")?.amount ?? 0n;
  });
}

const code = (work: Promise<unknown>) =>
  work.then(
    () => "done",
    (error) => {
      if (isDomainError(error))
        return error.code === "RULE_INVALID" ? `${error.code} ${error.params.problem}` : error.code;
      throw error;
    },
  );

test("a draft never clears anything, in review neither; published it does", async () => {
  const { ruleId, revision } = await saveRuleDraft(author, draft());
  expect(await commission()).toBe("RULE_NOT_FOUND");
  await submitRuleDraft(author, { ruleId, revision });
  expect(await commission()).toBe("RULE_NOT_FOUND");
  const [version] = (await getRule(other, ruleId)).versions;
  expect(version).toMatchObject({ status: "in_review", effectiveFrom: null, own: false });
  expect((await getRule(author, ruleId)).versions[0]?.own).toBe(true);
  await approveRuleVersion(other, { versionId: version?.id ?? "" });
  expect(await commission()).toBe(200n);
  expect((await getRule(other, ruleId)).versions[0]).toMatchObject({
    status: "in_force",
    submittedByName: "operator user",
    reviewedByName: "operator user",
    effectiveFrom: t.clock.now(),
  });
});

test("who drafted, or wrote on the draft, or submitted it, does not publish it", async () => {
  const { ruleId, revision } = await saveRuleDraft(author, draft());
  const saved = await saveRuleDraft(other, { ...draft("0.03"), ruleId, revision });
  const third = t.as("operator");
  expect(await code(submitRuleDraft(third, { ruleId, revision: saved.revision, publish: true }))).toBe(
    "RULE_OWN_DRAFT",
  );
  await submitRuleDraft(third, { ruleId, revision: saved.revision });
  const versionId = (await getRule(author, ruleId)).versions[0]?.id ?? "";
  for (const who of [author, other, third]) {
    expect(await code(approveRuleVersion(who, { versionId }))).toBe("RULE_OWN_DRAFT");
  }
  expect(await code(approveRuleVersion(t.as("support"), { versionId }))).toBe("PERMISSION_DENIED");
  expect(await code(approveRuleVersion(t.as("finance"), { versionId }))).toBe("done");
});

test("without four eyes one person publishes at once, and the plain forms send to review with them", async () => {
  const ruleId = await createRule(author, {
    name: "Plain",
    scope: { tradeKind: "redemption" },
    definition: redemptionRule({ commissionRate: "0.01" }),
  });
  expect((await getRule(author, ruleId)).versions[0]).toMatchObject({
    status: "in_review",
    effectiveFrom: null,
  });
  t.tenant.settings = { ...t.tenant.settings, ruleFourEyes: false };
  const { ruleId: second, revision } = await saveRuleDraft(author, draft("0.05", { priority: 1 }));
  expect(await submitRuleDraft(author, { ruleId: second, revision, publish: true })).toEqual({
    version: 1,
    state: "scheduled",
  });
  expect(await commission()).toBe(500n);
});

test("of two who approve at once one does, and it is published once", async () => {
  const { ruleId, versionId } = await inReview();
  const approvers = Array.from({ length: 8 }, () => t.as("finance"));
  const results = await Promise.all(approvers.map((who) => code(approveRuleVersion(who, { versionId }))));
  expect(results.filter((result) => result === "done")).toHaveLength(1);
  expect(results.filter((result) => result === "CONFLICT")).toHaveLength(7);
  const { items } = await searchAudit(t.as("auditor"), { action: "rule.version_published" });
  expect(items.filter(({ subjectId }) => subjectId === ruleId)).toHaveLength(1);
});

test("approving against refusing and withdrawing: one of them happens", async () => {
  const { ruleId, versionId } = await inReview();
  const results = await Promise.all([
    code(approveRuleVersion(other, { versionId })),
    code(refuseRuleVersion(t.as("finance"), { versionId, reason: "too low" })),
    code(withdrawRuleVersion(author, { versionId, reason: "mistake" })),
  ]);
  expect(results.sort()).toEqual(["CONFLICT", "CONFLICT", "done"]);
  expect((await getRule(author, ruleId)).versions).toHaveLength(1);
});

test("a refusal keeps its reason and its text; the next draft is a version of its own", async () => {
  const { ruleId, versionId } = await inReview("0.02");
  await refuseRuleVersion(t.as("finance"), { versionId, reason: "agreed on 1.8 %" });
  expect(await code(approveRuleVersion(other, { versionId }))).toBe("CONFLICT");
  const { revision, version } = await saveRuleDraft(author, {
    ...draft("0.018"),
    ruleId,
    revision: undefined,
  });
  expect([version, revision]).toEqual([2, 1]);
  await submitRuleDraft(author, { ruleId, revision });
  const { versions } = await getRule(author, ruleId);
  expect(versions.map(({ version, status, refusalReason }) => [version, status, refusalReason])).toEqual([
    [2, "in_review", null],
    [1, "refused", "agreed on 1.8 %"],
  ]);
});

test("the past is refused: when it is submitted, and when it has become the past in review", async () => {
  const late = await saveRuleDraft(author, draft("0.02", { effectiveFrom: "2026-11-17" }));
  expect(await code(submitRuleDraft(author, { ruleId: late.ruleId, revision: late.revision }))).toBe(
    "RULE_INVALID EFFECTIVE_IN_PAST",
  );
  const { ruleId, versionId } = await inReview("0.02", { effectiveFrom: "2026-12-01" });
  const [version] = (await getRule(author, ruleId)).versions;
  expect(version?.effectiveFrom?.toISOString()).toBe("2026-11-30T16:00:00.000Z"); // midnight in Shanghai
  t.clock.set("2026-12-01T08:00:00Z");
  expect(await code(approveRuleVersion(other, { versionId }))).toBe("RULE_INVALID EFFECTIVE_IN_PAST");
  expect(await code(approveRuleVersion(other, { versionId, atOnce: true }))).toBe("done");
});

test("of two who save one draft the later is told", async () => {
  const { ruleId, revision } = await saveRuleDraft(author, draft());
  const results = await Promise.all(
    ["0.03", "0.04"].map((rate) => code(saveRuleDraft(author, { ...draft(rate), ruleId, revision }))),
  );
  expect(results.sort()).toEqual(["CONFLICT", "done"]);
  const first = await Promise.all(
    [author, other].map((who) => code(submitRuleDraft(who, { ruleId, revision: revision + 1 }))),
  );
  expect(first.sort()).toEqual(["CONFLICT", "done"]);
});

test("what says no other terms than those in force then is neither submitted, approved nor published", async () => {
  const { ruleId, versionId } = await inReview("0.02");
  await approveRuleVersion(other, { versionId });
  t.clock.advance({ minutes: 1 });
  const next = async (rate: string, over?: Partial<SaveRuleDraftInput>, revision?: number) => {
    const saved = await saveRuleDraft(author, { ...draft(rate, over), ruleId, revision });
    return submitRuleDraft(author, { ruleId, revision: saved.revision });
  };
  const newest = async () => (await getRule(author, ruleId)).versions[0]?.id ?? "";
  await expect(next("0.02", { effectiveFrom: "2026-12-01", note: "a reason" })).rejects.toMatchObject({
    code: "RULE_UNCHANGED",
    params: { noun: "rule", version: 1 },
  });
  // Two of the same in review: once one of them is published, the other says nothing new.
  expect(await next("0.03", {}, 1)).toMatchObject({ version: 2 });
  const first = await newest();
  expect(await next("0.03")).toMatchObject({ version: 3 });
  const second = await newest();
  await approveRuleVersion(other, { versionId: first });
  t.clock.advance({ minutes: 1 });
  await expect(approveRuleVersion(other, { versionId: second })).rejects.toMatchObject({
    code: "RULE_UNCHANGED",
    params: { version: 2 },
  });
  await refuseRuleVersion(other, { versionId: second, reason: "the same" });
  // The plain forms, too; and back to what was is a change.
  const plain = (commissionRate: string) =>
    createRuleVersion(author, { ruleId, definition: redemptionRule({ commissionRate }), note: "again" });
  expect(await code(plain("0.03"))).toBe("RULE_UNCHANGED");
  expect(await plain("0.02")).toBe(4);
});

test("half a rule is saved, not submitted, and thrown away it is gone from the list", async () => {
  const { legs, ...rest } = draft().definition;
  const half = {
    ...rest,
    legs: legs.map((leg) =>
      leg.code === "fee.commission" ? { ...leg, amount: { kind: "rate" as const, rate: null } } : leg,
    ),
  };
  const { ruleId, revision } = await saveRuleDraft(author, { ...draft(), definition: half });
  expect((await getRule(author, ruleId)).draft?.definition).toEqual(half);
  expect(await code(submitRuleDraft(author, { ruleId, revision }))).toBe("RULE_INVALID VALUE_MISSING");
  await discardRuleDraft(author, { ruleId, revision });
  expect((await listRules(author)).some(({ id }) => id === ruleId)).toBe(false);
});

test("what was submitted is never changed, not even by the database's user", async () => {
  const { versionId } = await inReview();
  const tamper = (set: string) =>
    withTransaction(t.system, (ctx) =>
      rawSql(ctx.tx).unsafe(`update split_rule_versions set ${set} where id = '${versionId}'`),
    );
  await expect(tamper(`definition = '{}'`)).rejects.toThrow("never changed");
  await expect(tamper(`state = 'draft'`)).rejects.toThrow("never changed");
});

test("a version of the plain form, made while a draft lies there, does not trip over it", async () => {
  t.tenant.settings = { ...t.tenant.settings, ruleFourEyes: false };
  const { ruleId, revision } = await saveRuleDraft(author, draft());
  await submitRuleDraft(author, { ruleId, revision, publish: true });
  const open = await saveRuleDraft(author, { ...draft("0.03"), ruleId, revision: undefined });
  const plain = { ruleId, definition: redemptionRule({ commissionRate: "0.04" }), expectedVersion: 1 };
  expect(await createRuleVersion(author, plain)).toBe(3);
  t.clock.advance({ minutes: 1 });
  expect(await submitRuleDraft(author, { ruleId, revision: open.revision, publish: true })).toMatchObject({
    version: 4,
  });
  expect(await commission()).toBe(300n);
});

test("impossible scopes, unknown parties and foreign money are told at their fields", async () => {
  const tell = async (over: Partial<SaveRuleDraftInput>) =>
    (await checkRuleDraft(author, { ...draft(), ...over })).map(
      ({ code, path }) => `${code} ${path.join(".")}`,
    );
  expect(await tell({})).toEqual([]);
  expect(await tell({ scope: { tradeKind: "redemption", tier: "gold" } })).toEqual([
    "SCOPE_IMPOSSIBLE scope.tier",
    "SCOPE_UNKNOWN scope.tier",
  ]);
  expect(await tell({ scope: { tradeKind: "redemption", channelId: merchantId } })).toEqual([
    "SCOPE_UNKNOWN scope.channelId",
  ]);
  expect(await tell({ effectiveFrom: "2026-11-01" })).toEqual(["EFFECTIVE_IN_PAST effectiveFrom"]);
  const nobody = "0198c0de-0000-7000-8000-000000000001";
  const legs = (to: string, currency?: string) => {
    const { definition } = draft();
    return {
      ...(currency && { currency }),
      ...definition,
      legs: definition.legs.map((leg) => (leg.code === "fee.commission" ? { ...leg, to } : leg)),
    };
  };
  expect(await tell({ definition: legs(nobody) })).toEqual(["PARTY_INVALID legs.4.to"]);
  const scope = { tradeKind: "redemption" as const, merchantId };
  expect(await tell({ scope, definition: legs(merchantId) })).toEqual(["SAME_PARTY legs.4.to"]);
  expect(await tell({ scope, definition: legs("platform", "USD") })).toEqual([
    "CURRENCY_WITHOUT_ACCOUNT currency",
  ]);
});

test("a rule that comes out negative for some order is told at its leg", async () => {
  const definition = draftOfDefinition(redemptionRule({ commissionRate: "0.02", commissionBase: "gross" }));
  const [problem] = await checkRuleDraft(author, { ...draft(), definition });
  expect(problem).toMatchObject({ code: "NEGATIVE_RESULT", params: { currency: "CNY" } });
  expect(
    await checkRuleDraft(author, {
      ...draft(),
      definition,
      checked: { from: "100", to: "1000000", share: "0.5" },
    }),
  ).toEqual([]);
});

test("who wins, and why, the draft among them", async () => {
  const first = await inReview("0.02");
  await approveRuleVersion(other, { versionId: first.versionId });
  const facts = { tradeKind: "redemption" as const, merchantId };
  expect(await ruleWinner(author, { case: facts })).toMatchObject({
    because: "only",
    winner: { number: "SR-0001", draft: false },
  });
  const own = { scope: facts, priority: 0, effectiveFrom: null };
  expect(await ruleWinner(author, { case: facts, draft: own })).toMatchObject({
    because: "most_specific",
    winner: { draft: true, names: ["merchantId"] },
    considered: [{ outcome: "chosen" }, { number: "SR-0001", outcome: "less_specific" }],
  });
  const general = { scope: { tradeKind: "redemption" as const }, priority: -1, effectiveFrom: "2026-12-01" };
  expect(await ruleWinner(author, { case: facts, draft: general })).toMatchObject({
    because: "priority",
    winner: { draft: false },
    at: new Date("2026-11-30T16:00:00Z"),
  });
  const next = { ...general, ruleId: first.ruleId };
  const replaced = await ruleWinner(author, { case: facts, draft: next });
  expect(replaced).toMatchObject({ because: "only", winner: { draft: true, number: "SR-0001" } });
  expect(replaced.considered).toHaveLength(1);
});
