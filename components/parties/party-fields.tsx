"use client";

import { useTranslations } from "next-intl";
import { Controller, useFormContext } from "react-hook-form";
import { LOCALE_NAMES, LOCALES } from "@/components/i18n/config";
import { Checkbox } from "@/components/ui/checkbox";
import { FormField } from "@/components/ui/form";
import { Input } from "@/components/ui/input";
import { RateInput } from "@/components/ui/rate-input";
import { Select } from "@/components/ui/select";
import type { PartyKind } from "@/server/core/permissions";

interface Fields {
  name: string;
  externalId: string | null;
  locale: "zh-CN" | "en";
  contact: string | null;
  channelFeeRate: string | null;
  channelRefundsFee: boolean;
}

/** What a new party and a known one are told alike. */
export function PartyFields({ kind, disabled }: { kind: PartyKind; disabled?: boolean }) {
  const t = useTranslations("parties");
  const { register, control } = useFormContext<Fields>();
  return (
    <>
      <FormField name="name" label={t("fields.name")} required>
        <Input disabled={disabled} {...register("name")} />
      </FormField>
      <FormField name="externalId" label={t("fields.externalId")} hint={t("hints.externalId")} optional>
        <Input disabled={disabled} {...register("externalId")} />
      </FormField>
      <FormField name="contact" label={t("fields.contact")} hint={t("hints.contact")} optional>
        <Input disabled={disabled} {...register("contact")} />
      </FormField>
      <FormField name="locale" label={t("fields.locale")} hint={t("hints.locale")}>
        <Select
          disabled={disabled}
          options={LOCALES.map((value) => ({ value, label: LOCALE_NAMES[value] }))}
          {...register("locale")}
        />
      </FormField>
      {kind === "channel" ? (
        <>
          <FormField name="channelFeeRate" label={t("fields.channelFeeRate")} optional>
            <Controller
              control={control}
              name="channelFeeRate"
              render={({ field }) => (
                <RateInput
                  disabled={disabled}
                  value={field.value ?? null}
                  onValueChange={field.onChange}
                  onBlur={field.onBlur}
                />
              )}
            />
          </FormField>
          <Controller
            control={control}
            name="channelRefundsFee"
            render={({ field }) => (
              <Checkbox
                disabled={disabled}
                label={t("fields.channelRefundsFee")}
                checked={field.value}
                onCheckedChange={field.onChange}
              />
            )}
          />
        </>
      ) : null}
    </>
  );
}
