"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useFormat } from "@/components/format/use-format";
import { useTRPC } from "@/components/trpc";
import { BankTransferForm } from "@/components/ui/bank-transfer-form";
import { Dialog } from "@/components/ui/dialog";
import { toast } from "@/components/ui/toast";
import type { StatementDetail } from "@/server/domain/settlement";
import { recordPaymentInput } from "@/server/domain/settlement/schemas";

/** Notes that a statement was paid, to or by the party. */
export function PayDialog({ statement, onClose }: { statement: StatementDetail; onClose: () => void }) {
  const t = useTranslations("statements.pay");
  const format = useFormat();
  const trpc = useTRPC();
  const queries = useQueryClient();
  const pay = useMutation(trpc.statements.recordPayment.mutationOptions());
  const { id, kind, number, total, currency } = statement;
  const out = kind === "payable";
  const amount = total < 0n ? -total : total;
  return (
    <Dialog
      open
      sticky
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title={t(out ? "payTitle" : "collectTitle", { number })}
      description={t(out ? "payDescription" : "collectDescription", {
        amount: format.money(amount, currency),
      })}
    >
      <BankTransferForm
        amount={amount}
        shape={recordPaymentInput.shape}
        maxLength={140}
        texts={{
          bankReference: t("reference"),
          at: t("paidAt"),
          future: t("future"),
          submit: t("submit"),
        }}
        onSubmit={async ({ bankReference, at }) => {
          await pay.mutateAsync({ statementId: id, bankReference, paidAt: at });
          await Promise.all([
            queries.invalidateQueries({ queryKey: trpc.statements.pathKey() }),
            queries.invalidateQueries({ queryKey: trpc.overview.pathKey() }),
          ]);
          toast.success(t("done", { number }));
          onClose();
        }}
      />
    </Dialog>
  );
}
