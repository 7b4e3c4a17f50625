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
import type { SupplierRow } from "@/server/domain/cards";
import { recordPrepaymentInput } from "@/server/domain/cards/schemas";

const shape = z.object({
  amount: recordPrepaymentInput.shape.amount,
  bankReference: recordPrepaymentInput.shape.bankReference,
  /** Wall-clock time of the tenant. */
  paidAt: z.string().min(1),
});

/** Notes what was paid to a supplier before its keys are sold. */
export function TopUpDialog({ supplier }: { supplier: SupplierRow }) {
  const t = useTranslations("suppliers.topUp");
  const [open, setOpen] = useState(false);
  return (
    <Dialog
      open={open}
      onOpenChange={setOpen}
      sticky
      trigger={<Button icon={<Banknote aria-hidden />}>{t("action")}</Button>}
      title={t("title")}
      description={t("description", { name: supplier.name })}
    >
      {open ? <TopUpForm supplier={supplier} onDone={() => setOpen(false)} /> : null}
    </Dialog>
  );
}

function TopUpForm({ supplier, onDone }: { supplier: SupplierRow; onDone: () => void }) {
  const t = useTranslations("suppliers.topUp");
  const format = useFormat();
  const trpc = useTRPC();
  const queries = useQueryClient();
  const topUp = useMutation(trpc.suppliers.recordPrepayment.mutationOptions());
  const schema = useMemo(
    () =>
      shape.refine(({ paidAt }) => instantIn(paidAt, format.timeZone).getTime() <= Date.now() + 60_000, {
        path: ["paidAt"],
        message: t("future"),
      }),
    [format.timeZone, t],
  );
  const form = useZodForm(schema, {
    defaultValues: {
      amount: undefined,
      bankReference: "",
      paidAt: localIn(new Date(), format.timeZone),
    },
  });
  return (
    <Form
      form={form}
      onSubmit={async ({ paidAt, ...input }) => {
        await topUp.mutateAsync({
          ...input,
          partyId: supplier.partyId,
          currency: supplier.currency,
          paidAt: instantIn(paidAt, format.timeZone),
        });
        await queries.invalidateQueries(trpc.suppliers.pathFilter());
        toast.success(t("done", { amount: format.money(input.amount, supplier.currency) }));
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
              currency={supplier.currency}
              onBlur={field.onBlur}
              onValueChange={(value) => field.onChange(value ?? undefined)}
            />
          )}
        />
      </FormField>
      <FormField name="bankReference" label={t("bankReference")} hint={t("bankReferenceHint")} required>
        <Input autoComplete="off" maxLength={80} {...form.register("bankReference")} />
      </FormField>
      <FormField name="paidAt" label={t("paidAt")} required>
        <Controller
          control={form.control}
          name="paidAt"
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
