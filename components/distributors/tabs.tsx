import { useTranslations } from "next-intl";
import { LinkTabs } from "@/components/ui/tabs";

export function DistributorTabs() {
  const t = useTranslations("distributors.tabs");
  return (
    <LinkTabs
      label={t("label")}
      tabs={[
        { href: "/distributors", label: t("list") },
        { href: "/distributors/tiers", label: t("tiers") },
      ]}
    />
  );
}
