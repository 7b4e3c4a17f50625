"use client";

import { ExternalLink } from "lucide-react";
import { useTranslations } from "next-intl";
import { Alert } from "@/components/ui/alert";
import { buttonStyles } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";

/** A code in groups of four with its holder's link, to be passed on. */
export function CodeAndLink({
  code,
  walletPath,
  dynamic,
}: {
  code: string | null;
  walletPath: string;
  dynamic: boolean;
}) {
  const t = useTranslations("vouchers.detail");
  const link = `${window.location.origin}${walletPath}`;
  return (
    <div className="space-y-3">
      {code ? (
        <div className="flex items-center justify-between gap-2 rounded-lg bg-muted px-3 py-2">
          <span className="font-mono text-lg font-semibold tracking-wide break-all">{code}</span>
          <CopyButton value={code} what={t("code")} />
        </div>
      ) : null}
      {dynamic ? <Alert>{t("codeDynamic")}</Alert> : null}
      <div>
        <p className="text-xs text-muted-foreground">{t("wallet")}</p>
        <p className="mt-0.5 flex items-start gap-2">
          <span className="min-w-0 flex-1 font-mono text-xs break-all">{link}</span>
          <CopyButton value={link} what={t("wallet")} />
        </p>
      </div>
      <a
        href={walletPath}
        target="_blank"
        rel="noreferrer"
        className={buttonStyles({ variant: "outline", size: "sm" })}
      >
        <ExternalLink aria-hidden />
        {t("openWallet")}
      </a>
    </div>
  );
}
