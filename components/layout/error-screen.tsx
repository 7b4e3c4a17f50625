"use client";

import { CircleAlert } from "lucide-react";
import { useTranslations } from "next-intl";
import { Button, LinkButton } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";

/** What stands in place of a page that failed. `digest` is Next's number of the server's log line. */
export function ErrorScreen({ error, retry }: { error: Error & { digest?: string }; retry: () => void }) {
  const t = useTranslations("common");
  return (
    <div className="mx-auto max-w-2xl pt-[8dvh]">
      <title>{`${t("errorPage.title")} · ${t("product")}`}</title>
      <EmptyState
        icon={<CircleAlert />}
        title={<h1 className="text-lg">{t("errorPage.title")}</h1>}
        description={
          <>
            {t("errorPage.body")}
            {error.digest ? (
              <span className="mt-2 block text-xs">
                {t("errorPage.reference", { reference: error.digest })}
              </span>
            ) : null}
          </>
        }
        actions={
          <>
            <Button onClick={retry}>{t("actions.tryAgain")}</Button>
            <LinkButton href="/" variant="outline">
              {t("actions.goHome")}
            </LinkButton>
          </>
        }
      />
    </div>
  );
}
