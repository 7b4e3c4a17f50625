import type { Messages } from "@/components/i18n/messages";
import type { Role } from "@/server/core/permissions";
import { navFor } from "./nav";

export type PaletteGroup = keyof Pick<
  Messages["common"]["palette"],
  | "pages"
  | "parties"
  | "products"
  | "campaigns"
  | "vouchers"
  | "redemptions"
  | "orders"
  | "statements"
  | "rules"
  | "fees"
  | "users"
>;

/** One thing that quick find found. */
export interface PaletteHit {
  group: PaletteGroup;
  id: string;
  label: string;
  detail?: string;
  href: string;
}

/** Asks for what fits the text; called once the typing pauses, cancelled by the next key. */
export type PaletteProvider = (query: string, signal: AbortSignal) => Promise<readonly PaletteHit[]>;

/** Pages by name, by address, and in Chinese by the initials of their pinyin. */
export function findPages(
  query: string,
  role: Role,
  nameOf: (key: ReturnType<typeof navFor>[number]["key"]) => string,
): PaletteHit[] {
  const wanted = normal(query);
  return navFor(role)
    .map((item) => ({ item, label: nameOf(item.key) }))
    .map(({ item, label }) => ({ item, label, rank: rankOf(wanted, normal(label), item.pinyin, item.href) }))
    .filter(({ rank }) => rank !== null)
    .sort((a, b) => (a.rank ?? 0) - (b.rank ?? 0))
    .map(({ item, label }) => ({ group: "pages", id: item.key, label, href: item.href }));
}

/** Smaller is better; `null` does not fit. */
function rankOf(wanted: string, label: string, pinyin: string, href: string): number | null {
  if (wanted === "") return 0;
  if (label.startsWith(wanted)) return 1;
  if (pinyin.startsWith(wanted)) return 2;
  if (label.split(/\s+/).some((word) => word.startsWith(wanted))) return 3;
  if (label.includes(wanted)) return 4;
  if (pinyin.includes(wanted)) return 5;
  if (href.slice(1).replaceAll("-", "").startsWith(wanted.replaceAll("-", ""))) return 6;
  return null;
}

function normal(text: string): string {
  return text.normalize("NFKC").trim().toLowerCase();
}
