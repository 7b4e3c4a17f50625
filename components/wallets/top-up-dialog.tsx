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
import type { WalletRow } from "@/server/domain/payments";
import { topUpWalletInput } from "@/server/domain/payments/schemas";

/** Notes a bank transfer that a distributor made into its wallet. */
export function TopUpDialog({ wallet: { distributor, currency } }: { wallet: WalletRow }) {
  const t = useTranslations("wallets.topUp");
  const format = useFormat();
  const trpc = useTRPC();
  const queries = useQueryClient();
  const topUp = useMutation(trpc.wallets.topUp.mutationOptions());
  const [open, setOpen] = useState(false);
  return (
    <Dialog
      open={open}
      onOpenChange={setOpen}
      sticky
      trigger={<Button icon={<Banknote aria-hidden />}>{t("action")}</Button>}
      title={t("title")}
      description={t("description", { name: distributor.name })}
    >
      {open ? (
        <BankTransferForm
          amount={{ currency }}
          shape={topUpWalletInput.shape}
          maxLength={100}
          texts={{
            amount: t("amount"),
            bankReference: t("bankReference"),
            bankReferenceHint: t("bankReferenceHint"),
            at: t("receivedAt"),
            future: t("future"),
            submit: t("submit"),
          }}
          onSubmit={async ({ at, ...input }) => {
            const { balance } = await topUp.mutateAsync({
              ...input,
              distributorId: distributor.id,
              receivedAt: at,
            });
            await queries.invalidateQueries(trpc.wallets.pathFilter());
            const amount = format.money(input.amount, currency);
            toast.success(t("done", { amount, balance: format.money(balance, currency) }));
            setOpen(false);
          }}
        />
      ) : null}
    </Dialog>
  );
}
