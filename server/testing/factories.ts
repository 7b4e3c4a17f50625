import { type Database, inTenant } from "@/db/client";
import { parties, users } from "@/db/schema";
import type { Cycle } from "@/db/schema/types";
import type { Clock, Ctx, Tenant } from "@/server/core/context";
import { newId } from "@/server/core/ids";
import type { ApiScope, PartyKind, Role } from "@/server/core/permissions";
import { createTenant, type NewTenant, nextNumber, systemCtx } from "@/server/domain/parties";

/** A clock that stands until it is moved: a test lives through a month in a second. */
export class TestClock implements Clock {
  #now: Date;
  constructor(start: string | Date = "2026-11-18T04:00:00.000Z") {
    this.#now = new Date(start);
  }
  now(): Date {
    return new Date(this.#now);
  }
  set(time: string | Date): void {
    this.#now = new Date(time);
  }
  advance(by: { days?: number; hours?: number; minutes?: number; seconds?: number }): void {
    const seconds =
      (by.days ?? 0) * 86_400 + (by.hours ?? 0) * 3_600 + (by.minutes ?? 0) * 60 + (by.seconds ?? 0);
    this.#now = new Date(this.#now.getTime() + seconds * 1_000);
  }
}

export interface TestTenant {
  tenant: Tenant;
  clock: TestClock;
  /** The house itself. */
  system: Ctx;
  /** A platform user of the role, without a row in `users`. */
  as(role: Role, party?: { id: string; kind: PartyKind }): Ctx;
  /** An API key's context. */
  withKey(scopes: readonly ApiScope[], party?: { id: string; kind: PartyKind }): Ctx;
}

let made = 0;

/** A tenant of its own for a test. `owner` is a connection as the database's owner, `db` as the application. */
export async function makeTenant(
  owner: Database,
  db: Database,
  options: Partial<NewTenant> & { clock?: TestClock } = {},
): Promise<TestTenant> {
  made += 1;
  const clock = options.clock ?? new TestClock();
  const tenant = await createTenant(
    owner,
    {
      slug: options.slug ?? `t${made}-${newId().slice(-8)}`,
      name: options.name ?? `Tenant ${made}`,
      currency: options.currency ?? "CNY",
      timezone: options.timezone ?? "Asia/Shanghai",
      settings: options.settings,
    },
    clock,
  );
  const platform = { id: tenant.platformPartyId, kind: "platform" as const };
  const base = { tenant, db, clock };
  return {
    tenant,
    clock,
    system: systemCtx(db, tenant, "test", clock),
    as: (role, party = platform) => ({
      ...base,
      requestId: newId(),
      actor: {
        kind: "user",
        userId: newId(),
        sessionId: newId(),
        role,
        partyId: party.id,
        partyKind: party.kind,
        name: `${role} user`,
      },
    }),
    withKey: (scopes, party = platform) => ({
      ...base,
      requestId: newId(),
      actor: {
        kind: "apiKey",
        keyId: newId(),
        partyId: party.id,
        partyKind: party.kind,
        scopes,
        name: "test key",
      },
    }),
  };
}

const PREFIX: Record<PartyKind, string> = {
  platform: "P",
  merchant: "M",
  brand: "B",
  distributor: "D",
  supplier: "S",
  channel: "CH",
};

/** A party; by default it is paid T+1 by the calendar. */
export async function makeParty(
  t: TestTenant,
  kind: PartyKind,
  options: {
    name?: string;
    cycle?: Cycle;
    externalId?: string;
    channelFeeRate?: string;
    channelRefundsFee?: boolean;
  } = {},
): Promise<{ id: string; kind: PartyKind; number: string; name: string }> {
  const id = newId();
  const now = t.clock.now();
  return inTenant(t.system.db, t.tenant.id, async (tx) => {
    const [number = ""] = await nextNumber({ ...t.system, tx }, `party.${kind}`, PREFIX[kind]);
    const name = options.name ?? `${kind} ${number}`;
    await tx.insert(parties).values({
      tenantId: t.tenant.id,
      id,
      number,
      kind,
      name,
      externalId: options.externalId ?? null,
      cycle: options.cycle ?? { kind: "windows", windowsPerDay: 1, delay: 1, dayCount: "calendar" },
      channelFeeRate: options.channelFeeRate ?? null,
      channelRefundsFee: options.channelRefundsFee ?? false,
      createdAt: now,
      updatedAt: now,
    });
    return { id, kind, number, name };
  });
}

/** A user's row, for tests that need one; its password cannot be used. */
export async function makeUser(
  t: TestTenant,
  role: Role,
  partyId: string = t.tenant.platformPartyId,
): Promise<{ id: string; email: string }> {
  const id = newId();
  const email = `${role}-${id.slice(-8)}@example.test`;
  await inTenant(t.system.db, t.tenant.id, async (tx) => {
    await tx.insert(users).values({
      tenantId: t.tenant.id,
      id,
      partyId,
      email,
      name: `${role} ${id.slice(-4)}`,
      role,
      passwordHash: "-",
      createdAt: t.clock.now(),
    });
  });
  return { id, email };
}
