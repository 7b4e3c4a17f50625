"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Ban } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import type { Selection } from "@/components/data-table";
import { useTRPC } from "@/components/trpc";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { toast } from "@/components/ui/toast";
import type { VoucherFilter } from "@/server/domain/vouchers/schemas";
import type { vouchersTable } from "./table";

/** Voids the chosen rows at once, or all that match in the background. */
export function VoidSelection({
  selection,
  query,
  onDone,
}: {
  selection: Selection;
  query: ReturnType<typeof vouchersTable.load>;
  onDone: () => void;
}) {
  const t = useTranslations("vouchers.bulk");
  const trpc = useTRPC();
  const client = useQueryClient();
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState("");
  const voidSome = useMutation(trpc.vouchers.void.mutationOptions());
  const startVoid = useMutation(trpc.vouchers.startVoid.mutationOptions());
  const filter = selection.kind === "all" ? filterOf(query) : null;
  const impossible = selection.kind === "all" && filter === null;
  const { data: counted } = useQuery({
    ...trpc.vouchers.countVoidable.queryOptions({ filter: filter ?? { campaignId: NOBODY } }),
    enabled: open && filter !== null,
  });
  const count = selection.kind === "rows" ? selection.ids.length : (counted?.count ?? 0);
  return (
    <ConfirmDialog
      danger
      open={open}
      onOpenChange={(next) => {
        setOpen(next);
        setReason("");
      }}
      trigger={
        <Button variant="outline" size="sm" icon={<Ban aria-hidden />}>
          {t("void")}
        </Button>
      }
      title={t("title", { count })}
      description={selection.kind === "all" ? t("textAll") : t("text")}
      confirmLabel={t("void")}
      disabled={reason.trim() === "" || impossible || count === 0}
      onConfirm={async () => {
        if (selection.kind === "rows") {
          const { voided, results } = await voidSome.mutateAsync({ voucherIds: [...selection.ids], reason });
          const refused = results.filter((one) => !one.ok).length;
          toast.success(refused > 0 ? t("partly", { voided, refused }) : t("done", { voided }));
        } else if (filter) {
          await startVoid.mutateAsync({ filter, reason });
          toast.success(t("started"));
        }
        await client.invalidateQueries(trpc.vouchers.pathFilter());
        onDone();
      }}
    >
      {impossible ? (
        <Alert tone="warning">{t("needsFilter")}</Alert>
      ) : (
        <Field label={t("reason")} required>
          <Input value={reason} maxLength={500} onChange={(event) => setReason(event.target.value)} />
        </Field>
      )}
    </ConfirmDialog>
  );
}

const NOBODY = "00000000-0000-0000-0000-000000000000";

/** The server voids by campaign, batch and customer; a view narrowed by more than that names others, too. */
function filterOf({ q, filters }: ReturnType<typeof vouchersTable.load>): VoucherFilter | null {
  if (q || filters.status) return null;
  const { campaignId, customerId, jobId } = filters;
  if (!campaignId && !customerId && !jobId) return null;
  return {
    ...(campaignId ? { campaignId } : {}),
    ...(customerId ? { customerId } : {}),
    ...(jobId ? { jobId } : {}),
  };
}
