import type { Database, Tx } from "@/db/client";
import { DomainError } from "./errors";
import {
  API_SCOPES,
  type ApiScope,
  can,
  isPlatformRole,
  type PartyKind,
  type Permission,
  ROLE_PARTY_KIND,
  ROLES,
  type Role,
} from "./permissions";

/** Who asks. A verb never asks where it was called from; it asks what the actor may. */
export type Actor =
  | {
      kind: "user";
      userId: string;
      sessionId: string;
      role: Role;
      partyId: string;
      partyKind: PartyKind;
      name: string;
    }
  | {
      kind: "apiKey";
      keyId: string;
      partyId: string;
      partyKind: PartyKind;
      scopes: readonly ApiScope[];
      name: string;
    }
  /** Jobs, seeds and public pages that act for the house itself. */
  | { kind: "system"; name: string };

/** What a request needs to know of its tenant. `settings` is validated by `tenantSettings` in domain/parties. */
export interface Tenant {
  id: string;
  slug: string;
  name: string;
  currency: string;
  timezone: string;
  platformPartyId: string;
  settings: TenantSettings;
}

export interface TenantSettings {
  /** Minutes in which a merchant may undo a redemption of its own. */
  undoMinutes: number;
  /** Minutes a pre-authorisation holds unless said otherwise. */
  lockMinutes: number;
  /** What becomes of a voucher whose redemption is reversed whole. */
  reversedVoucher: "issued" | "void";
  /** Roles that must use a second factor. */
  secondFactorRoles: Role[];
  /** How many recruiters above a distributor earn of its sales, 0 to 3. */
  uplineLevels: number;
  /** Minutes an unpaid order holds its keys. */
  orderHoldMinutes: number;
  /** Days a pick-up link works after delivery. */
  pickupDays: number;
  /** Whether the first key that a buyer reports is replaced without support, if it is reported soon after it was shown. */
  autoReissueMinutes: number;
  /** Whether a rule is published by somebody else than who drafted it. */
  ruleFourEyes: boolean;
}

export const DEFAULT_TENANT_SETTINGS: TenantSettings = {
  undoMinutes: 5,
  lockMinutes: 15,
  reversedVoucher: "issued",
  secondFactorRoles: [],
  uplineLevels: 1,
  orderHoldMinutes: 15,
  pickupDays: 30,
  autoReissueMinutes: 0,
  ruleFourEyes: false,
};

export interface Clock {
  now(): Date;
}
export const systemClock: Clock = { now: () => new Date() };

export interface Ctx {
  actor: Actor;
  tenant: Tenant;
  db: Database;
  clock: Clock;
  requestId: string;
  /** Network address of the caller, for the audit log. */
  ip?: string;
  /** Set inside `withTransaction`; a verb called with it joins that transaction. */
  tx?: Tx;
}
export type TxCtx = Ctx & { tx: Tx };

/** A verb's first line. Throws PERMISSION_DENIED. */
export function requirePermission(ctx: Ctx, permission: Permission): void {
  if (!isAllowed(ctx.actor, permission)) throw new DomainError("PERMISSION_DENIED", { permission });
}

export function isAllowed(actor: Actor, permission: Permission): boolean {
  switch (actor.kind) {
    case "system":
      return true;
    case "user":
      return can(actor.role, permission);
    case "apiKey":
      return roleOfKey(actor.partyKind, permission) && actor.scopes.some((s) => API_SCOPES[s] === permission);
  }
}

/** A key can do no more than the people of its party: the scope of an issuer is worth nothing to a merchant. */
function roleOfKey(kind: PartyKind, permission: Permission): boolean {
  return ROLES.some((role) => ROLE_PARTY_KIND[role] === kind && can(role, permission));
}

/**
 * The party whose rows the actor may see: its own, or null for the whole tenant.
 * Every query of party-owned rows filters by it.
 */
export function partyScope(ctx: Ctx): string | null {
  const { actor } = ctx;
  switch (actor.kind) {
    case "system":
      return null;
    case "user":
      return isPlatformRole(actor.role) ? null : actor.partyId;
    case "apiKey":
      return actor.partyKind === "platform" ? null : actor.partyId;
  }
}

/** The party kind of a scoped actor, or null for one that sees the whole tenant. */
export function partyScopeKind(ctx: Ctx): PartyKind | null {
  return ctx.actor.kind === "system" || partyScope(ctx) === null ? null : ctx.actor.partyKind;
}

/** Throws NOT_FOUND (never PERMISSION_DENIED, which would tell that the party exists) outside of the actor's scope. */
export function requirePartyScope(ctx: Ctx, partyId: string): void {
  const scope = partyScope(ctx);
  if (scope !== null && scope !== partyId) throw new DomainError("NOT_FOUND", { noun: "party" });
}

export function actorId(actor: Actor): string | null {
  return actor.kind === "user" ? actor.userId : actor.kind === "apiKey" ? actor.keyId : null;
}
