import {
  ArrowLeftRight,
  Boxes,
  Building2,
  CalendarDays,
  ChartColumn,
  CircleUser,
  Coins,
  CreditCard,
  FileCode2,
  FileUp,
  GitFork,
  KeyRound,
  ListChecks,
  type LucideIcon,
  Megaphone,
  Network,
  Package,
  Percent,
  ReceiptText,
  Scale,
  ScanLine,
  ScrollText,
  Settings2,
  ShoppingBag,
  Store,
  Tags,
  TicketPercent,
  Truck,
  Users,
  Wallet,
} from "lucide-react";
import type { Messages } from "@/components/i18n/messages";
import { can, type Permission, type Role } from "@/server/core/permissions";

export type NavKey = Exclude<keyof Messages["nav"], "groups" | "own">;
export type NavGroup = keyof Messages["nav"]["groups"];

export interface NavItem {
  key: NavKey;
  href: string;
  icon: LucideIcon;
  permission: Permission;
  group: NavGroup;
  /** Initials of the Chinese name, by which quick find knows it. */
  pinyin: string;
}

/** The one table of pages: sidebar, phone bar and quick find read it; permissions decide what is shown. */
export const NAV: readonly NavItem[] = [
  item("overview", "/overview", ChartColumn, "overview:read", "work", "gl"),
  item("redeem", "/redeem", ScanLine, "voucher:redeem", "work", "hx"),
  item("campaigns", "/campaigns", Megaphone, "campaign:read", "work", "hd"),
  item("vouchers", "/vouchers", TicketPercent, "voucher:read", "work", "kq"),
  item("redemptions", "/redemptions", ArrowLeftRight, "redemption:read", "work", "hxjl"),
  item("orders", "/orders", ShoppingBag, "order:read", "cards", "dd"),
  item("products", "/products", Package, "product:read", "cards", "kmsp"),
  item("stock", "/stock", Boxes, "stock:read", "cards", "kc"),
  item("suppliers", "/suppliers", Truck, "supplier:read", "cards", "gyszh"),
  item("wallets", "/wallets", Wallet, "wallet:read", "cards", "fxsqb"),
  item("channels", "/channels", CreditCard, "channel:read", "cards", "zfqd"),
  item("prices", "/prices", Tags, "price:read", "cards", "jgb"),
  item("shop", "/shop", Store, "shop:write", "cards", "dp"),
  item("commission", "/commission", Coins, "distributor:read", "clearing", "yjmx"),
  item("statements", "/statements", ReceiptText, "statement:read", "clearing", "jsd"),
  item("rules", "/rules", GitFork, "rule:read", "clearing", "fzgz"),
  item("fees", "/fees", Percent, "rule:read", "clearing", "flfa"),
  item("terms", "/terms", Scale, "terms:read", "clearing", "jstk"),
  item("calendar", "/calendar", CalendarDays, "calendar:read", "clearing", "gzrl"),
  item("imports", "/imports", FileUp, "import:read", "clearing", "dr"),
  item("parties", "/parties", Building2, "party:read", "people", "cyf"),
  item("distributors", "/distributors", Network, "distributor:read", "people", "fxs"),
  item("users", "/users", Users, "user:read", "people", "yh"),
  item("apiKeys", "/api-keys", KeyRound, "api_key:read", "system", "apimy"),
  item("audit", "/audit", ScrollText, "audit:read", "system", "sjrz"),
  item("jobs", "/jobs", ListChecks, "job:read", "system", "htrw"),
  item("settings", "/settings", Settings2, "tenant:write", "system", "ptsz"),
  item("account", "/account", CircleUser, "account:self", "system", "wdzh"),
  item("apiDocs", "/api-docs", FileCode2, "api_key:read", "system", "apiwd"),
];

const GROUPS: readonly NavGroup[] = ["work", "cards", "clearing", "people", "system"];

export function navFor(role: Role): NavItem[] {
  return NAV.filter((entry) => can(role, entry.permission));
}

export function navGroupsFor(role: Role): { group: NavGroup; items: NavItem[] }[] {
  const allowed = navFor(role);
  return GROUPS.map((group) => ({
    group,
    // the own account stands in the user menu
    items: allowed.filter((entry) => entry.group === group && entry.key !== "account"),
  })).filter(({ items }) => items.length > 0);
}

/** What a thumb reaches first: four pages of the daily work. The till's first one is to redeem. */
export function phoneNavFor(role: Role): NavItem[] {
  const order: readonly NavKey[] =
    role === "merchant"
      ? ["redeem", "overview", "redemptions", "statements"]
      : role === "distributor"
        ? ["overview", "orders", "commission", "shop"]
        : [
            "overview",
            "campaigns",
            "vouchers",
            "redemptions",
            "orders",
            "wallets",
            "stock",
            "suppliers",
            "statements",
            "parties",
            "users",
            "apiKeys",
          ];
  const allowed = navFor(role);
  return order.flatMap((key) => allowed.find((entry) => entry.key === key) ?? []).slice(0, 4);
}

export function isActive(href: string, path: string): boolean {
  return path === href || path.startsWith(`${href}/`);
}

function item(
  key: NavKey,
  href: string,
  icon: LucideIcon,
  permission: Permission,
  group: NavGroup,
  pinyin: string,
): NavItem {
  return { key, href, icon, permission, group, pinyin };
}
