import type { ErrorCode } from "@/server/core/errors";
import { newId } from "@/server/core/ids";
import {
  PERMISSIONS,
  type Permission,
  PLATFORM_ROLES,
  ROLE_PARTY_KIND,
  type Role,
} from "@/server/core/permissions";
import { redemptionRule } from "@/server/domain/clearing";
import { type AccessWorld, isSideKind, type Kind, PASSWORD, type Side } from "./access-world";

/**
 * One entry a procedure: who may call it, and what it points to. A procedure without an entry fails the test, so
 * that nobody adds one without having thought of who may reach what by it.
 */
export interface Access {
  /** The permission that it demands, the roles that may, or everybody without sign-in. */
  may: Permission | readonly Role[] | "public";
  /**
   * What the input points to:
   * - `party`: a record of a party. Another party's people are refused, and so is every other tenant.
   * - `tenant`: a record of the tenant as a whole. Every other tenant is refused.
   * - `none`: nothing. The answer holds what the caller may see.
   */
  target: "party" | "tenant" | "none";
  input?: (at: Target) => unknown;
  /** Party roles whose own party has such a record; all by default. The others of `may` are refused, too. */
  owners?: readonly Kind[];
  /** Refusals that only a caller who may gets to see: it came as far as the record's own state. */
  reached?: readonly ErrorCode[];
  /** Answers what is foreign with nothing of it instead of an error. */
  hides?: true;
  /** What "nothing of it" looks like where an answer bears no ids. */
  isNothing?: (value: unknown) => boolean;
  /** A bearer secret is in the input: whoever holds it may, in the same tenant. */
  bearer?: true;
}

/** Where the input points: the caller's own side, another party's, or another tenant's. */
export interface Target {
  world: AccessWorld;
  side: Side;
  /** The kind of the caller's party; a merchant's for the house's own people. */
  kind: Kind;
  role: Role;
}

export function mayCall({ may }: Access): readonly Role[] {
  if (may === "public") return [];
  return typeof may === "string" ? PERMISSIONS[may] : may;
}

export function kindOf(role: Role): Kind {
  const kind = ROLE_PARTY_KIND[role];
  return isSideKind(kind) ? kind : "merchant";
}

const id = (find: (at: Target) => string) => (at: Target) => ({ id: find(at) });
const party = ({ side, kind }: Target) => side.parties[kind].id;
const userId = ({ side, kind }: Target) => ({ userId: side.users[kind] });
/** The side's supplier, whoever asks. */
const supplier = ({ side }: Target) => ({ partyId: side.parties.supplier.id });
/** The side's distributor, whoever asks. */
const distributor = ({ side }: Target) => ({ partyId: side.parties.distributor.id });
const T1 = { kind: "windows", windowsPerDay: 1, delay: 1, dayCount: "calendar" } as const;
const partyFields = { name: "New name", cycle: T1 };
const order = { orderAmount: 10_000n };
const range = { from: "2026-11-01", to: "2026-11-30" };
const definition = redemptionRule({ commissionRate: "0.01" });
const ruleDraft = {
  name: "Another",
  scope: { tradeKind: "redemption" as const },
  priority: 0,
  definition,
  effectiveFrom: null,
  checked: { from: "100", to: "1000000", share: "1" },
  note: "",
};
const feeDraft = {
  name: "Another",
  scope: { role: "merchant" as const, leg: "fee.other", currency: "CNY" },
  definition: {
    method: "flat" as const,
    bands: [{ from: "0", rate: null }],
    appliesTo: { everyone: true, tiers: [], parties: [] },
  },
  effectiveFrom: null,
  note: "",
};
const mapping = {
  currency: "CNY",
  merchant: "shop",
  amount: { column: "amount", means: "gross" as const },
  discounts: [{ column: "off", by: "merchant" as const }],
  soldAt: { column: "at", format: "yyyy-MM-dd" as const, timeZone: "Asia/Shanghai" },
  collectedBy: "merchant" as const,
};
const campaign = {
  name: "5 off",
  type: "fixed" as const,
  terms: { type: "fixed" as const, amount: "500" },
};
const aShop = ({ world }: Target) => ({ tenant: world.t.tenant.slug, shop: "nobodys-shop" });
/** Of an order that there is, with a signature that is none. */
const aLink = ({ world, side }: Target) => ({
  tenant: world.t.tenant.slug,
  token: Buffer.concat([
    Buffer.from(side.orders.deliveredId.replaceAll("-", ""), "hex"),
    Buffer.alloc(16),
  ]).toString("base64url"),
});
const ALL_ROLES = PERMISSIONS["account:self"];

const distributorId = ({ side }: Target) => ({ distributorId: side.parties.distributor.id });
const channelFields = {
  name: "Sandbox pay",
  feeRate: "0.006",
  feeMin: null,
  feeMax: null,
  feeBearer: null,
  refundsFee: false,
  cycle: T1,
  minAmount: null,
  maxAmount: null,
  enabled: true,
  account: null,
};

export const ACCESS: Record<string, Access> = {
  "account.get": { may: "account:self", target: "none" },
  "account.updateProfile": { may: "account:self", target: "none", input: () => ({ name: "New name" }) },
  "account.setLocale": { may: "account:self", target: "none", input: () => ({ locale: "en" }) },
  "account.changePassword": {
    may: "account:self",
    target: "none",
    input: () => ({ currentPassword: PASSWORD, newPassword: "another phrase for it" }),
  },
  "account.sessions": { may: "account:self", target: "none" },
  "account.endSession": {
    may: "account:self",
    target: "none",
    input: ({ world, role }) => {
      const { actor } = world.person(role);
      return { sessionId: actor.kind === "user" ? actor.sessionId : "" };
    },
  },
  "account.endOtherSessions": { may: "account:self", target: "none" },
  "account.beginSecondFactor": { may: "account:self", target: "none", input: () => ({ password: PASSWORD }) },
  "account.confirmSecondFactor": {
    may: "account:self",
    target: "none",
    input: () => ({ code: "000000" }),
    reached: ["CODE_WRONG"],
  },
  "account.disableSecondFactor": {
    may: "account:self",
    target: "none",
    input: () => ({ password: PASSWORD, code: "000000" }),
    reached: ["NOT_FOUND"], // there is none
  },
  "account.renewRecoveryCodes": {
    may: "account:self",
    target: "none",
    input: () => ({ password: PASSWORD, code: "000000" }),
    reached: ["NOT_FOUND"],
  },

  "apiKeys.list": {
    may: "api_key:read",
    target: "party",
    hides: true,
    input: (at) => ({ partyId: party(at) }),
  },
  "apiKeys.create": {
    may: "api_key:write",
    target: "party",
    input: (at) => ({
      name: "till",
      scopes: [at.kind === "distributor" ? "orders:read" : "vouchers:read"],
      partyId: party(at),
    }),
    owners: ["merchant", "distributor"], // these scopes are not for the others
  },
  "apiKeys.revoke": {
    may: "api_key:write",
    target: "party",
    input: id(({ side, kind }) => side.apiKeys[kind]),
  },

  "audit.list": { may: "audit:read", target: "none", input: () => ({ limit: 200 }) },
  "audit.get": { may: "audit:read", target: "none", input: () => ({ seq: "1" }) },
  "audit.actions": { may: "audit:read", target: "none" },
  "audit.verify": { may: "audit:read", target: "none" },

  "calendar.years": { may: "calendar:read", target: "none" },
  "calendar.year": { may: "calendar:read", target: "none", input: () => ({ year: 2026 }) },
  "calendar.addYear": {
    may: "calendar:write",
    target: "none",
    input: () => ({ year: 2031, from: "plain" }),
  },
  "calendar.saveDay": {
    may: "calendar:write",
    target: "none",
    input: () => ({ day: "2026-12-24", working: false, name: "Half day" }),
  },
  "calendar.removeDay": { may: "calendar:write", target: "none", input: () => ({ day: "2026-10-01" }) },

  "campaigns.list": {
    may: "campaign:read",
    target: "none",
    input: () => ({ limit: 200 }),
  },
  "campaigns.get": { may: "campaign:read", target: "party", input: id(({ side }) => side.campaignId) },
  "campaigns.options": {
    may: "campaign:read",
    target: "party",
    hides: true,
    input: ({ side }) => ({ ids: [side.campaignId] }),
  },
  "campaigns.create": { may: "campaign:write", target: "none", input: () => campaign },
  "campaigns.update": {
    may: "campaign:write",
    target: "tenant",
    input: ({ side }) => ({ id: side.campaignId, name: "New name" }),
  },
  "campaigns.activate": {
    may: "campaign:write",
    target: "tenant",
    input: id(({ side }) => side.campaignId),
    reached: ["CONFLICT", "CAMPAIGN_NOT_ACTIVE"],
  },
  "campaigns.pause": { may: "campaign:write", target: "tenant", input: id(({ side }) => side.campaignId) },
  "campaigns.end": { may: "campaign:write", target: "tenant", input: id(({ side }) => side.campaignId) },

  "distributors.list": { may: "distributor:read", target: "none", input: () => ({}) },
  "distributors.get": { may: "distributor:read", target: "party", input: distributor },
  "distributors.set": {
    may: "distributor:write",
    target: "tenant",
    input: (at) => ({ ...distributor(at), commissionRate: "0.012" }),
  },
  "distributors.overview": {
    may: "distributor:read",
    target: "party",
    input: (at) => ({ ...range, ...distributor(at) }),
  },
  "distributors.recruits": {
    may: "distributor:read",
    target: "party",
    input: (at) => ({ ...range, ...distributor(at) }),
  },
  "distributors.commissions": { may: "distributor:read", target: "party", input: distributor },

  "prices.list": { may: "price:read", target: "none", input: () => ({}) },
  "prices.set": {
    may: "price:write",
    target: "tenant",
    input: ({ world }) => ({
      prices: [{ productId: world.cardProductId, tier: world.tier, price: 9_700n }],
    }),
  },

  "shop.get": { may: "distributor:read", target: "party", input: distributor },
  "shop.update": {
    may: "shop:write",
    target: "party",
    input: (at) => ({ ...distributor(at), slug: "matrix-shop", title: "Shop", open: true }),
  },
  "shop.items": { may: "distributor:read", target: "party", input: distributor },
  "shop.setItems": {
    may: "shop:write",
    target: "party",
    input: (at) => ({
      ...distributor(at),
      items: [{ productId: at.world.cardProductId, markup: 100n, listed: true }],
    }),
  },

  "tiers.list": { may: "distributor:read", target: "none" },
  "tiers.create": {
    may: "distributor:write",
    target: "none",
    input: () => ({ code: "platinum", name: "Platinum" }),
  },
  "tiers.update": {
    may: "distributor:write",
    target: "tenant",
    input: ({ world }) => ({ code: world.tier, name: "Renamed" }),
  },
  "tiers.remove": {
    may: "distributor:write",
    target: "tenant",
    input: ({ world }) => ({ code: world.tier }),
    reached: ["TIER_IN_USE"],
  },

  "fees.list": { may: "rule:read", target: "none" },
  "fees.get": { may: "rule:read", target: "tenant", input: id(({ world }) => world.scheduleId) },
  "fees.applying": {
    may: "rule:read",
    target: "none",
    input: ({ side }) => ({ role: "merchant", partyId: side.parties.merchant.id }),
  },
  "fees.progress": { may: "terms:read", target: "none" },
  "fees.progressOf": {
    may: "rule:read",
    target: "tenant",
    input: ({ side }) => ({ partyId: side.parties.merchant.id }),
  },
  "fees.check": { may: "rule:write", target: "none", input: () => feeDraft },
  "fees.saveDraft": {
    may: "rule:write",
    target: "tenant",
    input: ({ world }) => ({ ...feeDraft, scheduleId: world.scheduleId }),
    reached: ["CONFLICT"],
  },
  "fees.discard": {
    may: "rule:write",
    target: "tenant",
    input: ({ world }) => ({ scheduleId: world.scheduleId, revision: 99 }),
    reached: ["CONFLICT"],
  },
  "fees.submit": {
    may: "rule:write",
    target: "tenant",
    input: ({ world }) => ({ scheduleId: world.scheduleId, revision: 99 }),
    reached: ["CONFLICT"],
  },
  "fees.approve": {
    may: "rule:publish",
    target: "tenant",
    input: ({ world }) => ({ versionId: world.scheduleVersionId }),
    reached: ["CONFLICT"],
  },
  "fees.refuse": {
    may: "rule:publish",
    target: "tenant",
    input: ({ world }) => ({ versionId: world.scheduleVersionId, reason: "wrong" }),
    reached: ["CONFLICT"],
  },
  "fees.withdraw": {
    may: "rule:write",
    target: "tenant",
    input: ({ world }) => ({ versionId: world.scheduleVersionId, reason: "wrong" }),
    reached: ["CONFLICT"],
  },

  "imports.list": { may: "import:read", target: "none", input: () => ({}) },
  "imports.get": { may: "import:read", target: "tenant", input: id(({ world }) => world.importId) },
  "imports.rejects": {
    may: "import:read",
    target: "tenant",
    hides: true,
    input: ({ world }) => ({ importId: world.importId }),
  },
  "imports.inspect": {
    may: "import:read",
    target: "tenant",
    input: ({ world }) => ({ fileId: world.fileId }),
  },
  "imports.mappings": { may: "import:read", target: "none" },
  "imports.saveMapping": {
    may: "import:write",
    target: "none",
    input: () => ({ name: "Another", definition: mapping }),
  },
  "imports.deleteMapping": {
    may: "import:write",
    target: "tenant",
    input: id(({ world }) => world.mappingId),
  },
  "imports.dryRun": {
    may: "import:write",
    target: "tenant",
    input: ({ world }) => ({ fileId: world.fileId, mapping }),
  },
  "imports.start": {
    may: "import:write",
    target: "tenant",
    input: ({ world }) => ({ fileId: world.fileId, mapping }),
  },

  "jobs.list": { may: "job:read", target: "none", input: () => ({}) },
  "jobs.get": { may: "job:read", target: "tenant", input: id(({ world }) => world.jobId) },
  "jobs.cancel": { may: "job:cancel", target: "tenant", input: id(({ world }) => world.jobId) },

  "overview.house": { may: PLATFORM_ROLES, target: "none", input: () => range },
  "overview.party": {
    may: "overview:read",
    target: "party",
    input: (at) => ({ ...range, partyId: party(at) }),
  },

  "channels.list": { may: "channel:read", target: "none" },
  "channels.get": { may: "channel:read", target: "tenant", input: id(({ world }) => world.payChannelId) },
  "channels.create": { may: "channel:write", target: "none", input: () => channelFields },
  "channels.update": {
    may: "channel:write",
    target: "tenant",
    input: ({ world }) => ({ ...channelFields, id: world.payChannelId }),
  },
  "channels.setEnabled": {
    may: "channel:write",
    target: "tenant",
    input: ({ world }) => ({ id: world.payChannelId, enabled: true }),
  },
  "channels.tryRoute": { may: "channel:read", target: "none", input: () => ({ amount: 100n }) },
  "wallets.list": { may: "wallet:read", target: "none", input: () => ({ limit: 200 }) },
  "wallets.get": { may: "wallet:read", target: "party", input: distributorId, owners: ["distributor"] },
  "wallets.movements": {
    may: "wallet:read",
    target: "party",
    input: distributorId,
    owners: ["distributor"],
  },
  "wallets.topUp": {
    may: "wallet:top_up",
    target: "tenant",
    input: (at) => ({
      ...distributorId(at),
      amount: 100n,
      bankReference: `FT ${newId()}`,
      receivedAt: at.world.t.clock.now(),
    }),
  },
  "wallets.setCreditLimit": {
    may: "wallet:top_up",
    target: "tenant",
    input: (at) => ({ ...distributorId(at), creditLimit: 100n }),
  },
  "parties.list": { may: "party:read", target: "none", input: () => ({ limit: 200 }) },
  "parties.get": { may: "party:read", target: "tenant", input: id(party) },
  "parties.options": {
    may: "party:read",
    target: "tenant",
    hides: true,
    input: (at) => ({ ids: [party(at)] }),
  },
  "parties.create": {
    may: "party:write",
    target: "none",
    input: () => ({ kind: "merchant", ...partyFields }),
  },
  "parties.update": {
    may: "party:write",
    target: "tenant",
    input: (at) => ({ id: party(at), ...partyFields }),
  },
  "parties.setStatus": {
    may: "party:write",
    target: "tenant",
    input: (at) => ({ id: party(at), status: "suspended" }),
  },
  "parties.setBankAccount": {
    may: "party:write",
    target: "tenant",
    input: (at) => ({ partyId: party(at), bankName: "Bank", holder: "Holder", number: "6222020123456789" }),
  },
  "parties.readBankAccount": {
    may: "party:read_bank_account",
    target: "tenant",
    input: id(party),
    reached: ["NOT_FOUND"], // none was set
  },

  "redemptions.list": { may: "redemption:read", target: "none", input: () => ({ limit: 200 }) },
  "redemptions.get": { may: "redemption:read", target: "party", input: id(({ side }) => side.redemptionId) },
  "redemptions.redeem": {
    may: "voucher:redeem",
    target: "party",
    input: ({ side, role }) => ({
      code: side.freshCode().code,
      ...order,
      idempotencyKey: newId(),
      ...(role === "merchant" ? {} : { merchantId: side.parties.merchant.id }),
    }),
  },
  "redemptions.undo": {
    may: "redemption:undo",
    target: "party",
    input: ({ side }) => ({ redemptionId: side.redemptionId }),
    reached: ["UNDO_TOO_LATE"],
  },
  "redemptions.reverse": {
    may: "redemption:reverse",
    target: "party",
    input: ({ side }) => ({ redemptionId: side.redemptionId, reason: "wrong order" }),
  },

  "replays.list": {
    may: "rule:read",
    target: "tenant",
    input: ({ world }) => ({ subject: "rule", subjectId: world.ruleId }),
  },
  "replays.get": { may: "rule:read", target: "tenant", input: id(({ world }) => world.replayId) },
  "replays.parties": {
    may: "rule:read",
    target: "tenant",
    input: ({ world }) => ({ replayId: world.replayId }),
  },
  "replays.trades": {
    may: "rule:read",
    target: "tenant",
    input: ({ world }) => ({ replayId: world.replayId }),
  },
  "replays.trade": {
    may: "rule:read",
    target: "tenant",
    input: ({ world, side }) => ({ replayId: world.replayId, tradeId: side.redemptionId }),
  },
  "replays.start": {
    may: "rule:write",
    target: "tenant",
    input: ({ world }) => ({
      subject: "rule",
      subjectId: world.ruleId,
      from: "2026-11-03",
      to: "2026-11-30",
    }),
  },
  "replays.cancel": { may: "rule:write", target: "tenant", input: id(({ world }) => world.waitingReplayId) },

  "rules.list": { may: "rule:read", target: "none" },
  "rules.get": { may: "rule:read", target: "tenant", input: id(({ world }) => world.ruleId) },
  "rules.create": {
    may: "rule:write",
    target: "none",
    input: ({ world }) => ({
      name: "Another",
      scope: { tradeKind: "redemption", merchantId: world.own.parties.merchant.id },
      definition,
      effectiveFrom: new Date(world.t.clock.now().getTime() + 3_600_000),
    }),
  },
  "rules.publishVersion": {
    may: "rule:write",
    target: "tenant",
    input: ({ world }) => ({
      ruleId: world.ruleId,
      definition,
      effectiveFrom: new Date(world.t.clock.now().getTime() + 3_600_000),
    }),
  },
  "rules.withdrawVersion": {
    may: "rule:write",
    target: "tenant",
    input: ({ world }) => ({ versionId: world.ruleVersionId, reason: "wrong" }),
    reached: ["CONFLICT", "RULE_INVALID"],
  },
  "rules.saveDraft": {
    may: "rule:write",
    target: "tenant",
    input: ({ world }) => ({ ...ruleDraft, ruleId: world.ruleId }),
    reached: ["CONFLICT"],
  },
  "rules.discardDraft": {
    may: "rule:write",
    target: "tenant",
    input: ({ world }) => ({ ruleId: world.ruleId, revision: 99 }),
    reached: ["CONFLICT"],
  },
  "rules.submitDraft": {
    may: "rule:write",
    target: "tenant",
    input: ({ world }) => ({ ruleId: world.ruleId, revision: 99 }),
    reached: ["CONFLICT"],
  },
  "rules.approve": {
    may: "rule:publish",
    target: "tenant",
    input: ({ world }) => ({ versionId: world.ruleVersionId }),
    reached: ["CONFLICT"],
  },
  "rules.refuse": {
    may: "rule:publish",
    target: "tenant",
    input: ({ world }) => ({ versionId: world.ruleVersionId, reason: "wrong" }),
    reached: ["CONFLICT"],
  },
  "rules.winner": {
    may: "rule:read",
    target: "none",
    input: () => ({ case: { tradeKind: "redemption" } }),
  },
  "rules.terms": { may: "terms:read", target: "none" },
  "rules.tryTerms": {
    may: "terms:read",
    target: "none",
    input: () => ({ amount: "10000" }),
    reached: ["RULE_NOT_FOUND"],
  },
  "rules.problems": { may: "rule:write", target: "none", input: () => ruleDraft },

  "search.find": { may: ALL_ROLES, target: "none", input: () => ({ q: "0001" }) },

  "settlement.runs": { may: PLATFORM_ROLES, target: "none", input: () => ({}) },
  "settlement.run": { may: PLATFORM_ROLES, target: "tenant", input: id(({ world }) => world.runId) },
  "settlement.preview": { may: "settlement:close", target: "none", input: () => ({}) },
  "settlement.close": {
    may: "settlement:close",
    target: "none",
    input: () => ({}),
    reached: ["CLOSING_NOT_FORWARD"],
  },
  "settlement.state": { may: "settlement:close", target: "tenant", input: id(({ world }) => world.runId) },

  "statements.list": {
    may: "statement:read",
    target: "party",
    hides: true,
    input: (at) => ({ partyId: party(at) }),
  },
  "statements.sums": {
    may: "statement:read",
    target: "party",
    hides: true,
    isNothing: (value) => Array.isArray(value) && value.length === 0,
    input: (at) => ({ partyId: party(at) }),
  },
  "statements.get": {
    may: "statement:read",
    target: "party",
    input: id(({ side, kind }) => side.statements[kind]),
    owners: ["merchant", "brand"],
  },
  "statements.transfers": {
    may: "statement:read",
    target: "party",
    input: ({ side, kind }) => ({ statementId: side.statements[kind] }),
    owners: ["merchant", "brand"],
  },
  "statements.owing": { may: "statement:read", target: "none", input: () => ({}) },
  "statements.recordPayment": {
    may: "statement:pay",
    target: "party",
    input: ({ side, world }) => ({
      statementId: side.statements.merchant,
      bankReference: "B-1",
      paidAt: world.t.clock.now(),
    }),
  },

  "tenant.settings": { may: "tenant:write", target: "none" },
  "tenant.updateSettings": {
    may: "tenant:write",
    target: "none",
    input: () => ({ undoMinutes: 7, lockMinutes: 15, reversedVoucher: "issued", secondFactorRoles: [] }),
  },

  "trades.explain": {
    may: "trade:read",
    target: "party",
    input: id(({ side }) => side.redemptionId),
    owners: ["merchant", "brand"],
  },

  "users.list": { may: "user:read", target: "party", hides: true, input: (at) => ({ partyId: party(at) }) },
  "users.changeRole": {
    may: "user:write",
    target: "party",
    input: (at) => ({ ...userId(at), role: at.kind }),
  },
  "users.setStatus": {
    may: "user:write",
    target: "party",
    input: (at) => ({ ...userId(at), status: "suspended" }),
  },
  "users.endSessions": { may: "user:write", target: "party", input: userId },
  "users.resetSecondFactor": { may: "user:write", target: "party", input: userId },
  "users.createPasswordLink": { may: "user:write", target: "party", input: userId },
  "users.invitations": {
    may: "user:read",
    target: "party",
    hides: true,
    input: (at) => ({ partyId: party(at) }),
  },
  "users.invite": {
    may: "user:write",
    target: "party",
    input: (at) => ({ email: `${newId()}@example.test`, name: "x", role: at.kind, partyId: party(at) }),
  },
  "users.renewInvitation": {
    may: "user:write",
    target: "party",
    input: id(({ side, kind }) => side.invitations[kind]),
  },
  "users.revokeInvitation": {
    may: "user:write",
    target: "party",
    input: id(({ side, kind }) => side.invitations[kind]),
  },
  "users.invitation": {
    may: "public",
    target: "none",
    input: () => ({ token: "none" }),
    reached: ["LINK_INVALID"],
  },
  "users.acceptInvitation": {
    may: "public",
    target: "none",
    input: () => ({ token: "none", password: PASSWORD }),
    reached: ["LINK_INVALID"],
  },

  "vouchers.list": {
    may: "voucher:read",
    target: "party",
    hides: true,
    input: ({ side }) => ({ campaignId: side.campaignId }),
  },
  "vouchers.get": {
    may: "voucher:read",
    target: "party",
    input: id(({ side }) => side.freshCode().voucherId),
  },
  "vouchers.lookUp": {
    may: "voucher:lookup",
    target: "party",
    bearer: true,
    input: ({ side }) => ({ code: side.freshCode().code }),
  },
  "vouchers.issue": {
    may: "voucher:issue",
    target: "tenant",
    input: ({ side }) => ({ campaignId: side.campaignId }),
  },
  "vouchers.issueMany": {
    may: "voucher:issue",
    target: "tenant",
    input: ({ side }) => ({ campaignId: side.campaignId, items: [{}] }),
  },
  "vouchers.startBulkIssue": {
    may: "voucher:issue",
    target: "tenant",
    input: ({ side }) => ({ campaignId: side.campaignId, count: 10 }),
  },
  "vouchers.lock": {
    may: "voucher:redeem",
    target: "party",
    input: ({ side, role }) => ({
      code: side.freshCode().code,
      lockRef: "cart",
      ...(role === "merchant" ? {} : { merchantId: side.parties.merchant.id }),
    }),
  },
  "vouchers.unlock": {
    may: "voucher:redeem",
    target: "party",
    input: ({ side, role }) => ({
      voucherId: side.freshCode().voucherId,
      lockRef: "cart",
      ...(role === "merchant" ? {} : { merchantId: side.parties.merchant.id }),
    }),
    reached: ["VOUCHER_NOT_LOCKED"],
  },
  "vouchers.void": {
    may: "voucher:void",
    target: "tenant",
    hides: true,
    input: ({ side }) => ({ voucherIds: [side.freshCode().voucherId], reason: "printed twice" }),
  },
  "vouchers.countVoidable": {
    may: "voucher:void",
    target: "tenant",
    hides: true,
    isNothing: (value) => (value as { count: number }).count === 0,
    input: ({ side }) => ({ filter: { campaignId: side.campaignId } }),
  },
  "vouchers.startVoid": {
    may: "voucher:void",
    target: "tenant",
    hides: true, // the job finds nothing to void
    input: ({ side }) => ({ filter: { campaignId: side.campaignId }, reason: "printed twice" }),
  },
  "vouchers.reveal": {
    may: "voucher:reveal",
    target: "tenant",
    input: ({ side }) => ({ voucherId: side.freshCode().voucherId }),
  },

  "orders.list": { may: "order:read", target: "none", input: () => ({ limit: 200 }) },
  "orders.get": {
    may: "order:read",
    target: "party",
    input: id(({ side }) => side.orders.deliveredId),
    owners: ["distributor"],
  },
  "orders.quote": {
    may: "order:create",
    target: "none",
    input: ({ world }) => ({ lines: [{ productId: world.cardProductId, quantity: 1 }] }),
  },
  "orders.create": {
    may: "order:create",
    target: "none",
    input: ({ world }) => ({
      lines: [{ productId: world.cardProductId, quantity: 1 }],
      idempotencyKey: newId(),
    }),
  },
  "orders.pay": {
    may: "order:create",
    target: "party",
    input: ({ side }) => ({ orderId: side.orders.pendingId, method: { kind: "wallet" } }),
  },
  "orders.reveal": {
    may: "card:reveal",
    target: "party",
    input: ({ side }) => ({ orderId: side.orders.deliveredId }),
    owners: ["distributor"],
  },
  "orders.reports": { may: "order:read", target: "none", input: () => ({ limit: 200 }) },
  "orders.report": {
    may: "order:report",
    target: "party",
    input: ({ side }) => ({ deliveryId: side.orders.deliveryId, reason: "It does not work" }),
    owners: ["distributor"],
  },
  "orders.resolveReport": {
    may: "order:resolve",
    target: "tenant",
    input: ({ side }) => ({ action: "confirm", deliveryId: side.orders.reportedId }),
  },
  "orders.refund": {
    may: "order:refund",
    target: "tenant",
    input: ({ side }) => ({
      orderId: side.orders.deliveredId,
      reason: "Given back",
      idempotencyKey: newId(),
    }),
  },
  "orders.retryRefund": {
    may: "order:refund",
    target: "tenant",
    input: ({ side }) => ({ refundId: side.orders.refundId }),
  },
  "orders.redeliver": {
    may: "order:resolve",
    target: "tenant",
    input: ({ side }) => ({ orderId: side.orders.flaggedId }),
    reached: ["ORDER_NOT_FLAGGED"],
  },
  "orders.renewPickup": {
    may: "order:resolve",
    target: "tenant",
    input: ({ side }) => ({ orderId: side.orders.deliveredId }),
  },

  "store.shop": { may: "public", target: "none", input: aShop, reached: ["SHOP_CLOSED"] },
  "store.order": {
    may: "public",
    target: "none",
    input: (at) => ({
      ...aShop(at),
      lines: [{ productId: at.world.cardProductId, quantity: 1 }],
      idempotencyKey: newId(),
    }),
    reached: ["SHOP_CLOSED"],
  },
  "store.pay": { may: "public", target: "none", input: aLink, reached: ["LINK_INVALID"] },
  "store.view": { may: "public", target: "none", input: aLink, reached: ["LINK_INVALID"] },
  "store.reveal": { may: "public", target: "none", input: aLink, reached: ["LINK_INVALID"] },
  "store.report": {
    may: "public",
    target: "none",
    input: (at) => ({ ...aLink(at), deliveryId: at.side.orders.deliveryId, reason: "It does not work" }),
    reached: ["LINK_INVALID"],
  },

  "products.list": { may: "product:read", target: "none", input: () => ({}) },
  // A distributor sees every card on sale, whoever's it is; stock.int.test.ts: a supplier its own alone.
  "products.get": { may: "product:read", target: "tenant", input: id(({ side }) => side.stock.productId) },
  "products.options": { may: "product:read", target: "none", input: () => ({}) },
  "products.create": {
    may: "product:write",
    target: "tenant",
    input: ({ side }) => ({ supplierId: side.parties.supplier.id, name: "50 points", face: 5_000n }),
  },
  "products.update": {
    may: "product:write",
    target: "tenant",
    input: ({ side }) => ({ id: side.stock.productId, name: "New name" }),
  },
  "products.setStatus": {
    may: "product:write",
    target: "tenant",
    input: ({ side }) => ({ id: side.stock.productId, status: "off_sale" as const }),
  },

  "stock.list": { may: "stock:read", target: "none", input: () => ({}) },
  "stock.low": { may: "stock:read", target: "none" },
  "stock.batches": { may: "stock:read", target: "none", input: () => ({}) },
  "stock.batch": { may: "stock:read", target: "party", input: id(({ side }) => side.stock.batchId) },
  "stock.keys": {
    may: "stock:read",
    target: "party",
    input: ({ side }) => ({ batchId: side.stock.batchId }),
  },
  "stock.imports": { may: "stock:read", target: "none", input: () => ({}) },
  "stock.import": { may: "stock:read", target: "party", input: id(({ side }) => side.stock.importId) },
  "stock.rejects": {
    may: "stock:read",
    target: "party",
    input: ({ side }) => ({ importId: side.stock.importId }),
  },
  "stock.inspect": {
    may: "stock:import",
    target: "tenant",
    input: ({ side }) => ({ fileId: side.stock.fileId }),
  },
  "stock.startImport": {
    may: "stock:import",
    target: "tenant",
    input: ({ side }) => ({ fileId: side.stock.fileId, productId: side.stock.productId, cost: 1n }),
  },
  /** Of the stock: the house's own people alone; a distributor's keys are reached by its orders. */
  "stock.reveal": {
    may: "card:reveal",
    target: "tenant",
    owners: [],
    input: ({ side }) => ({ keyId: side.stock.keyId }),
  },
  "stock.markDead": {
    may: "card:mark_dead",
    target: "tenant",
    input: ({ side }) => ({ keyIds: [side.stock.keyId], reason: "recalled" }),
  },

  "suppliers.list": { may: "supplier:read", target: "none", input: () => ({}) },
  "suppliers.get": { may: "supplier:read", target: "party", input: supplier },
  "suppliers.prepayments": { may: "supplier:read", target: "party", input: supplier },
  "suppliers.setTerms": {
    may: "supplier:write",
    target: "tenant",
    input: (at) => ({ ...supplier(at), terms: "prepaid" as const, warnBelow: 100n }),
  },
  "suppliers.recordPrepayment": {
    may: "supplier:top_up",
    target: "tenant",
    input: (at) => ({
      ...supplier(at),
      amount: 100n,
      bankReference: newId(),
      paidAt: new Date("2026-11-01T00:00:00Z"),
    }),
  },

  "wallet.view": {
    may: "public",
    target: "none",
    input: ({ world }) => ({ tenant: world.t.tenant.slug, token: "none" }),
    reached: ["NOT_FOUND"],
  },
};
