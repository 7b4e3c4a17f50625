import { z } from "zod";
import {
  API_SCOPES,
  type ApiScope,
  PARTY_KINDS,
  type PartyKind,
  type Permission,
  ROLE_PARTY_KIND,
  ROLES,
  type Role,
} from "@/server/core/permissions";

/** Inputs of the verbs on parties, people, keys and the tenant's settings. Safe in the browser. */

const id = z.uuid();
const cursor = z.string().max(1_000).nullish();
const limit = z.number().int().min(1).max(200).default(50);
const direction = z.enum(["asc", "desc"]).default("asc");
const search = z.string().trim().max(100).optional();
/** A line of text without control characters. */
const line = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .regex(/^[^\p{Cc}]*$/u);
const optionalLine = (max: number) =>
  z
    .string()
    .trim()
    .max(max)
    .regex(/^[^\p{Cc}]*$/u)
    .nullish()
    .transform((text) => text || null);

export const role = z.enum(ROLES);
export const partyKind = z.enum(PARTY_KINDS);
export const locale = z.enum(["zh-CN", "en"]);
export const email = z.string().trim().toLowerCase().max(254).pipe(z.email());
export const apiScope = z.enum(Object.keys(API_SCOPES) as [ApiScope, ...ApiScope[]]);

/** The roles a user of a party of this kind can have. */
export function rolesOfKind(kind: PartyKind): Role[] {
  return ROLES.filter((one) => ROLE_PARTY_KIND[one] === kind);
}

/** What a key of a party of this kind may be allowed to do. */
export const SCOPES_OF_KIND: Record<PartyKind, readonly ApiScope[]> = {
  platform: Object.keys(API_SCOPES) as ApiScope[],
  merchant: ["campaigns:read", "vouchers:read", "vouchers:redeem", "vouchers:reverse", "redemptions:read"],
  brand: ["campaigns:read", "redemptions:read"],
  distributor: ["products:read", "orders:create", "orders:read", "orders:reveal", "orders:report"],
  supplier: [],
  channel: [],
};

// ── parties ──

export const cycle = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("immediate") }),
  z.object({
    kind: z.literal("windows"),
    windowsPerDay: z.union([z.literal(1), z.literal(2)]),
    delay: z.number().int().min(1).max(366),
    dayCount: z.enum(["calendar", "business"]),
  }),
  z.object({ kind: z.literal("weekly"), weekStart: z.number().int().min(1).max(7) }),
  z.object({ kind: z.literal("monthly") }),
]);

const rate = z
  .string()
  .trim()
  .regex(/^0(\.\d{1,6})?$/)
  .nullish()
  .transform((text) => text || null);

const partyFields = {
  name: line(120),
  externalId: optionalLine(80),
  locale: locale.default("zh-CN"),
  contact: optionalLine(200),
  cycle,
  /** Of channels alone. */
  channelFeeRate: rate,
  channelRefundsFee: z.boolean().default(false),
};
export const createPartyInput = z.object({
  kind: partyKind.exclude(["platform"]),
  ...partyFields,
});
export const updatePartyInput = z.object({
  id,
  /** `updatedAt` of the record that was edited: another's change in between is a CONFLICT. */
  version: z.date().optional(),
  ...partyFields,
});
export const partyIdInput = z.object({ id });
export const setPartyStatusInput = z.object({ id, status: z.enum(["active", "suspended"]) });
export const setBankAccountInput = z.object({
  partyId: id,
  bankName: line(120),
  holder: line(120),
  number: z
    .string()
    .transform((text) => text.normalize("NFKC").replaceAll(/[\s-]/g, "").toUpperCase())
    .pipe(z.string().regex(/^[0-9A-Z]{6,34}$/)),
});
export const partyFilters = z.object({
  q: search,
  kind: partyKind.optional(),
  status: z.enum(["active", "suspended"]).optional(),
});
export const listPartiesInput = partyFilters.extend({
  cursor,
  limit,
  sort: z.enum(["number", "name", "createdAt"]).default("number"),
  direction,
});
export const partyOptionsInput = z.object({
  q: search,
  kinds: z.array(partyKind).max(PARTY_KINDS.length).optional(),
  ids: z.array(id).max(100).optional(),
  limit: z.number().int().min(1).max(100).default(20),
});

// ── users ──

export const userFilters = z.object({
  q: search,
  role: role.optional(),
  status: z.enum(["active", "suspended"]).optional(),
  partyId: id.optional(),
});
export const listUsersInput = userFilters.extend({
  cursor,
  limit,
  sort: z.enum(["name", "email", "createdAt"]).default("name"),
  direction,
});
export const inviteUserInput = z.object({
  email,
  name: line(80),
  role,
  /** The inviter's own party unless said otherwise. */
  partyId: id.optional(),
});
export const invitationIdInput = z.object({ id });
export const listInvitationsInput = z.object({ partyId: id.optional(), cursor, limit });
export const invitationTokenInput = z.object({ token: z.string().max(300) });
export const password = z.string().min(1).max(200);
export const acceptInvitationInput = z.object({
  token: z.string().max(300),
  password,
  name: line(80).optional(),
  locale: locale.optional(),
});
export const userIdInput = z.object({ userId: id });
export const changeRoleInput = z.object({ userId: id, role });
export const setUserStatusInput = z.object({ userId: id, status: z.enum(["active", "suspended"]) });

// ── the own account ──

export const changePasswordInput = z.object({ currentPassword: password, newPassword: password });
export const updateProfileInput = z.object({ name: line(80) });
export const setLocaleInput = z.object({ locale });
export const endSessionInput = z.object({ sessionId: id });
export const beginSecondFactorInput = z.object({ password });
const code = z.string().trim().min(1).max(40);
export const confirmSecondFactorInput = z.object({ code });
export const disableSecondFactorInput = z.object({ password, code });
export const newRecoveryCodesInput = z.object({ password, code });
export const signInInput = z.object({
  email: z.string().trim().toLowerCase().min(1).max(254),
  password,
  code: z.string().trim().max(40).optional(),
});

/** What a new password has to be, told before it is sent. */
export const PASSWORD_MIN_LENGTH = 10;

// ── API keys ──

export const createApiKeyInput = z.object({
  name: line(80),
  scopes: z.array(apiScope).min(1).max(10),
  /** The creator's own party unless said otherwise. */
  partyId: id.optional(),
  expiresAt: z.date().nullish(),
});
export const apiKeyIdInput = z.object({ id });
export const listApiKeysInput = z.object({
  q: search,
  partyId: id.optional(),
  state: z.enum(["active", "ended"]).optional(),
  cursor,
  limit,
});

// ── the tenant ──

export const tenantSettingsInput = z.object({
  undoMinutes: z.number().int().min(0).max(1_440),
  lockMinutes: z.number().int().min(1).max(1_440),
  reversedVoucher: z.enum(["issued", "void"]),
  secondFactorRoles: z
    .array(role)
    .max(ROLES.length)
    .transform((roles) => ROLES.filter((one) => roles.includes(one))),
  // Left out: as it was.
  uplineLevels: z.number().int().min(0).max(3).optional(),
  orderHoldMinutes: z.number().int().min(1).max(1_440).optional(),
  pickupDays: z.number().int().min(1).max(3_650).optional(),
  autoReissueMinutes: z.number().int().min(0).max(10_080).optional(),
  ruleFourEyes: z.boolean().optional(),
});

/** The permission behind a scope. */
export function permissionOfScope(scope: ApiScope): Permission {
  return API_SCOPES[scope];
}
