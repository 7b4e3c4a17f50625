"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useFormat } from "@/components/format/use-format";
import { useTRPC } from "@/components/trpc";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { toast } from "@/components/ui/toast";
import type { RuleVersionView } from "./types";

/** Brings a version in review into force; says when that will be. */
export function Approve({ version }: { version: RuleVersionView }) {
  const t = useTranslations("rules.review");
  const format = useFormat();
  const trpc = useTRPC();
  const client = useQueryClient();
  const approve = useMutation(trpc.rules.approve.mutationOptions());
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
        await approve.mutateAsync({ versionId: version.id, atOnce: past });
        await client.invalidateQueries(trpc.rules.pathFilter());
        toast.success(t("approved"));
      }}
    />
  );
}

export function Refuse({ version }: { version: RuleVersionView }) {
  const t = useTranslations("rules.review");
  const trpc = useTRPC();
  const client = useQueryClient();
  const [reason, setReason] = useState("");
  const refuse = useMutation(trpc.rules.refuse.mutationOptions());
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
        await refuse.mutateAsync({ versionId: version.id, reason });
        await client.invalidateQueries(trpc.rules.pathFilter());
        toast.success(t("refused"));
      }}
    >
      <Field label={t("reason")} required>
        <Input value={reason} maxLength={500} onChange={(event) => setReason(event.target.value)} />
      </Field>
    </ConfirmDialog>
  );
}

export function Withdraw({ version }: { version: RuleVersionView }) {
  const t = useTranslations("rules.withdraw");
  const trpc = useTRPC();
  const client = useQueryClient();
  const [reason, setReason] = useState("");
  const withdraw = useMutation(trpc.rules.withdrawVersion.mutationOptions());
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
        await withdraw.mutateAsync({ versionId: version.id, reason });
        await client.invalidateQueries(trpc.rules.pathFilter());
        toast.success(t("done"));
      }}
    >
      <Field label={t("reason")} required>
        <Input value={reason} onChange={(event) => setReason(event.target.value)} />
      </Field>
    </ConfirmDialog>
  );
}
