import { beforeAll, expect, test } from "vitest";
import type { Ctx } from "@/server/core/context";
import { testDatabase } from "@/server/testing/database";
import { makeParty, makeTenant, type TestTenant } from "@/server/testing/factories";
import { createFeeSchedule, getFeeSchedule } from "../clearing";
import { find } from "./index";

let t: TestTenant;
beforeAll(async () => {
  const { db, owner } = await testDatabase();
  t = await makeTenant(owner, db);
});

test("a fee schedule is found by name and by number, by who may read rules", async () => {
  const id = await createFeeSchedule(t.system, {
    name: "Chains by the month",
    scope: { role: "merchant", leg: "fee.commission", currency: t.tenant.currency },
    definition: {
      method: "flat",
      bands: [{ from: "0", rate: "0.01" }],
      appliesTo: { everyone: true, tiers: [], parties: [] },
    },
  });
  const { number } = await getFeeSchedule(t.system, id);
  const found = async (ctx: Ctx, q: string) =>
    (await find(ctx, { q })).map(({ group, id }) => ({ group, id }));
  const hit = [{ group: "fees", id }];
  expect(await found(t.as("operator"), "by the MONTH")).toEqual(hit);
  expect(await found(t.as("auditor"), number.toLowerCase())).toEqual(hit);
  expect(await found(t.as("operator"), "%")).toEqual([]);
  const merchant = await makeParty(t, "merchant");
  expect(await found(t.as("merchant", merchant), number)).toEqual([]);
});
