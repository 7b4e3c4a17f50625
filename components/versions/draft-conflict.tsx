"use client";

import { useTranslations } from "next-intl";
import { Alert } from "@/components/ui/alert";
import { Button, buttonStyles } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";

/**
 * Somebody else saved the draft meanwhile, or it is none any more (`gone`). What stands on the screen is not lost: it
 * takes the place of theirs after a question, or becomes the next draft.
 */
export function DraftConflict({
  gone,
  href,
  keepMine,
}: {
  gone: boolean;
  /** Where what is kept can be seen: the draft, or the list of what there is. */
  href: string;
  keepMine: () => Promise<unknown>;
}) {
  const t = useTranslations("rules.editor.conflict");
  const mine = (
    <Button variant="outline" size="sm">
      {t("mine")}
    </Button>
  );
  return (
    <Alert
      tone="danger"
      title={t(gone ? "goneTitle" : "title")}
      actions={
        <>
          <a
            href={href}
            target="_blank"
            rel="noreferrer"
            className={buttonStyles({ variant: "outline", size: "sm" })}
          >
            {t(gone ? "list" : "theirs")}
          </a>
          {gone ? (
            <Button variant="outline" size="sm" onClick={() => void keepMine().catch(() => {})}>
              {t("mineAnew")}
            </Button>
          ) : (
            <ConfirmDialog
              danger
              trigger={mine}
              title={t("mineTitle")}
              description={t("mineText")}
              confirmLabel={t("mine")}
              onConfirm={keepMine}
            />
          )}
        </>
      }
    >
      {t("text")}
    </Alert>
  );
}
