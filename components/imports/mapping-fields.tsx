"use client";

import { useQuery } from "@tanstack/react-query";
import { Plus, X } from "lucide-react";
import { useTranslations } from "next-intl";
import { useMemo } from "react";
import { Controller, type UseFormReturn, useFieldArray, useWatch } from "react-hook-form";
import { useTRPC } from "@/components/trpc";
import { Button, IconButton } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { Combobox } from "@/components/ui/combobox";
import { Field } from "@/components/ui/field";
import { FormField } from "@/components/ui/form";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import {
  AMOUNT_MEANINGS,
  DELIMITERS,
  type Delimiter,
  IMPORT_FUNDERS,
  type SalesMapping,
  type SalesMappingInput,
  TIME_FORMATS,
} from "@/server/domain/imports/schemas";

export type MappingForm = UseFormReturn<SalesMappingInput, unknown, SalesMapping>;

const DELIMITER_NAMES = { ",": "comma", ";": "semicolon", "\t": "tab", "|": "bar" } as const satisfies Record<
  Delimiter,
  string
>;
const emptyIsNull = { setValueAs: (value: string | null) => value || null };

/** What the columns of a file mean. */
export function MappingFields({
  form,
  header,
  onDelimiter,
}: {
  form: MappingForm;
  header: readonly string[];
  onDelimiter: (delimiter: Delimiter) => void;
}) {
  const t = useTranslations("imports.mapping");
  const common = useTranslations("common.form");
  const { register, control } = form;
  const columns = useMemo(
    () => header.filter(Boolean).map((name) => ({ value: name, label: name })),
    [header],
  );
  const needed = { options: columns, placeholder: common("choose") };
  const optional = { options: columns, placeholder: t("none") };
  const collectedBy = useWatch({ control, name: "collectedBy" });
  return (
    <div className="grid gap-x-6 gap-y-4 sm:grid-cols-2 xl:grid-cols-3">
      <FormField name="delimiter" label={t("delimiter")}>
        <Select
          options={DELIMITERS.map((one) => ({ value: one, label: t(`delimiters.${DELIMITER_NAMES[one]}`) }))}
          {...register("delimiter", { onChange: (event) => onDelimiter(event.target.value) })}
        />
      </FormField>
      <FormField name="currency" label={t("currency")} required>
        <Input
          maxLength={8}
          autoComplete="off"
          {...register("currency", { setValueAs: (value: string) => value.trim().toUpperCase() })}
        />
      </FormField>
      <FormField name="merchant" label={t("merchant")} hint={t("merchantHint")} required>
        <Select {...needed} {...register("merchant")} />
      </FormField>
      <FormField name="brand" label={t("brand")} hint={t("brandHint")}>
        <Select {...optional} {...register("brand", emptyIsNull)} />
      </FormField>
      <FormField name="orderRef" label={t("orderRef")}>
        <Select {...optional} {...register("orderRef", emptyIsNull)} />
      </FormField>
      <FormField name="product" label={t("product")} hint={t("productHint")}>
        <Select {...optional} {...register("product", emptyIsNull)} />
      </FormField>
      <FormField name="amount.column" label={t("amount")} required>
        <Select {...needed} {...register("amount.column")} />
      </FormField>
      <FormField name="amount.means" label={t("means")} required>
        <Select
          options={AMOUNT_MEANINGS.map((one) => ({ value: one, label: t(`meanings.${one}`) }))}
          {...register("amount.means")}
        />
      </FormField>
      <FormField name="onlyAbove" label={t("onlyAbove")} hint={t("onlyAboveHint")}>
        <Select {...optional} {...register("onlyAbove", emptyIsNull)} />
      </FormField>
      <Discounts form={form} columns={columns} />
      <FormField name="soldAt.column" label={t("soldAt")} required>
        <Select {...needed} {...register("soldAt.column")} />
      </FormField>
      <FormField name="soldAt.format" label={t("format")} required>
        <Select
          options={TIME_FORMATS.map((one) => ({
            value: one,
            label: one === "iso" || one === "unix" ? t(`formats.${one}`) : one,
          }))}
          {...register("soldAt.format")}
        />
      </FormField>
      <TimeZoneField form={form} />
      <FormField name="collectedBy" label={t("collectedBy")} required>
        <Select
          options={(["merchant", "platform"] as const).map((one) => ({
            value: one,
            label: t(`collectors.${one}`),
          }))}
          {...register("collectedBy")}
        />
      </FormField>
      {collectedBy === "platform" ? <ChannelField form={form} /> : null}
      <div className="flex items-end sm:col-span-2 xl:col-span-1">
        <Checkbox label={t("createParties")} hint={t("createPartiesHint")} {...register("createParties")} />
      </div>
    </div>
  );
}

function Discounts({ form, columns }: { form: MappingForm; columns: { value: string; label: string }[] }) {
  const t = useTranslations("imports.mapping");
  const common = useTranslations("common.form");
  const { fields, append, remove } = useFieldArray({ control: form.control, name: "discounts" });
  return (
    <Field group label={t("discounts")} className="col-span-full" required>
      <div className="space-y-2">
        {fields.map((field, i) => (
          <div key={field.id} className="flex flex-wrap items-start gap-2">
            <FormField
              name={`discounts.${i}.column`}
              label={t("discountColumn", { n: i + 1 })}
              hideLabel
              className="min-w-40 flex-1"
            >
              <Select
                options={columns}
                placeholder={common("choose")}
                {...form.register(`discounts.${i}.column`)}
              />
            </FormField>
            <FormField
              name={`discounts.${i}.by`}
              label={t("discountBy", { n: i + 1 })}
              hideLabel
              className="min-w-32 flex-1"
            >
              <Select
                options={IMPORT_FUNDERS.map((one) => ({ value: one, label: t(`funders.${one}`) }))}
                {...form.register(`discounts.${i}.by`)}
              />
            </FormField>
            <IconButton
              label={t("removeDiscount", { n: i + 1 })}
              disabled={fields.length === 1}
              onClick={() => remove(i)}
            >
              <X />
            </IconButton>
          </div>
        ))}
        {fields.length < 10 ? (
          <Button
            variant="ghost"
            size="sm"
            icon={<Plus />}
            onClick={() => append({ column: "", by: "merchant" })}
          >
            {t("addDiscount")}
          </Button>
        ) : null}
      </div>
    </Field>
  );
}

function TimeZoneField({ form }: { form: MappingForm }) {
  const t = useTranslations("imports.mapping");
  const zones = useMemo(
    () =>
      [...new Set(["UTC", ...Intl.supportedValuesOf("timeZone")])].map((zone) => ({
        value: zone,
        label: zone,
      })),
    [],
  );
  return (
    <FormField name="soldAt.timeZone" label={t("timeZone")} required>
      <Controller
        control={form.control}
        name="soldAt.timeZone"
        render={({ field }) => (
          <Combobox
            options={zones}
            value={field.value ? { value: field.value, label: field.value } : null}
            onValueChange={(option) => field.onChange(option?.value ?? "")}
          />
        )}
      />
    </FormField>
  );
}

function ChannelField({ form }: { form: MappingForm }) {
  const t = useTranslations("imports.mapping");
  const common = useTranslations("common.form");
  const trpc = useTRPC();
  const channels = useQuery(trpc.parties.options.queryOptions({ kinds: ["channel"], limit: 100 }));
  return (
    <FormField name="channelId" label={t("channel")} required>
      <Select
        options={(channels.data ?? []).map((one) => ({ value: one.id, label: one.name }))}
        placeholder={common("choose")}
        {...form.register("channelId", emptyIsNull)}
      />
    </FormField>
  );
}
