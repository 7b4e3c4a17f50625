import { SearchX } from "lucide-react";
import { useTranslations } from "next-intl";
import { LinkButton } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";

export default function NotFound() {
  const t = useTranslations("common");
  return (
    <main className="mx-auto max-w-2xl pt-[12dvh]">
      <title>{`${t("notFound.title")} · ${t("product")}`}</title>
      <EmptyState
        icon={<SearchX />}
        title={<h1 className="text-lg">{t("notFound.title")}</h1>}
        description={t("notFound.body")}
        actions={<LinkButton href="/">{t("actions.goHome")}</LinkButton>}
      />
    </main>
  );
}
