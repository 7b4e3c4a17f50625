"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { useFormat } from "@/components/format/use-format";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { toast } from "@/components/ui/toast";
import type { ReviewVerbs, VersionView } from "./types";

interface Props {
  version: VersionView;
  verbs: ReviewVerbs;
}

/** Brings a version in review into force; says when that will be. */
export function Approve({ version, verbs }: Props) {
  const t = useTranslations("rules.review");
  const format = useFormat();
  const { effectiveFrom } = version;
  const [past, setPast] = useState(false);
  const from = effectiveFrom ? format.instant(effectiveFrom) : "";
  return (
    <ConfirmDialog
      trigger={
        // whether its day has passed is read when it is opened
        <Button size="sm" onClick={() => setPast(effectiveFrom !== null && effectiveFrom < new Date())}>
          {t("approve")}
        </Button>
      }
      title={t("approveTitle", { version: version.version })}
      description={
        effectiveFrom === null ? t("approveNow") : past ? t("past", { from }) : t("approveText", { from })
      }
      confirmLabel={t("approve")}
      onConfirm={async () => {
        await verbs.approve({ versionId: version.id, atOnce: past });
        toast.success(t("approved"));
      }}
    />
  );
}

export function Refuse({ version, verbs }: Props) {
  const t = useTranslations("rules.review");
  const [reason, setReason] = useState("");
  return (
    <ConfirmDialog
      danger
      trigger={
        <Button size="sm" variant="outline">
          {t("refuse")}
        </Button>
      }
      title={t("refuseTitle", { version: version.version })}
      description={t("refuseText")}
      confirmLabel={t("refuse")}
      disabled={reason.trim() === ""}
      onConfirm={async () => {
        await verbs.refuse({ versionId: version.id, reason });
        toast.success(t("refused"));
      }}
    >
      <Field label={t("reason")} required>
        <Input value={reason} maxLength={500} onChange={(event) => setReason(event.target.value)} />
      </Field>
    </ConfirmDialog>
  );
}

export function Withdraw({ version, verbs }: Props) {
  const t = useTranslations("rules.withdraw");
  const [reason, setReason] = useState("");
  return (
    <ConfirmDialog
      danger
      trigger={
        <Button size="sm" variant="outline">
          {t("action")}
        </Button>
      }
      title={t("title")}
      description={t("text", { version: version.version })}
      confirmLabel={t("action")}
      disabled={reason.trim() === ""}
      onConfirm={async () => {
        await verbs.withdraw({ versionId: version.id, reason });
        toast.success(t("done"));
      }}
    >
      <Field label={t("reason")} required>
        <Input value={reason} maxLength={500} onChange={(event) => setReason(event.target.value)} />
      </Field>
    </ConfirmDialog>
  );
}
