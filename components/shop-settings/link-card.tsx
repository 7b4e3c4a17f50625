"use client";

import { ExternalLink } from "lucide-react";
import { useTranslations } from "next-intl";
import { useSyncExternalStore } from "react";
import { QrCode } from "@/components/account/qr-code";
import { Alert } from "@/components/ui/alert";
import { LinkButton } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { CopyButton } from "@/components/ui/copy-button";
import type { Shop } from "@/server/domain/pricing";

/** The shop's link, to be copied, opened or scanned. */
export function LinkCard({ shop }: { shop: Shop }) {
  const t = useTranslations("shop");
  const origin = useOrigin();
  const link = shop.path === null ? null : `${origin}${shop.path}`;
  return (
    <Card title={t("link")} description={t(link === null ? "noLink" : "linkHint")}>
      {link === null ? null : (
        <div className="space-y-4">
          {shop.open ? null : <Alert tone="warning">{t("shutLink")}</Alert>}
          {shop.open && shop.listed === 0 ? <Alert tone="info">{t("nothingListed")}</Alert> : null}
          <p className="flex items-center gap-2">
            <span className="figure min-w-0 flex-1 truncate rounded-md bg-muted px-3 py-2 text-sm">
              {link}
            </span>
            <CopyButton value={link} what={t("copy")} />
          </p>
          {origin ? <QrCode text={link} label={t("qr")} className="w-44 rounded-md" /> : null}
          {shop.open && shop.path ? (
            <LinkButton
              variant="outline"
              href={shop.path}
              target="_blank"
              icon={<ExternalLink aria-hidden />}
            >
              {t("visit")}
            </LinkButton>
          ) : null}
        </div>
      )}
    </Card>
  );
}

const never = () => () => {};
/** Known in the browser alone. */
function useOrigin(): string {
  return useSyncExternalStore(
    never,
    () => window.location.origin,
    () => "",
  );
}
