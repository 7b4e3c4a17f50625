import { useTranslations } from "next-intl";
import { isPlatformRole } from "@/server/core/permissions";
import type { NavKey } from "./nav";
import { useViewer } from "./viewer";

/** What a page is called by the viewer: "Wallets" by the house's people, "My wallet" by whose it is. */
export function useNavName(): (key: NavKey) => string {
  const t = useTranslations("nav");
  const { role } = useViewer();
  return (key) => {
    const own = `own.${key}` as Parameters<typeof t>[0];
    return !isPlatformRole(role) && t.has(own) ? t(own) : t(key);
  };
}
