import {
  bigint,
  boolean,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  unique,
  uuid,
} from "drizzle-orm/pg-core";
import { bytes, currency, id, instant, tenantId } from "../columns";
import type { Cycle } from "./types";

/** One clearing house. `settings` is a `TenantSettings`. */
export const tenants = pgTable("tenants", {
  id: uuid("id").primaryKey(),
  slug: text("slug").notNull().unique(),
  name: text("name").notNull(),
  currency: currency().notNull(),
  timezone: text("timezone").notNull(),
  platformPartyId: uuid("platform_party_id").notNull(),
  settings: jsonb("settings").$type<Record<string, unknown>>().notNull(),
  createdAt: instant("created_at").notNull(),
});

export const parties = pgTable(
  "parties",
  {
    tenantId: tenantId(),
    id: id(),
    /** `M-0001`, `B-0001` …: what people read. */
    number: text("number").notNull(),
    kind: text("kind", {
      enum: ["platform", "merchant", "brand", "distributor", "supplier", "channel"],
    }).notNull(),
    name: text("name").notNull(),
    /** The tenant's own id of the party (a store number, say). */
    externalId: text("external_id"),
    status: text("status", { enum: ["active", "suspended"] })
      .notNull()
      .default("active"),
    locale: text("locale", { enum: ["zh-CN", "en"] })
      .notNull()
      .default("zh-CN"),
    /** When its money falls due. */
    cycle: jsonb("cycle").$type<Cycle>().notNull(),
    contact: text("contact"),
    bankName: text("bank_name"),
    bankAccountHolder: text("bank_account_holder"),
    bankAccountSealed: bytes("bank_account_sealed"),
    bankAccountTail: text("bank_account_tail"),
    /** Of a channel: its fee rate, and whether it gives fees back with refunds. */
    channelFeeRate: text("channel_fee_rate"),
    channelRefundsFee: boolean("channel_refunds_fee").notNull().default(false),
    createdAt: instant("created_at").notNull(),
    updatedAt: instant("updated_at").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    unique("parties_number").on(t.tenantId, t.number),
    unique("parties_external_id").on(t.tenantId, t.kind, t.externalId),
    index("parties_by_name").on(t.tenantId, t.kind, t.name),
  ],
);

export const users = pgTable(
  "users",
  {
    tenantId: tenantId(),
    id: id(),
    partyId: uuid("party_id").notNull(),
    email: text("email").notNull(),
    name: text("name").notNull(),
    role: text("role", {
      enum: ["operator", "finance", "merchant", "distributor", "brand", "supplier", "support", "auditor"],
    }).notNull(),
    status: text("status", { enum: ["active", "suspended"] })
      .notNull()
      .default("active"),
    passwordHash: text("password_hash").notNull(),
    /** Raised to end every session at once. */
    sessionVersion: integer("session_version").notNull().default(1),
    totpSealed: bytes("totp_sealed"),
    totpEnabledAt: instant("totp_enabled_at"),
    totpLastStep: bigint("totp_last_step", { mode: "number" }),
    locale: text("locale", { enum: ["zh-CN", "en"] }),
    lastSignInAt: instant("last_sign_in_at"),
    createdAt: instant("created_at").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    unique("users_email").on(t.tenantId, t.email),
    foreignKey({ columns: [t.tenantId, t.partyId], foreignColumns: [parties.tenantId, parties.id] }),
    index("users_by_party").on(t.tenantId, t.partyId),
  ],
);

/** Finds the tenant of an e-mail address at sign-in; read through `resolve_sign_in` alone. */
export const signInNames = pgTable("sign_in_names", {
  email: text("email").primaryKey(),
  tenantId: tenantId(),
  userId: uuid("user_id").notNull(),
});

export const sessions = pgTable(
  "sessions",
  {
    tenantId: tenantId(),
    id: id(),
    userId: uuid("user_id").notNull(),
    sessionVersion: integer("session_version").notNull(),
    createdAt: instant("created_at").notNull(),
    lastSeenAt: instant("last_seen_at").notNull(),
    /** Set once the second factor was shown in this session. */
    secondFactorAt: instant("second_factor_at"),
    ip: text("ip"),
    userAgent: text("user_agent"),
    endedAt: instant("ended_at"),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    foreignKey({ columns: [t.tenantId, t.userId], foreignColumns: [users.tenantId, users.id] }),
    index("sessions_by_user").on(t.tenantId, t.userId),
  ],
);

export const recoveryCodes = pgTable(
  "recovery_codes",
  {
    tenantId: tenantId(),
    id: id(),
    userId: uuid("user_id").notNull(),
    codeHash: bytes("code_hash").notNull(),
    usedAt: instant("used_at"),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    foreignKey({ columns: [t.tenantId, t.userId], foreignColumns: [users.tenantId, users.id] }),
    unique("recovery_codes_hash").on(t.tenantId, t.userId, t.codeHash),
  ],
);

export const invitations = pgTable(
  "invitations",
  {
    tenantId: tenantId(),
    id: id(),
    email: text("email").notNull(),
    name: text("name").notNull(),
    role: text("role", {
      enum: ["operator", "finance", "merchant", "distributor", "brand", "supplier", "support", "auditor"],
    }).notNull(),
    partyId: uuid("party_id").notNull(),
    tokenHash: bytes("token_hash").notNull(),
    invitedBy: uuid("invited_by"),
    createdAt: instant("created_at").notNull(),
    expiresAt: instant("expires_at").notNull(),
    acceptedAt: instant("accepted_at"),
    revokedAt: instant("revoked_at"),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    unique("invitations_token").on(t.tenantId, t.tokenHash),
    foreignKey({ columns: [t.tenantId, t.partyId], foreignColumns: [parties.tenantId, parties.id] }),
  ],
);

export const apiKeys = pgTable(
  "api_keys",
  {
    tenantId: tenantId(),
    id: id(),
    partyId: uuid("party_id").notNull(),
    name: text("name").notNull(),
    /** The part of the key that may be shown again. */
    prefix: text("prefix").notNull(),
    secretHash: bytes("secret_hash").notNull(),
    scopes: text("scopes").array().notNull(),
    createdBy: uuid("created_by"),
    createdAt: instant("created_at").notNull(),
    expiresAt: instant("expires_at"),
    lastUsedAt: instant("last_used_at"),
    revokedAt: instant("revoked_at"),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    unique("api_keys_secret").on(t.tenantId, t.secretHash),
    foreignKey({ columns: [t.tenantId, t.partyId], foreignColumns: [parties.tenantId, parties.id] }),
  ],
);

/** The last number given for a kind of record, e.g. `party.merchant` or `statement`. */
export const counters = pgTable(
  "counters",
  {
    tenantId: tenantId(),
    name: text("name").notNull(),
    value: bigint("value", { mode: "number" }).notNull(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.name] })],
);

/** Attempts per key and window, e.g. sign-ins per account and per address. Not tenant-owned: read before a tenant is known. */
export const rateLimits = pgTable(
  "rate_limits",
  {
    key: text("key").notNull(),
    windowStart: instant("window_start").notNull(),
    hits: integer("hits").notNull(),
  },
  (t) => [primaryKey({ columns: [t.key, t.windowStart] })],
);
