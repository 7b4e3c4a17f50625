import { useTranslations } from "next-intl";
import { LinkTabs } from "@/components/ui/tabs";

/** The three views of settlement, for those who see the whole tenant. */
export function SettlementTabs() {
  const t = useTranslations("statements.tabs");
  return (
    <LinkTabs
      label={t("label")}
      tabs={[
        { href: "/statements", label: t("statements") },
        { href: "/statements/closings", label: t("closings") },
        { href: "/statements/owing", label: t("owing") },
      ]}
    />
  );
}
