"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { Controller, useFormContext } from "react-hook-form";
import { z } from "zod";
import { PartyPicker } from "@/components/parties/party-picker";
import { useTRPC } from "@/components/trpc";
import { FormField } from "@/components/ui/form";
import { Input } from "@/components/ui/input";
import { RateInput } from "@/components/ui/rate-input";
import { Select } from "@/components/ui/select";
import { ownRate, shopSlug, tierCode } from "@/server/domain/pricing/schemas";

const orNull = <T extends z.ZodType>(schema: T) => z.union([z.literal("").transform(() => null), schema]);

/** As the form holds them: an empty shop address is none. */
export const termsFields = {
  tier: tierCode,
  uplineId: z.uuid().nullable(),
  commissionRate: ownRate.nullable(),
  shopSlug: orNull(shopSlug),
};

interface Fields {
  tier: string;
  uplineId: string | null;
  commissionRate: string | null;
  shopSlug: string;
}

/** What is agreed with a distributor, new or known. */
export function TermsFields({ uplineLevels }: { uplineLevels: number | null }) {
  const t = useTranslations("distributors");
  const trpc = useTRPC();
  const { register, control } = useFormContext<Fields>();
  const tiers = useQuery(trpc.tiers.list.queryOptions());
  return (
    <>
      <FormField name="tier" label={t("fields.tier")} hint={t("terms.tierHint")} required>
        <Select
          placeholder={t("noTier")}
          options={(tiers.data ?? []).map((tier) => ({ value: tier.code, label: tier.name }))}
          {...register("tier")}
        />
      </FormField>
      <FormField
        name="uplineId"
        label={t("fields.upline")}
        hint={
          uplineLevels === 0
            ? t("terms.uplineNone")
            : uplineLevels === null
              ? undefined
              : t("terms.uplineHint", { levels: uplineLevels })
        }
        optional
      >
        <Controller
          control={control}
          name="uplineId"
          render={({ field }) => (
            <PartyPicker
              clearable
              kinds={["distributor"]}
              value={field.value}
              onValueChange={(id) => field.onChange(id)}
            />
          )}
        />
      </FormField>
      <FormField name="commissionRate" label={t("fields.commissionRate")} hint={t("terms.rateHint")} optional>
        <Controller
          control={control}
          name="commissionRate"
          render={({ field }) => (
            <RateInput value={field.value} onValueChange={field.onChange} onBlur={field.onBlur} />
          )}
        />
      </FormField>
      <FormField name="shopSlug" label={t("terms.slug")} hint={t("terms.slugHint")} optional>
        <Input autoComplete="off" spellCheck={false} {...register("shopSlug")} />
      </FormField>
    </>
  );
}
