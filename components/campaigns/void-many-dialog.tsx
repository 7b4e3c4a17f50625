"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { addDays, formatCount, startOfDayIn } from "@/components/format/format";
import { useViewer } from "@/components/layout/viewer";
import { useTRPC } from "@/components/trpc";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { DateInput } from "@/components/ui/date-input";
import { ErrorAlert } from "@/components/ui/error-alert";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { toast } from "@/components/ui/toast";
import type { CampaignDetail } from "@/server/domain/vouchers/types";

/** Counts first, then voids in the background. */
export function VoidManyDialog({ campaign, onClose }: { campaign: CampaignDetail; onClose: () => void }) {
  const t = useTranslations("campaigns.voidMany");
  const trpc = useTRPC();
  const client = useQueryClient();
  const { tenant } = useViewer();
  const [from, setFrom] = useState<string | null>(null);
  const [to, setTo] = useState<string | null>(null);
  const [reason, setReason] = useState("");
  const filter = {
    campaignId: campaign.id,
    ...(from ? { issuedFrom: startOfDayIn(from, tenant.timezone) } : {}),
    ...(to ? { issuedTo: startOfDayIn(addDays(to, 1), tenant.timezone) } : {}),
  };
  const counted = useQuery(trpc.vouchers.countVoidable.queryOptions({ filter }));
  const startVoid = useMutation(trpc.vouchers.startVoid.mutationOptions());
  const count = counted.data?.count ?? 0;
  return (
    <ConfirmDialog
      open
      danger
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={t("title")}
      description={t("text")}
      confirmLabel={count > 0 ? t("submit", { count: formatCount(count) }) : t("action")}
      disabled={count === 0 || reason.trim() === "" || counted.isFetching}
      onConfirm={async () => {
        await startVoid.mutateAsync({ filter, reason });
        toast.success(t("started"));
        await client.invalidateQueries(trpc.jobs.pathFilter());
      }}
    >
      <div className="grid grid-cols-2 gap-3">
        <Field label={t("from")} optional>
          <DateInput value={from} max={to ?? undefined} onValueChange={setFrom} />
        </Field>
        <Field label={t("to")} optional>
          <DateInput value={to} min={from ?? undefined} onValueChange={setTo} />
        </Field>
      </div>
      <ErrorAlert error={counted.error} />
      <p aria-live="polite" className="figure text-sm font-medium">
        {counted.data === undefined
          ? "…"
          : count === 0
            ? t("none")
            : counted.data.capped
              ? t("matchingMore", { count: formatCount(count) })
              : t("matching", { count })}
      </p>
      <Field label={t("reason")} required>
        <Input value={reason} maxLength={500} onChange={(event) => setReason(event.target.value)} />
      </Field>
    </ConfirmDialog>
  );
}
