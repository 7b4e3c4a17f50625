/**
 * Who may do what: one table, read by verbs (`requirePermission`), navigation and buttons.
 * Safe in the browser. `resource:action`; reading is scoped to the own party for party roles.
 */
export const ROLES = [
  "operator",
  "finance",
  "merchant",
  "distributor",
  "brand",
  "supplier",
  "support",
  "auditor",
] as const;
export type Role = (typeof ROLES)[number];

export const PARTY_KINDS = ["platform", "merchant", "brand", "distributor", "supplier", "channel"] as const;
export type PartyKind = (typeof PARTY_KINDS)[number];

/** Roles that see the whole tenant; the others see their own party only. */
export const PLATFORM_ROLES: readonly Role[] = ["operator", "finance", "support", "auditor"];
export const ROLE_PARTY_KIND: Record<Role, PartyKind> = {
  operator: "platform",
  finance: "platform",
  support: "platform",
  auditor: "platform",
  merchant: "merchant",
  distributor: "distributor",
  brand: "brand",
  supplier: "supplier",
};

const ALL: readonly Role[] = ROLES;
const STAFF: readonly Role[] = PLATFORM_ROLES;

export const PERMISSIONS = {
  "overview:read": ALL,
  "campaign:read": ["operator", "finance", "support", "auditor", "merchant", "brand"],
  "campaign:write": ["operator"],
  "voucher:read": ["operator", "finance", "support", "auditor", "merchant", "brand"],
  "voucher:issue": ["operator"],
  "voucher:reveal": ["operator", "support"],
  "voucher:void": ["operator", "support"],
  "voucher:redeem": ["merchant", "operator"],
  "voucher:lookup": ["merchant", "operator", "support"],
  "redemption:read": ["operator", "finance", "support", "auditor", "merchant", "brand"],
  "redemption:undo": ["merchant", "operator", "support"],
  "redemption:reverse": ["operator", "support"],
  "rule:read": ["operator", "finance", "support", "auditor"],
  "rule:write": ["operator"],
  /** To bring a version into force, or refuse it. */
  "rule:publish": ["operator", "finance"],
  /** The rules that concern the own party, in plain words. */
  "terms:read": ["merchant", "distributor"],
  "trade:read": ["operator", "finance", "support", "auditor", "merchant", "brand", "distributor", "supplier"],
  "statement:read": [
    "operator",
    "finance",
    "support",
    "auditor",
    "merchant",
    "brand",
    "distributor",
    "supplier",
  ],
  "statement:pay": ["finance", "operator"],
  "settlement:close": ["operator", "finance"],
  "calendar:read": STAFF,
  "calendar:write": ["operator"],
  "party:read": STAFF,
  "party:write": ["operator"],
  "party:read_bank_account": ["operator", "finance"],
  "user:read": ["operator", "auditor", "merchant", "distributor", "brand", "supplier"],
  "user:write": ["operator", "merchant", "distributor", "brand", "supplier"],
  "api_key:read": ["operator", "auditor", "merchant", "distributor"],
  "api_key:write": ["operator", "merchant", "distributor"],
  "audit:read": ["operator", "auditor", "finance"],
  "product:read": ["operator", "finance", "support", "auditor", "distributor", "supplier"],
  "product:write": ["operator"],
  "stock:read": ["operator", "finance", "support", "auditor", "supplier"],
  "stock:import": ["operator"],
  /** To see a key's number and secret, audited each time; a distributor those of its own delivered orders. */
  "card:reveal": ["operator", "support", "distributor"],
  "card:mark_dead": ["operator", "support"],
  "price:read": ["operator", "finance", "support", "auditor", "distributor"],
  "price:write": ["operator"],
  "distributor:read": ["operator", "finance", "support", "auditor", "distributor"],
  "distributor:write": ["operator"],
  "shop:write": ["operator", "distributor"],
  "wallet:read": ["operator", "finance", "support", "auditor", "distributor"],
  /** Recording what came by bank transfer, and credit limits. */
  "wallet:top_up": ["finance", "operator"],
  "supplier:read": ["operator", "finance", "auditor", "supplier"],
  "supplier:write": ["operator"],
  "supplier:top_up": ["finance", "operator"],
  "channel:read": ["operator", "finance", "support", "auditor"],
  "channel:write": ["operator"],
  "order:read": ["operator", "finance", "support", "auditor", "distributor"],
  "order:create": ["distributor"],
  "order:report": ["distributor", "support", "operator"],
  "order:resolve": ["support", "operator"],
  "order:refund": ["support", "operator"],
  "import:read": ["operator", "finance", "auditor"],
  "import:write": ["operator"],
  "job:read": ["operator", "finance", "support", "auditor"],
  "job:cancel": ["operator"],
  "tenant:write": ["operator"],
  "account:self": ALL,
} as const satisfies Record<string, readonly Role[]>;

export type Permission = keyof typeof PERMISSIONS;

export function can(role: Role, permission: Permission): boolean {
  return (PERMISSIONS[permission] as readonly Role[]).includes(role);
}

export function isPlatformRole(role: Role): boolean {
  return PLATFORM_ROLES.includes(role);
}

/** Scopes of an API key, and the permission each stands for. A key of a party acts for that party only. */
export const API_SCOPES = {
  "vouchers:issue": "voucher:issue",
  "vouchers:read": "voucher:lookup",
  "vouchers:redeem": "voucher:redeem",
  "vouchers:reverse": "redemption:undo",
  "vouchers:void": "voucher:void",
  "redemptions:read": "redemption:read",
  "campaigns:read": "campaign:read",
  "products:read": "price:read",
  "orders:create": "order:create",
  "orders:read": "order:read",
  "orders:reveal": "card:reveal",
  "orders:report": "order:report",
} as const satisfies Record<string, Permission>;
export type ApiScope = keyof typeof API_SCOPES;
