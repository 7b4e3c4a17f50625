import { beforeAll, describe, expect, test } from "vitest";
import { inTenant } from "@/db/client";
import type { Ctx } from "@/server/core/context";
import { type ErrorCode, isDomainError } from "@/server/core/errors";
import { isPlatformRole, ROLES, type Role } from "@/server/core/permissions";
import type { RequestContext } from "@/server/trpc/init";
import { createCallerFactory } from "@/server/trpc/init";
import { appRouter } from "@/server/trpc/root";
import { ACCESS, type Access, kindOf, mayCall, type Target } from "./access-matrix";
import { type AccessWorld, makeAccessWorld, type Side } from "./access-world";
import { testDatabase } from "./database";

/** Every procedure × every role × own and foreign party × own and foreign tenant, made from the router itself. */
const procedures = appRouter._def.procedures as unknown as Record<string, { _def: { type: string } }>;
const PATHS = Object.keys(procedures).sort();
const createCaller = createCallerFactory(appRouter);

let home: AccessWorld;
let away: AccessWorld;
beforeAll(async () => {
  const database = await testDatabase();
  (globalThis as { kaqingDatabase?: unknown }).kaqingDatabase = database.db; // of procedures open to the world
  home = await makeAccessWorld(database);
  away = await makeAccessWorld(database);
}, 120_000);

type Outcome = { ok: true; value: unknown } | { ok: false; code: ErrorCode; cause: unknown };

async function call(path: string, context: RequestContext, input: unknown): Promise<Outcome> {
  const [router = "", name = ""] = path.split(".");
  const caller = createCaller(context) as unknown as Record<
    string,
    Record<string, (input: unknown) => Promise<unknown>>
  >;
  try {
    return { ok: true, value: await caller[router]?.[name]?.(input) };
  } catch (error) {
    const { cause } = error as { cause?: unknown };
    return { ok: false, code: isDomainError(cause) ? cause.code : "INTERNAL", cause: cause ?? error };
  }
}

class RollBack extends Error {}

/** Calls as a person of the home tenant, and takes back whatever the call did. */
async function callAs(role: Role, path: string, target: Omit<Target, "role" | "kind">): Promise<Outcome> {
  const person: Ctx = home.person(role);
  const input = ACCESS[path]?.input?.({ ...target, role, kind: kindOf(role) });
  let outcome: Outcome | undefined;
  await inTenant(person.db, person.tenant.id, async (tx) => {
    outcome = await call(path, { ctx: { ...person, tx }, requestId: "matrix" }, input);
    throw new RollBack();
  }).catch((error: unknown) => {
    if (!(error instanceof RollBack)) throw error;
  });
  if (!outcome) throw new Error("no outcome");
  return outcome;
}

const describeOutcome = (outcome: Outcome) =>
  outcome.ok ? "ok" : `${outcome.code} ${String(outcome.cause)}`;

function isReached(access: Access, outcome: Outcome): boolean {
  return outcome.ok || (access.reached ?? []).includes(outcome.code);
}

/** Ids that an answer must not hold. */
function traces(side: Side): string[] {
  const { parties, users, invitations, apiKeys, statements, campaignId, redemptionId } = side;
  return [
    ...Object.values(parties).map((party) => party.id),
    ...[users, invitations, apiKeys, statements].flatMap((ids) => Object.values(ids)),
    campaignId,
    redemptionId,
  ];
}

function tracesOf(world: AccessWorld): string[] {
  const { own, foreign, t, ruleId, scheduleId, runId, jobId, importId, mappingId, fileId } = world;
  return [
    ...traces(own),
    ...traces(foreign),
    t.tenant.id,
    ruleId,
    scheduleId,
    runId,
    jobId,
    importId,
    mappingId,
    fileId,
  ];
}

function leaksOf(outcome: Outcome, hidden: readonly string[]): string[] {
  const text = JSON.stringify(outcome.ok ? outcome.value : String(outcome.cause), (_, value: unknown) =>
    typeof value === "bigint" ? String(value) : value,
  );
  return outcome.ok && text ? hidden.filter((id) => text.includes(id)) : [];
}

test("every procedure has an entry, and every entry a procedure", () => {
  expect(Object.keys(ACCESS).sort()).toEqual(PATHS);
});

describe.each(PATHS.filter((path) => ACCESS[path]))("%s", (path) => {
  const access = ACCESS[path] as Access;
  const may = mayCall(access);
  const isPublic = access.may === "public";
  const own = () => ({ world: home, side: home.own });

  test("before sign-in, before a demanded second factor, and from another site", async () => {
    const input = access.input?.({ ...own(), kind: "merchant", role: "merchant" });
    const { t } = home;
    const nobody = await call(path, { ctx: null, requestId: "matrix" }, input);
    if (isPublic) expect(isReached(access, nobody), describeOutcome(nobody)).toBe(true);
    else expect(describeOutcome(nobody)).toMatch(/^UNAUTHENTICATED/);
    if (procedures[path]?._def.type === "mutation") {
      const foreign = await call(path, { ctx: null, requestId: "matrix", refusal: "CROSS_ORIGIN" }, input);
      expect(describeOutcome(foreign)).toMatch(/^CROSS_ORIGIN/);
    }
    if (isPublic || path.startsWith("account.")) return;
    const enrolling = await call(
      path,
      {
        ctx: null,
        enrolling: t.as("operator"),
        requestId: "matrix",
        refusal: "SECOND_FACTOR_SETUP_REQUIRED",
      },
      input,
    );
    expect(describeOutcome(enrolling)).toMatch(/^SECOND_FACTOR_SETUP_REQUIRED/);
  });

  if (isPublic) return;

  test.each(ROLES)("as %s", async (role) => {
    const outcome = await callAs(role, path, own());
    expect(leaksOf(outcome, tracesOf(away)), "another tenant's ids").toEqual([]);
    if (!may.includes(role)) {
      expect(describeOutcome(outcome)).toMatch(/^PERMISSION_DENIED/);
      return;
    }
    const isParty = !isPlatformRole(role);
    if (isParty) expect(leaksOf(outcome, traces(home.foreign)), "another party's ids").toEqual([]);
    const owns = !isParty || !access.owners || access.owners.includes(kindOf(role));
    if (owns) expect(isReached(access, outcome), describeOutcome(outcome)).toBe(true);
    else expect(outcome.ok, describeOutcome(outcome)).toBe(false);

    if (isParty && access.target === "party" && !access.bearer) {
      expectNothing(
        access,
        await callAs(role, path, { world: home, side: home.foreign }),
        traces(home.foreign),
      );
    }
    if (access.target !== "none") {
      expectNothing(access, await callAs(role, path, { world: away, side: away.own }), tracesOf(away));
    }
  });
});

/** What is foreign is refused as if it did not exist; nothing of it is told. */
function expectNothing(access: Access, outcome: Outcome, hidden: readonly string[]): void {
  expect(leaksOf(outcome, hidden), describeOutcome(outcome)).toEqual([]);
  if (!access.hides) expect(outcome.ok, "foreign, and yet done").toBe(false);
  if (outcome.ok && access.isNothing) expect(access.isNothing(outcome.value), "not nothing").toBe(true);
  if (!outcome.ok) expect(outcome.code, describeOutcome(outcome)).not.toBe("INTERNAL");
}
