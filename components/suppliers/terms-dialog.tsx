"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Pencil } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Controller, useWatch } from "react-hook-form";
import { useTRPC } from "@/components/trpc";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Form, FormField, useZodForm } from "@/components/ui/form";
import { MoneyInput } from "@/components/ui/money-input";
import { RadioGroup } from "@/components/ui/radio-group";
import { toast } from "@/components/ui/toast";
import type { SupplierRow } from "@/server/domain/cards";
import { SUPPLIER_TERMS, setSupplierTermsInput } from "@/server/domain/cards/schemas";

/** Changes whether a supplier is paid before or after the sale. */
export function TermsDialog({ supplier }: { supplier: SupplierRow }) {
  const t = useTranslations("suppliers.termsCard");
  const [open, setOpen] = useState(false);
  return (
    <Dialog
      open={open}
      onOpenChange={setOpen}
      sticky
      trigger={
        <Button variant="outline" size="sm" icon={<Pencil aria-hidden />}>
          {t("edit")}
        </Button>
      }
      title={t("dialog")}
      description={supplier.name}
    >
      {open ? <TermsForm supplier={supplier} onDone={() => setOpen(false)} /> : null}
    </Dialog>
  );
}

function TermsForm({ supplier, onDone }: { supplier: SupplierRow; onDone: () => void }) {
  const t = useTranslations("suppliers");
  const trpc = useTRPC();
  const queries = useQueryClient();
  const setTerms = useMutation(trpc.suppliers.setTerms.mutationOptions());
  const form = useZodForm(setSupplierTermsInput, {
    defaultValues: { partyId: supplier.partyId, terms: supplier.terms, warnBelow: supplier.warnBelow },
  });
  const terms = useWatch({ control: form.control, name: "terms" });
  return (
    <Form
      form={form}
      onSubmit={async (input) => {
        await setTerms.mutateAsync(input);
        await queries.invalidateQueries(trpc.suppliers.pathFilter());
        toast.success(t("termsCard.saved"));
        onDone();
      }}
      footer={
        <Button type="submit" loading={form.formState.isSubmitting}>
          {t("termsCard.save")}
        </Button>
      }
    >
      <FormField name="terms" label={t("termsCard.label")} hint={t("termsCard.change")} group required>
        <Controller
          control={form.control}
          name="terms"
          render={({ field }) => (
            <RadioGroup
              look="cards"
              value={field.value}
              onValueChange={field.onChange}
              options={SUPPLIER_TERMS.map((value) => ({
                value,
                label: t(`terms.${value}`),
                hint: t(`termsHint.${value}`),
              }))}
            />
          )}
        />
      </FormField>
      {terms === "prepaid" ? (
        <FormField
          name="warnBelow"
          label={t("termsCard.warnBelow")}
          hint={t("termsCard.warnBelowHint")}
          required
        >
          <Controller
            control={form.control}
            name="warnBelow"
            render={({ field }) => (
              <MoneyInput
                value={field.value ?? null}
                currency={supplier.currency}
                onBlur={field.onBlur}
                onValueChange={(value) => field.onChange(value)}
              />
            )}
          />
        </FormField>
      ) : null}
    </Form>
  );
}
