import type { Database } from "@/db/client";
import type { Ctx } from "@/server/core/context";
import type { PartyKind, Role } from "@/server/core/permissions";
import { resolveSession, type SessionClaims, signIn } from "@/server/domain/parties";
import type { TestTenant } from "@/server/testing/factories";
import { acceptInvitation, inviteUser } from "./invitations";

export const PASSWORD = "correct horse battery";
let made = 0;

/** A real user with a password, made by invitation, as people come in. */
export async function makePerson(
  t: TestTenant,
  role: Role,
  party?: { id: string; kind: PartyKind },
  email = `${role}-${++made}@example.test`,
): Promise<{ email: string }> {
  const { token } = await inviteUser(t.as("operator"), {
    email,
    name: `${role} 甲`,
    role,
    partyId: party?.id,
  });
  await acceptInvitation(
    t.system.db,
    { token, password: PASSWORD },
    { clock: t.clock, ip: `10.0.0.${made % 200}` },
  );
  return { email };
}

export function signInAs(
  t: TestTenant,
  email: string,
  options: { password?: string; code?: string; ip?: string } = {},
): Promise<SessionClaims> {
  const { password = PASSWORD, code, ip = "192.0.2.1" } = options;
  return signIn(
    t.system.db,
    { email, password, ...(code === undefined ? {} : { code }) },
    { clock: t.clock, ip, userAgent: "test", minimumMs: 0 },
  );
}

/** The context that a session's calls run in. */
export async function ctxOf(t: TestTenant, db: Database, claims: SessionClaims): Promise<Ctx> {
  const session = await resolveSession(db, claims, t.clock);
  if (!session) throw new Error("the session is over");
  return { actor: session.actor, tenant: session.tenant, db, clock: t.clock, requestId: "test-request" };
}
