import { beforeEach, expect, test } from "vitest";
import { rawSql } from "@/db/client";
import type { Ctx } from "@/server/core/context";
import { isDomainError } from "@/server/core/errors";
import { withTransaction } from "@/server/core/transaction";
import { testDatabase } from "@/server/testing/database";
import { makeParty, makeTenant, type TestTenant } from "@/server/testing/factories";
import { searchAudit } from "../../audit";
import { openBooks } from "../../ledger";
import { createTier, removeTier, setDistributor } from "../../pricing";
import {
  approveFeeVersion,
  checkFeeDraft,
  clearTrades,
  createFeeSchedule,
  createRule,
  discardFeeDraft,
  feeSchedulesFor,
  getFeeSchedule,
  listFeeSchedules,
  postCleared,
  redemptionRule,
  refuseFeeVersion,
  saveFeeDraft,
  submitFeeDraft,
  withdrawFeeVersion,
} from "..";
import type { FeeDraft, FeeScheduleDefinition, SaveFeeDraftInput } from "./schemas";

/** The life of fee schedules: who writes, who approves, and from when on. */

const NOBODY = "0198c0de-0000-7000-8000-000000000001";
const EVERYONE = { everyone: true, tiers: [], parties: [] };

let t: TestTenant;
let author: Ctx;
let other: Ctx;

beforeEach(async () => {
  const { owner, db } = await testDatabase();
  t = await makeTenant(owner, db, { settings: { ruleFourEyes: true } });
  author = t.as("operator");
  other = t.as("operator");
});

const flat = (rate = "0.003"): FeeScheduleDefinition => ({
  method: "flat",
  bands: [{ from: "0", rate }],
  appliesTo: EVERYONE,
});
const graduated = (top = "0.0005"): FeeScheduleDefinition => ({
  method: "graduated",
  bands: [
    { from: "0", rate: "0.003" },
    { from: "10000000", rate: "0.002" },
    { from: "50000000", rate: top },
  ],
  appliesTo: EVERYONE,
});
const scope = { role: "merchant" as const, leg: "fee.commission", currency: "CNY" };

const draft = (
  definition: FeeDraft = graduated(),
  over: Partial<SaveFeeDraftInput> = {},
): SaveFeeDraftInput => ({
  name: "General",
  scope,
  definition,
  effectiveFrom: null,
  note: "",
  ...over,
});

/** A schedule whose first version is in review. */
async function inReview(definition?: FeeDraft, over?: Partial<SaveFeeDraftInput>) {
  const { scheduleId, revision } = await saveFeeDraft(author, draft(definition, over));
  await submitFeeDraft(author, { scheduleId, revision });
  return { scheduleId, versionId: await newest(scheduleId) };
}

/** A further version in review. */
async function nextInReview(scheduleId: string, definition: FeeDraft, effectiveFrom: string | null) {
  const { revision } = await saveFeeDraft(author, { ...draft(definition, { effectiveFrom }), scheduleId });
  await submitFeeDraft(author, { scheduleId, revision });
  return newest(scheduleId);
}

async function newest(scheduleId: string): Promise<string> {
  return (await getFeeSchedule(author, scheduleId)).versions[0]?.id ?? "";
}

const code = (work: Promise<unknown>) =>
  work.then(
    () => "done",
    (error) => {
      if (isDomainError(error))
        return error.code === "RULE_INVALID"
          ? `${error.code} ${error.params.problem} ${error.params.path}`
          : error.code;
      throw error;
    },
  );

const tell = async (over: Partial<SaveFeeDraftInput> & { scheduleId?: string }) =>
  (await checkFeeDraft(author, { ...draft(), ...over })).map(({ code, path }) => `${code} ${path.join(".")}`);

test("a draft prices nobody, in review neither; approved it does", async () => {
  const { scheduleId, revision } = await saveFeeDraft(author, draft());
  const asked = { role: "merchant" as const };
  expect(await feeSchedulesFor(author, asked)).toEqual([]);
  expect(await getFeeSchedule(author, scheduleId)).toMatchObject({
    number: "FS-0001",
    versions: [],
    draft: { version: 1, revision: 1, definition: graduated(), effectiveFrom: null },
    ...scope,
  });
  expect(await submitFeeDraft(author, { scheduleId, revision })).toEqual({ version: 1, state: "in_review" });
  expect(await feeSchedulesFor(author, asked)).toEqual([]);
  expect((await getFeeSchedule(author, scheduleId)).versions[0]?.own).toBe(true);
  const versionId = await newest(scheduleId);
  expect(await approveFeeVersion(other, { versionId })).toEqual({ effectiveFrom: t.clock.now() });
  expect((await getFeeSchedule(other, scheduleId)).versions[0]).toMatchObject({
    status: "in_force",
    submittedByName: "operator user",
    reviewedByName: "operator user",
    effectiveFrom: t.clock.now(),
    own: false,
  });
  expect(await feeSchedulesFor(author, asked)).toMatchObject([
    { scheduleId, versionId, number: "FS-0001", version: 1, because: "everyone", ...scope },
  ]);
});

test("what was done is in the audit record, as of rules", async () => {
  const { scheduleId, versionId } = await inReview();
  await approveFeeVersion(other, { versionId });
  const refused = await nextInReview(scheduleId, graduated("0.0004"), "2026-12-01");
  await refuseFeeVersion(other, { versionId: refused, reason: "too low" });
  const withdrawn = await nextInReview(scheduleId, graduated("0.0004"), "2026-12-01");
  await withdrawFeeVersion(author, { versionId: withdrawn, reason: "not agreed" });
  const { revision } = await saveFeeDraft(author, { ...draft(), scheduleId });
  const saved = await saveFeeDraft(author, { ...draft(), scheduleId, revision });
  await discardFeeDraft(author, { scheduleId, revision: saved.revision });
  await createFeeSchedule(t.system, { name: "Plain", scope, definition: flat() });
  const { items } = await searchAudit(t.as("auditor"), {});
  const fees = items.filter(({ subjectKind }) => subjectKind === "fee_schedule");
  expect(fees.map(({ action }) => action).reverse()).toEqual([
    "fee.draft_started",
    "fee.version_submitted",
    "fee.version_published",
    "fee.draft_started",
    "fee.version_submitted",
    "fee.version_refused",
    "fee.draft_started",
    "fee.version_submitted",
    "fee.version_withdrawn",
    "fee.draft_started",
    "fee.draft_saved",
    "fee.draft_discarded",
    "fee.created",
  ]);
});

test("who drafted, or wrote on the draft, or submitted it, does not publish it", async () => {
  const { scheduleId, revision } = await saveFeeDraft(author, draft());
  const saved = await saveFeeDraft(other, { ...draft(graduated("0.0004")), scheduleId, revision });
  const third = t.as("operator");
  const asked = { scheduleId, revision: saved.revision };
  expect(await code(submitFeeDraft(third, { ...asked, publish: true }))).toBe("RULE_OWN_DRAFT");
  await submitFeeDraft(third, asked);
  const versionId = await newest(scheduleId);
  for (const who of [author, other, third]) {
    expect(await code(approveFeeVersion(who, { versionId }))).toBe("RULE_OWN_DRAFT");
  }
  expect(await code(approveFeeVersion(t.as("support"), { versionId }))).toBe("PERMISSION_DENIED");
  expect(await code(approveFeeVersion(t.as("finance"), { versionId }))).toBe("done");
});

test("without four eyes one person publishes at once; with them the plain form goes to review", async () => {
  const made = { name: "Plain", scope, definition: flat() };
  const scheduleId = await createFeeSchedule(author, made);
  expect((await getFeeSchedule(author, scheduleId)).versions[0]).toMatchObject({
    status: "in_review",
    effectiveFrom: null,
  });
  t.tenant.settings = { ...t.tenant.settings, ruleFourEyes: false };
  const { scheduleId: second, revision } = await saveFeeDraft(author, draft());
  expect(await submitFeeDraft(author, { scheduleId: second, revision, publish: true })).toEqual({
    version: 1,
    state: "scheduled",
  });
  expect((await getFeeSchedule(author, second)).versions[0]?.status).toBe("in_force");
  expect(await code(createFeeSchedule(t.as("finance"), made))).toBe("PERMISSION_DENIED");
});

test("of two who save one draft the later is told, and of two who submit it", async () => {
  const { scheduleId, revision } = await saveFeeDraft(author, draft());
  const results = await Promise.all(
    ["0.0004", "0.0003"].map((rate) =>
      code(saveFeeDraft(author, { ...draft(graduated(rate)), scheduleId, revision })),
    ),
  );
  expect(results.sort()).toEqual(["CONFLICT", "done"]);
  const first = await Promise.all(
    [author, other].map((who) => code(submitFeeDraft(who, { scheduleId, revision: revision + 1 }))),
  );
  expect(first.sort()).toEqual(["CONFLICT", "done"]);
});

test("of two who begin a draft of one schedule the later is told", async () => {
  const { scheduleId } = await inReview();
  const results = await Promise.all(
    [author, other].map((who) => code(saveFeeDraft(who, { ...draft(), scheduleId }))),
  );
  expect(results.sort()).toEqual(["CONFLICT", "done"]);
});

test("of many who approve at once one does, and it is published once", async () => {
  const { scheduleId, versionId } = await inReview();
  const approvers = Array.from({ length: 8 }, () => t.as("finance"));
  const results = await Promise.all(approvers.map((who) => code(approveFeeVersion(who, { versionId }))));
  expect(results.filter((result) => result === "done")).toHaveLength(1);
  expect(results.filter((result) => result === "CONFLICT")).toHaveLength(7);
  const { items } = await searchAudit(t.as("auditor"), { action: "fee.version_published" });
  expect(items.filter(({ subjectId }) => subjectId === scheduleId)).toHaveLength(1);
});

test("approving against refusing and withdrawing: one of them happens", async () => {
  const { scheduleId, versionId } = await inReview();
  const results = await Promise.all([
    code(approveFeeVersion(other, { versionId, atOnce: true })),
    code(refuseFeeVersion(t.as("finance"), { versionId, reason: "too low" })),
    code(withdrawFeeVersion(author, { versionId, reason: "mistake" })),
  ]);
  expect(results.sort()).toEqual(["CONFLICT", "CONFLICT", "done"]);
  expect((await getFeeSchedule(author, scheduleId)).versions).toHaveLength(1);
});

test("a refusal keeps its reason and its text; the next draft is a version of its own", async () => {
  const { scheduleId, versionId } = await inReview();
  await refuseFeeVersion(t.as("finance"), { versionId, reason: "agreed on 0.04 %" });
  expect(await code(approveFeeVersion(other, { versionId }))).toBe("CONFLICT");
  await nextInReview(scheduleId, graduated("0.0004"), null);
  const { versions } = await getFeeSchedule(author, scheduleId);
  expect(versions.map(({ version, status, refusalReason }) => [version, status, refusalReason])).toEqual([
    [2, "in_review", null],
    [1, "refused", "agreed on 0.04 %"],
  ]);
});

test("what has not begun is taken back; what is in force is not", async () => {
  const { scheduleId, versionId } = await inReview();
  await approveFeeVersion(other, { versionId });
  const next = await nextInReview(scheduleId, graduated("0.0004"), "2026-12-01");
  await approveFeeVersion(other, { versionId: next });
  await withdrawFeeVersion(author, { versionId: next, reason: "not agreed yet" });
  expect((await getFeeSchedule(author, scheduleId)).versions[0]).toMatchObject({
    status: "withdrawn",
    withdrawalReason: "not agreed yet",
  });
  expect(await code(withdrawFeeVersion(author, { versionId, reason: "wrong" }))).toBe("CONFLICT");
});

test("half a schedule is saved, not submitted, and thrown away it is gone from the list", async () => {
  const half: FeeDraft = { ...graduated(), bands: [{ from: "0", rate: null }] };
  const { scheduleId, revision } = await saveFeeDraft(author, draft(half, { name: "" }));
  expect((await getFeeSchedule(author, scheduleId)).draft?.definition).toEqual(half);
  expect(await code(submitFeeDraft(author, { scheduleId, revision }))).toBe(
    "RULE_INVALID VALUE_MISSING name",
  );
  const named = await saveFeeDraft(author, { ...draft(half), scheduleId, revision });
  expect(await code(submitFeeDraft(author, { scheduleId, revision: named.revision }))).toBe(
    "RULE_INVALID VALUE_MISSING bands.0.rate",
  );
  await discardFeeDraft(author, { scheduleId, revision: named.revision });
  expect((await listFeeSchedules(author)).some(({ id }) => id === scheduleId)).toBe(false);
});

test("what it prices is fixed once somebody else has seen it", async () => {
  const { scheduleId, revision } = await saveFeeDraft(author, draft());
  const dollars = { name: "Dollars", scope: { ...scope, currency: "USD" } };
  const changed = await saveFeeDraft(author, { ...draft(), ...dollars, scheduleId, revision });
  expect(await getFeeSchedule(author, scheduleId)).toMatchObject({ name: "Dollars", currency: "USD" });
  await submitFeeDraft(author, { scheduleId, revision: changed.revision });
  await refuseFeeVersion(other, { versionId: await newest(scheduleId), reason: "no" });
  await saveFeeDraft(author, { ...draft(), scheduleId });
  expect(await getFeeSchedule(author, scheduleId)).toMatchObject({ name: "Dollars", currency: "USD" });
});

test("what was submitted is never changed, not even by the database's user", async () => {
  const { scheduleId, versionId } = await inReview();
  const tamper = (statement: string) => withTransaction(t.system, (ctx) => rawSql(ctx.tx).unsafe(statement));
  const version = `where id = '${versionId}'`;
  await expect(tamper(`update fee_schedule_versions set definition = '{}' ${version}`)).rejects.toThrow(
    "never changed",
  );
  await expect(tamper(`update fee_schedule_versions set state = 'draft' ${version}`)).rejects.toThrow(
    "never changed",
  );
  await expect(
    tamper(`update fee_schedules set currency = 'USD' where id = '${scheduleId}'`),
  ).rejects.toThrow("never changes");
});

test("the past is refused: when it is submitted, and when it has become the past in review", async () => {
  const late = await saveFeeDraft(author, draft(flat(), { effectiveFrom: "2026-11-17" }));
  const { scheduleId, revision } = late;
  expect(await tell({ effectiveFrom: "2026-11-17" })).toEqual(["EFFECTIVE_IN_PAST effectiveFrom"]);
  expect(await code(submitFeeDraft(author, { scheduleId, revision }))).toBe(
    "RULE_INVALID EFFECTIVE_IN_PAST effectiveFrom",
  );
  const { versionId } = await inReview(graduated(), { effectiveFrom: "2026-12-01" });
  t.clock.set("2026-12-01T08:00:00Z");
  expect(await code(approveFeeVersion(other, { versionId }))).toBe(
    "RULE_INVALID EFFECTIVE_IN_PAST effectiveFrom",
  );
  // nothing came before it: a month may be counted from any day on
  expect(await code(approveFeeVersion(other, { versionId, atOnce: true }))).toBe("done");
});

test("a version that counts the month, and follows another, begins with a month", async () => {
  const { scheduleId, versionId } = await inReview();
  await approveFeeVersion(other, { versionId });
  t.clock.advance({ minutes: 1 });
  const NOT = "NOT_MONTH_START effectiveFrom";
  expect(await tell({ scheduleId })).toEqual([NOT]);
  expect(await tell({ scheduleId, effectiveFrom: "2026-12-02" })).toEqual([NOT]);
  expect(await tell({ scheduleId, effectiveFrom: "2026-12-01" })).toEqual([]);
  // what was counted up to here would never be trued up, and refunds of it would walk back along other trades
  expect(await tell({ scheduleId, definition: flat() })).toEqual([NOT]);
  expect(await tell({ scheduleId, definition: flat(), effectiveFrom: "2026-12-01" })).toEqual([]);
  expect(await tell({ effectiveFrom: "2026-12-02" })).toEqual([]);
  const { revision } = await saveFeeDraft(author, { ...draft(), scheduleId });
  expect(await code(submitFeeDraft(author, { scheduleId, revision }))).toBe(`RULE_INVALID ${NOT}`);
  expect(await code(submitFeeDraft(t.system, { scheduleId, revision, publish: true }))).toBe(
    `RULE_INVALID ${NOT}`,
  );
  await discardFeeDraft(author, { scheduleId, revision });
  const next = await nextInReview(scheduleId, graduated("0.0004"), "2026-12-01");
  expect(await code(approveFeeVersion(other, { versionId: next, atOnce: true }))).toBe(`RULE_INVALID ${NOT}`);
  expect(await approveFeeVersion(other, { versionId: next })).toEqual({
    effectiveFrom: new Date("2026-11-30T16:00:00Z"), // midnight in Shanghai
  });
});

test("a flat version follows a flat one on any day", async () => {
  const { scheduleId, versionId } = await inReview(flat());
  await approveFeeVersion(other, { versionId });
  t.clock.advance({ minutes: 1 });
  expect(await tell({ scheduleId, definition: flat() })).toEqual([]);
  expect(await tell({ scheduleId, definition: flat(), effectiveFrom: "2026-12-02" })).toEqual([]);
});

test("what says no other terms than those in force then is neither submitted nor published", async () => {
  const { scheduleId, versionId } = await inReview(flat());
  await approveFeeVersion(other, { versionId });
  t.clock.advance({ minutes: 1 });
  const again = async (definition: FeeDraft, effectiveFrom: string | null, revision?: number) => {
    const text = draft(definition, { effectiveFrom, note: "another reason" });
    const saved = await saveFeeDraft(author, { ...text, scheduleId, revision });
    return submitFeeDraft(author, { scheduleId, revision: saved.revision });
  };
  await expect(again({ ...flat(), rounding: "half_up" }, "2026-12-05")).rejects.toMatchObject({
    code: "RULE_UNCHANGED",
    params: { noun: "fee_schedule", version: 1 },
  });
  expect(await again(flat("0.004"), "2026-12-02", 1)).toMatchObject({ version: 2 });
  await approveFeeVersion(other, { versionId: await newest(scheduleId) });
  // Back to what was, behind the version between: that is a change.
  expect(await again(flat(), "2026-12-05")).toMatchObject({ version: 3 });
});

test("nor is a version withdrawn from before one that would then begin within a month", async () => {
  const { scheduleId, versionId } = await inReview();
  await approveFeeVersion(other, { versionId });
  const between = await nextInReview(scheduleId, flat(), "2026-12-01");
  await approveFeeVersion(other, { versionId: between });
  const last = await nextInReview(scheduleId, flat("0.004"), "2026-12-10");
  await approveFeeVersion(other, { versionId: last });
  expect(await code(withdrawFeeVersion(author, { versionId: between, reason: "no" }))).toBe(
    "RULE_INVALID NOT_MONTH_START effectiveFrom",
  );
  expect(await code(withdrawFeeVersion(author, { versionId: last, reason: "no" }))).toBe("done");
  expect(await code(withdrawFeeVersion(author, { versionId: between, reason: "no" }))).toBe("done");
});

test("nor does anything get before a version that would then begin within a month", async () => {
  const { scheduleId, versionId } = await inReview(graduated(), { effectiveFrom: "2026-12-10" });
  await approveFeeVersion(other, { versionId });
  const NOT = "NOT_MONTH_START effectiveFrom";
  expect(await tell({ scheduleId, definition: flat(), effectiveFrom: "2026-12-05" })).toEqual([NOT]);
  expect(await tell({ scheduleId, effectiveFrom: "2026-12-01" })).toEqual([NOT]);
  // of the same moment the one made last is in force: it follows nothing
  const instead = await nextInReview(scheduleId, graduated("0.0004"), "2026-12-10");
  expect(await code(approveFeeVersion(other, { versionId: instead }))).toBe("done");
});

test("a version begun before one of the same moment is not published beneath it", async () => {
  const { scheduleId, versionId } = await inReview();
  await approveFeeVersion(other, { versionId });
  const first = await nextInReview(scheduleId, graduated("0.0004"), "2026-12-01");
  const second = await nextInReview(scheduleId, graduated("0.0003"), "2026-12-01");
  await approveFeeVersion(other, { versionId: second });
  expect(await code(approveFeeVersion(other, { versionId: first }))).toBe("CONFLICT");
});

test("parties and tiers that there are not, or of another kind, are told at their fields", async () => {
  const [merchant, brand] = [await makeParty(t, "merchant"), await makeParty(t, "brand")];
  const to = (appliesTo: Partial<FeeDraft["appliesTo"]>): FeeDraft => ({
    ...graduated(),
    appliesTo: { ...EVERYONE, everyone: false, ...appliesTo },
  });
  const parties = [merchant.id, brand.id, NOBODY];
  expect(await tell({ definition: to({ parties }) })).toEqual([
    "SCOPE_UNKNOWN appliesTo.parties.1",
    "SCOPE_UNKNOWN appliesTo.parties.2",
  ]);
  expect(await tell({ definition: to({}) })).toEqual(["APPLIES_TO_NOBODY appliesTo"]);
  const distributors = { ...scope, role: "distributor" as const, leg: "card.commission" };
  await createTier(t.system, { code: "gold", name: "Gold" });
  expect(await tell({ scope: distributors, definition: to({ tiers: ["gold", "lead"] }) })).toEqual([
    "SCOPE_UNKNOWN appliesTo.tiers.1",
  ]);
  const { scheduleId, revision } = await saveFeeDraft(author, draft(to({ parties })));
  expect(await code(submitFeeDraft(author, { scheduleId, revision }))).toBe(
    "RULE_INVALID SCOPE_UNKNOWN appliesTo.parties.1",
  );
  expect(
    await code(createFeeSchedule(author, { name: "X", scope, definition: to({ parties }) as never })),
  ).toBe("RULE_INVALID SCOPE_UNKNOWN appliesTo.parties.1");
});

test("another tenant's party is unknown, and its schedules are not there", async () => {
  const { owner, db } = await testDatabase();
  const away = await makeTenant(owner, db);
  const foreign = await makeParty(away, "merchant");
  const appliesTo = { everyone: false, tiers: [], parties: [foreign.id] };
  expect(await tell({ definition: { ...graduated(), appliesTo } })).toEqual([
    "SCOPE_UNKNOWN appliesTo.parties.0",
  ]);
  const { scheduleId, versionId } = await inReview();
  expect(await code(getFeeSchedule(away.as("operator"), scheduleId))).toBe("NOT_FOUND");
  expect(await code(approveFeeVersion(away.as("operator"), { versionId }))).toBe("NOT_FOUND");
  expect(await code(saveFeeDraft(away.as("operator"), { ...draft(), scheduleId }))).toBe("NOT_FOUND");
});

test("a first version begins in the past only where nothing was traded since", async () => {
  const { id: merchantId } = await makeParty(t, "merchant");
  const made = { name: "History", scope, definition: graduated(), effectiveFrom: "2026-10-15" };
  const scheduleId = await createFeeSchedule(t.system, made);
  expect((await getFeeSchedule(author, scheduleId)).versions[0]).toMatchObject({
    status: "in_force",
    effectiveFrom: new Date("2026-10-14T16:00:00Z"),
  });
  const definition = redemptionRule({ commissionRate: "0.02" });
  await createRule(t.system, { name: "General", scope: { tradeKind: "redemption" }, definition });
  await withTransaction(t.system, async (ctx) => {
    const books = await openBooks(ctx);
    const trade = {
      kind: "redemption" as const,
      tradedAt: t.clock.now(),
      currency: "CNY",
      gross: 10_000n,
      discount: 0n,
      paid: 10_000n,
      merchantId,
      brandId: null,
      campaignId: null,
      voucherId: null,
      collectedBy: "merchant" as const,
      channelId: null,
    };
    const [cleared] = await clearTrades(ctx, books, [trade]);
    if (!cleared || isDomainError(cleared)) throw cleared ?? new Error("nothing cleared");
    await postCleared(ctx, books, [cleared]);
  });
  expect(await code(createFeeSchedule(t.system, made))).toBe("RULE_INVALID EFFECTIVE_IN_PAST effectiveFrom");
});

test("who is priced by what: one's own schedule, then one's tier's, then everyone's", async () => {
  const [named, ranked] = [await makeParty(t, "distributor"), await makeParty(t, "distributor")];
  await createTier(t.system, { code: "gold", name: "Gold" });
  for (const { id: partyId } of [named, ranked]) await setDistributor(t.system, { partyId, tier: "gold" });
  const of = { role: "distributor" as const, leg: "card.commission", currency: "CNY" };
  const make = (name: string, appliesTo: Partial<FeeDraft["appliesTo"]>) =>
    createFeeSchedule(t.system, {
      name,
      scope: of,
      definition: { ...flat(), appliesTo: { everyone: false, tiers: [], parties: [], ...appliesTo } },
    });
  await make("Everyone", { everyone: true });
  await make("Gold", { tiers: ["gold"] });
  await make("Own", { parties: [named.id] });
  const asked = { role: "distributor" as const, leg: "card.commission" };
  const which = async (input: { partyId?: string; tier?: string; leg?: string }) =>
    (await feeSchedulesFor(t.as("support"), { ...asked, ...input })).map(({ name, because }) => [
      name,
      because,
    ]);
  expect(await which({ partyId: named.id })).toEqual([["Own", "party"]]);
  expect(await which({ partyId: ranked.id })).toEqual([["Gold", "tier"]]);
  expect(await which({ tier: "gold" })).toEqual([["Gold", "tier"]]);
  expect(await which({})).toEqual([["Everyone", "everyone"]]);
  expect(await which({ leg: "card.other" })).toEqual([]);
  expect(await code(feeSchedulesFor(t.as("merchant"), asked))).toBe("PERMISSION_DENIED");
});

test("a tier that a schedule names is not removed", async () => {
  await createTier(t.system, { code: "gold", name: "Gold" });
  const appliesTo = { everyone: false, tiers: ["gold"], parties: [] };
  const distributors = { role: "distributor" as const, leg: "card.commission", currency: "CNY" };
  const { scheduleId, revision } = await saveFeeDraft(
    author,
    draft({ ...flat(), appliesTo }, { scope: distributors }),
  );
  expect(await code(removeTier(t.system, { code: "gold" }))).toBe("TIER_IN_USE");
  await discardFeeDraft(author, { scheduleId, revision });
  expect(await code(removeTier(t.system, { code: "gold" }))).toBe("done");
});
