"use client";

import { useMemo } from "react";
import { Controller } from "react-hook-form";
import { z } from "zod";
import { instantIn, localIn } from "@/components/format/format";
import { useFormat } from "@/components/format/use-format";
import { Button } from "./button";
import { DateTimeInput } from "./date-input";
import { Form, FormField, useZodForm } from "./form";
import { Input } from "./input";
import { MoneyInput } from "./money-input";

export interface BankTransfer {
  amount: bigint;
  bankReference: string;
  at: Date;
}

export interface BankTransferFormProps {
  /** Known, or asked for in a currency. */
  amount: bigint | { currency: string };
  /** What the verb takes. */
  shape: { amount?: z.ZodType<bigint, bigint>; bankReference: z.ZodType<string, string> };
  maxLength: number;
  texts: {
    amount?: string;
    bankReference: string;
    bankReferenceHint?: string;
    at: string;
    /** Said of a time that has not come. */
    future: string;
    submit: string;
  };
  onSubmit: (transfer: BankTransfer) => Promise<void>;
}

/** Notes what the bank has done: how much, under which reference, when by the tenant's clock. */
export function BankTransferForm({ amount, shape, maxLength, texts, onSubmit }: BankTransferFormProps) {
  const { timeZone } = useFormat();
  const [known, currency] = typeof amount === "bigint" ? [amount] : [undefined, amount.currency];
  const schema = useMemo(
    () =>
      z
        .object({
          amount: shape.amount ?? z.bigint(),
          bankReference: shape.bankReference,
          /** Wall-clock time of the tenant. */
          at: z.string().min(1),
        })
        .refine(({ at }) => instantIn(at, timeZone).getTime() <= Date.now() + 60_000, {
          path: ["at"],
          message: texts.future,
        }),
    [shape, timeZone, texts.future],
  );
  const form = useZodForm(schema, {
    defaultValues: { amount: known, bankReference: "", at: localIn(new Date(), timeZone) },
  });
  return (
    <Form
      form={form}
      onSubmit={({ at, ...transfer }) => onSubmit({ ...transfer, at: instantIn(at, timeZone) })}
      footer={
        <Button type="submit" loading={form.formState.isSubmitting}>
          {texts.submit}
        </Button>
      }
    >
      {currency !== undefined ? (
        <FormField name="amount" label={texts.amount} required>
          <Controller
            control={form.control}
            name="amount"
            render={({ field }) => (
              <MoneyInput
                value={field.value ?? null}
                currency={currency}
                onBlur={field.onBlur}
                onValueChange={(value) => field.onChange(value ?? undefined)}
              />
            )}
          />
        </FormField>
      ) : null}
      <FormField name="bankReference" label={texts.bankReference} hint={texts.bankReferenceHint} required>
        <Input autoComplete="off" maxLength={maxLength} {...form.register("bankReference")} />
      </FormField>
      <FormField name="at" label={texts.at} required>
        <Controller
          control={form.control}
          name="at"
          render={({ field }) => (
            <DateTimeInput
              value={field.value || null}
              onValueChange={(local) => field.onChange(local ?? "")}
              onBlur={field.onBlur}
              timeZone={timeZone}
            />
          )}
        />
      </FormField>
    </Form>
  );
}
