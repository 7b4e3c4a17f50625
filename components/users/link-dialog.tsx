"use client";

import { useTranslations } from "next-intl";
import { useFormat } from "@/components/format/use-format";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";

export interface HandedLink {
  email: string;
  token: string;
  expiresAt: Date;
  renewsPassword: boolean;
}

/** The link in whole, this one time. */
export function LinkDialog({ link, onClose }: { link: HandedLink; onClose: () => void }) {
  const t = useTranslations("users.link");
  const format = useFormat();
  const address = `${window.location.origin}/invite/${link.token}`;
  return (
    <Dialog
      open
      sticky
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title={t("title")}
      description={t(link.renewsPassword ? "renewed" : "invited", { email: link.email })}
      footer={<Button onClick={onClose}>{t("done")}</Button>}
    >
      <div className="space-y-3">
        <Field label={t("label")}>
          <Input
            readOnly
            value={address}
            className="font-mono text-xs"
            onFocus={(event) => event.target.select()}
          />
        </Field>
        <CopyButton value={address} label={t("label")} />
        <Alert tone="warning" live={false}>
          {t("once", { time: format.instant(link.expiresAt) })}
        </Alert>
      </div>
    </Dialog>
  );
}
