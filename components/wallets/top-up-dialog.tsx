"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Banknote } from "lucide-react";
import { useTranslations } from "next-intl";
import { useMemo, useState } from "react";
import { Controller } from "react-hook-form";
import { z } from "zod";
import { instantIn, localIn } from "@/components/format/format";
import { useFormat } from "@/components/format/use-format";
import { useTRPC } from "@/components/trpc";
import { Button } from "@/components/ui/button";
import { DateTimeInput } from "@/components/ui/date-input";
import { Dialog } from "@/components/ui/dialog";
import { Form, FormField, useZodForm } from "@/components/ui/form";
import { Input } from "@/components/ui/input";
import { MoneyInput } from "@/components/ui/money-input";
import { toast } from "@/components/ui/toast";
import type { WalletRow } from "@/server/domain/payments";
import { topUpWalletInput } from "@/server/domain/payments/schemas";

const shape = z.object({
  amount: topUpWalletInput.shape.amount,
  bankReference: topUpWalletInput.shape.bankReference,
  /** Wall-clock time of the tenant. */
  receivedAt: z.string().min(1),
});

/** Notes a bank transfer that a distributor made into its wallet. */
export function TopUpDialog({ wallet }: { wallet: WalletRow }) {
  const t = useTranslations("wallets.topUp");
  const [open, setOpen] = useState(false);
  return (
    <Dialog
      open={open}
      onOpenChange={setOpen}
      sticky
      trigger={<Button icon={<Banknote aria-hidden />}>{t("action")}</Button>}
      title={t("title")}
      description={t("description", { name: wallet.distributor.name })}
    >
      {open ? <TopUpForm wallet={wallet} onDone={() => setOpen(false)} /> : null}
    </Dialog>
  );
}

function TopUpForm({ wallet, onDone }: { wallet: WalletRow; onDone: () => void }) {
  const t = useTranslations("wallets.topUp");
  const format = useFormat();
  const trpc = useTRPC();
  const queries = useQueryClient();
  const topUp = useMutation(trpc.wallets.topUp.mutationOptions());
  const schema = useMemo(
    () =>
      shape.refine(
        ({ receivedAt }) => instantIn(receivedAt, format.timeZone).getTime() <= Date.now() + 60_000,
        {
          path: ["receivedAt"],
          message: t("future"),
        },
      ),
    [format.timeZone, t],
  );
  const form = useZodForm(schema, {
    defaultValues: {
      amount: undefined,
      bankReference: "",
      receivedAt: localIn(new Date(), format.timeZone),
    },
  });
  return (
    <Form
      form={form}
      onSubmit={async ({ receivedAt, ...input }) => {
        const { balance } = await topUp.mutateAsync({
          ...input,
          distributorId: wallet.distributor.id,
          receivedAt: instantIn(receivedAt, format.timeZone),
        });
        await queries.invalidateQueries(trpc.wallets.pathFilter());
        const amount = format.money(input.amount, wallet.currency);
        toast.success(t("done", { amount, balance: format.money(balance, wallet.currency) }));
        onDone();
      }}
      footer={
        <Button type="submit" loading={form.formState.isSubmitting}>
          {t("submit")}
        </Button>
      }
    >
      <FormField name="amount" label={t("amount")} required>
        <Controller
          control={form.control}
          name="amount"
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
      <FormField name="bankReference" label={t("bankReference")} hint={t("bankReferenceHint")} required>
        <Input autoComplete="off" maxLength={100} {...form.register("bankReference")} />
      </FormField>
      <FormField name="receivedAt" label={t("receivedAt")} required>
        <Controller
          control={form.control}
          name="receivedAt"
          render={({ field }) => (
            <DateTimeInput
              value={field.value || null}
              onValueChange={(local) => field.onChange(local ?? "")}
              onBlur={field.onBlur}
              timeZone={format.timeZone}
            />
          )}
        />
      </FormField>
    </Form>
  );
}
