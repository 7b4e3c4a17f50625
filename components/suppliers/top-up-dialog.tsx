"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Banknote } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useFormat } from "@/components/format/use-format";
import { useTRPC } from "@/components/trpc";
import { BankTransferForm } from "@/components/ui/bank-transfer-form";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { toast } from "@/components/ui/toast";
import type { SupplierRow } from "@/server/domain/cards";
import { recordPrepaymentInput } from "@/server/domain/cards/schemas";

/** Notes what was paid to a supplier before its keys are sold. */
export function TopUpDialog({ supplier: { partyId, name, currency } }: { supplier: SupplierRow }) {
  const t = useTranslations("suppliers.topUp");
  const format = useFormat();
  const trpc = useTRPC();
  const queries = useQueryClient();
  const topUp = useMutation(trpc.suppliers.recordPrepayment.mutationOptions());
  const [open, setOpen] = useState(false);
  return (
    <Dialog
      open={open}
      onOpenChange={setOpen}
      sticky
      trigger={<Button icon={<Banknote aria-hidden />}>{t("action")}</Button>}
      title={t("title")}
      description={t("description", { name })}
    >
      {open ? (
        <BankTransferForm
          amount={{ currency }}
          shape={recordPrepaymentInput.shape}
          maxLength={80}
          texts={{
            amount: t("amount"),
            bankReference: t("bankReference"),
            bankReferenceHint: t("bankReferenceHint"),
            at: t("paidAt"),
            future: t("future"),
            submit: t("submit"),
          }}
          onSubmit={async ({ at, ...input }) => {
            await topUp.mutateAsync({ ...input, partyId, currency, paidAt: at });
            await queries.invalidateQueries(trpc.suppliers.pathFilter());
            toast.success(t("done", { amount: format.money(input.amount, currency) }));
            setOpen(false);
          }}
        />
      ) : null}
    </Dialog>
  );
}
