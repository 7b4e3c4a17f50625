"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useMemo } from "react";
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
import { toast } from "@/components/ui/toast";
import type { StatementDetail } from "@/server/domain/settlement";
import { recordPaymentInput } from "@/server/domain/settlement/schemas";

const shape = z.object({
  bankReference: recordPaymentInput.shape.bankReference,
  /** Wall-clock time of the tenant. */
  paidAt: z.string().min(1),
});

/** Notes that a statement was paid, to or by the party. */
export function PayDialog({ statement, onClose }: { statement: StatementDetail; onClose: () => void }) {
  const t = useTranslations("statements.pay");
  const format = useFormat();
  const trpc = useTRPC();
  const queries = useQueryClient();
  const pay = useMutation(trpc.statements.recordPayment.mutationOptions());
  const schema = useMemo(
    () =>
      shape.refine(({ paidAt }) => instantIn(paidAt, format.timeZone).getTime() <= Date.now() + 60_000, {
        path: ["paidAt"],
        message: t("future"),
      }),
    [format.timeZone, t],
  );
  const form = useZodForm(schema, {
    defaultValues: { bankReference: "", paidAt: localIn(new Date(), format.timeZone) },
  });
  const out = statement.kind === "payable";
  const amount = format.money(statement.total < 0n ? -statement.total : statement.total, statement.currency);
  return (
    <Dialog
      open
      sticky
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title={t(out ? "payTitle" : "collectTitle", { number: statement.number })}
      description={t(out ? "payDescription" : "collectDescription", { amount })}
    >
      <Form
        form={form}
        onSubmit={async ({ bankReference, paidAt }) => {
          await pay.mutateAsync({
            statementId: statement.id,
            bankReference,
            paidAt: instantIn(paidAt, format.timeZone),
          });
          await Promise.all([
            queries.invalidateQueries({ queryKey: trpc.statements.pathKey() }),
            queries.invalidateQueries({ queryKey: trpc.overview.pathKey() }),
          ]);
          toast.success(t("done", { number: statement.number }));
          onClose();
        }}
        footer={
          <Button type="submit" loading={form.formState.isSubmitting}>
            {t("submit")}
          </Button>
        }
      >
        <FormField name="bankReference" label={t("reference")} required>
          <Input autoComplete="off" maxLength={140} {...form.register("bankReference")} />
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
    </Dialog>
  );
}
