import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, expect, it } from "vitest";
import { systemClock } from "@/server/core/context";
import { signIn } from "@/server/domain/parties";
import { checkInvariants } from "@/server/ops/invariants/checks";
import { testDatabase } from "@/server/testing/database";
import { PEOPLE } from "./cast";
import { emailOf, tellStory } from "./story";

const SMALL = {
  name: "故事",
  days: 8,
  perDay: 16,
  merchants: 40,
  password: "Kaqing-2026-gushi",
  now: new Date("2026-11-13T07:30:00Z"),
  cardOrders: 12,
};
const folders: string[] = [];
const folder = () => {
  const made = fs.mkdtempSync(path.join(os.tmpdir(), "kaqing-story-"));
  folders.push(made);
  return made;
};
afterAll(() => {
  for (const made of folders) fs.rmSync(made, { recursive: true, force: true });
});

it("leaves sound books behind, people who can sign in, and the same story each time", async () => {
  const { db, owner } = await testDatabase();
  const first = await tellStory(owner, { ...SMALL, slug: "first", sandboxFolder: folder() });
  const second = await tellStory(owner, { ...SMALL, slug: "second", sandboxFolder: folder() });

  expect(first.refused).toBe(0);
  expect(first.redemptions).toBeGreaterThan(120);
  expect(first.statements).toBeGreaterThan(50);
  expect(first.cards?.orders).toBeGreaterThan(60);
  expect({ ...second, tenantId: "" }).toEqual({ ...first, tenantId: "" });
  const trades = (tenantId: string) => owner.sql`
    select kind, traded_at, gross, discount, paid, order_ref from trades
    where tenant_id = ${tenantId} and kind <> 'payout' order by traded_at, order_ref, gross, paid, kind`;
  expect([...(await trades(second.tenantId))]).toEqual([...(await trades(first.tenantId))]);

  for (const result of await checkInvariants(owner)) {
    expect(result, result.name).toMatchObject({ ok: true, offenders: [] });
  }
  const [life] = await owner.sql`
    select (select count(*) from campaigns where tenant_id = ${first.tenantId}) as campaigns,
      (select count(distinct type) from campaigns where tenant_id = ${first.tenantId}) as types,
      (select count(*) from parties where tenant_id = ${first.tenantId} and kind = 'merchant') as merchants,
      (select count(*) from parties where tenant_id = ${first.tenantId} and kind = 'brand') as brands,
      (select count(*) > 0 from statements where tenant_id = ${first.tenantId} and state = 'paid') as paid,
      (select count(*) > 0 from statements where tenant_id = ${first.tenantId} and state = 'draft') as unpaid,
      (select count(*) > 0 from trades where tenant_id = ${first.tenantId} and kind = 'redemption'
        and traded_at >= '2026-11-12T16:00:00Z') as open_day`;
  expect(life).toEqual({
    campaigns: 12n,
    types: 5n,
    merchants: 40n,
    brands: 8n,
    paid: true,
    unpaid: true,
    open_day: true,
  });

  for (const { email } of PEOPLE) {
    const session = await signIn(
      db,
      { email: emailOf("first", email), password: SMALL.password },
      { clock: systemClock, ip: "127.0.0.1" },
    );
    expect(session).toBeTruthy();
  }
}, 120_000);
