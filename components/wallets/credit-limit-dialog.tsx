"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Controller } from "react-hook-form";
import { useFormat } from "@/components/format/use-format";
import { useTRPC } from "@/components/trpc";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Form, FormField, useZodForm } from "@/components/ui/form";
import { MoneyInput } from "@/components/ui/money-input";
import { toast } from "@/components/ui/toast";
import type { WalletRow } from "@/server/domain/payments";
import { setCreditLimitInput } from "@/server/domain/payments/schemas";

/** How far a wallet may go below zero. */
export function CreditLimitDialog({ wallet }: { wallet: WalletRow }) {
  const t = useTranslations("wallets.credit");
  const format = useFormat();
  const [open, setOpen] = useState(false);
  return (
    <Dialog
      open={open}
      onOpenChange={setOpen}
      sticky
      trigger={<Button variant="outline">{t("action")}</Button>}
      title={t("title")}
      description={t("description", {
        name: wallet.distributor.name,
        balance: format.money(wallet.balance, wallet.currency),
      })}
    >
      {open ? <CreditLimitForm wallet={wallet} onDone={() => setOpen(false)} /> : null}
    </Dialog>
  );
}

function CreditLimitForm({ wallet, onDone }: { wallet: WalletRow; onDone: () => void }) {
  const t = useTranslations("wallets.credit");
  const format = useFormat();
  const trpc = useTRPC();
  const queries = useQueryClient();
  const setLimit = useMutation(trpc.wallets.setCreditLimit.mutationOptions());
  const form = useZodForm(setCreditLimitInput, {
    defaultValues: { distributorId: wallet.distributor.id, creditLimit: wallet.creditLimit },
  });
  return (
    <Form
      form={form}
      onSubmit={async (input) => {
        await setLimit.mutateAsync(input);
        await queries.invalidateQueries(trpc.wallets.pathFilter());
        toast.success(t("done", { amount: format.money(input.creditLimit, wallet.currency) }));
        onDone();
      }}
      footer={
        <Button type="submit" loading={form.formState.isSubmitting}>
          {t("submit")}
        </Button>
      }
    >
      <FormField name="creditLimit" label={t("limit")} hint={t("limitHint")} required>
        <Controller
          control={form.control}
          name="creditLimit"
          render={({ field }) => (
            <MoneyInput
              value={field.value ?? null}
              currency={wallet.currency}
              onBlur={field.onBlur}
              onValueChange={(value) => field.onChange(value ?? undefined)}
            />
          )}
        />
      </FormField>
    </Form>
  );
}
