import { headers } from "next/headers";
import type { PartyKind, Role } from "@/server/core/permissions";
import { sessionOfHeaders } from "./request";

/** Who is signed in, as screens need it. */
export interface Viewer {
  userId: string;
  name: string;
  email: string;
  role: Role;
  locale: "zh-CN" | "en" | null;
  party: { id: string; kind: PartyKind; name: string };
  tenant: {
    id: string;
    slug: string;
    name: string;
    currency: string;
    timezone: string;
    ruleFourEyes: boolean;
  };
  /** The tenant demands a second factor of this role, and there is none yet: nothing but /account works. */
  mustEnrolSecondFactor: boolean;
}

/** Null before sign-in. For pages and layouts. */
export async function currentViewer(): Promise<Viewer | null> {
  const session = await sessionOfHeaders(await headers());
  if (!session) return null;
  const { actor, tenant } = session;
  return {
    userId: actor.userId,
    name: actor.name,
    email: session.email,
    role: actor.role,
    locale: session.locale,
    party: { id: actor.partyId, kind: actor.partyKind, name: session.partyName },
    tenant: {
      id: tenant.id,
      slug: tenant.slug,
      name: tenant.name,
      currency: tenant.currency,
      timezone: tenant.timezone,
      ruleFourEyes: tenant.settings.ruleFourEyes,
    },
    mustEnrolSecondFactor: session.mustEnrol,
  };
}
