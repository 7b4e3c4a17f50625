import { SearchX } from "lucide-react";
import { useTranslations } from "next-intl";
import { LinkButton } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";

/** A record that is not there, or not for this viewer: the shell stays. */
export default function NotFound() {
  const t = useTranslations("common");
  return (
    <div className="mx-auto max-w-2xl pt-[6dvh]">
      <title>{`${t("notFound.title")} · ${t("product")}`}</title>
      <EmptyState
        icon={<SearchX />}
        title={<h1 className="text-lg">{t("notFound.title")}</h1>}
        description={t("notFound.body")}
        actions={<LinkButton href="/overview">{t("actions.goHome")}</LinkButton>}
      />
    </div>
  );
}
