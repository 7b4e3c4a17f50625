"use client";

import { useTranslations } from "next-intl";
import { Controller, useFormContext, useWatch } from "react-hook-form";
import type { z } from "zod";
import { useViewer } from "@/components/layout/viewer";
import { CycleFields, DEFAULT_CYCLE } from "@/components/parties/cycle-fields";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Checkbox, Switch } from "@/components/ui/checkbox";
import { Field } from "@/components/ui/field";
import { Form, FormField, useZodForm } from "@/components/ui/form";
import { Input } from "@/components/ui/input";
import { MoneyInput } from "@/components/ui/money-input";
import { RadioGroup } from "@/components/ui/radio-group";
import { RateInput } from "@/components/ui/rate-input";
import { Select } from "@/components/ui/select";
import type { Channel } from "@/server/domain/payments";
import { CHANNEL_FEE_BEARERS, channelForm } from "@/server/domain/payments/schemas";

type Fields = z.input<typeof channelForm>;

/** A new channel, or a known one. */
export function ChannelForm({
  channel,
  onSubmit,
}: {
  channel: Channel | null;
  onSubmit: (input: z.output<typeof channelForm>) => Promise<void>;
}) {
  const t = useTranslations("channels.form");
  const form = useZodForm(channelForm, { defaultValues: valuesOf(channel) });
  return (
    <Form
      form={form}
      onSubmit={onSubmit}
      footer={
        <Button type="submit" loading={form.formState.isSubmitting}>
          {t(channel ? "save" : "create")}
        </Button>
      }
    >
      <Card>
        <div className="space-y-4">
          <FormField name="name" label={t("name")} hint={t("nameHint")} required>
            <Input autoComplete="off" maxLength={120} {...form.register("name")} />
          </FormField>
          <Controller
            control={form.control}
            name="enabled"
            render={({ field }) => (
              <Switch
                label={t("enabled")}
                hint={t("enabledHint")}
                checked={field.value}
                onCheckedChange={field.onChange}
              />
            )}
          />
        </div>
      </Card>
      <Card title={t("fee")}>
        <FeeFields />
      </Card>
      <Card title={t("limits")}>
        <div className="grid gap-4 sm:grid-cols-2">
          <AmountField name="minAmount" />
          <AmountField name="maxAmount" />
        </div>
      </Card>
      <Card title={t("settlement")} description={t("settlementHint")}>
        <Controller
          control={form.control}
          name="cycle"
          render={({ field }) => <CycleFields value={field.value} onValueChange={field.onChange} />}
        />
      </Card>
      <Card title={t("account")}>
        <AccountFields known={channel?.account != null} />
      </Card>
    </Form>
  );
}

function valuesOf(channel: Channel | null): Fields {
  if (channel === null) {
    return {
      name: "",
      feeRate: "0.006",
      feeMin: null,
      feeMax: null,
      feeBearer: null,
      refundsFee: false,
      cycle: DEFAULT_CYCLE,
      minAmount: null,
      maxAmount: null,
      enabled: true,
      account: null,
    };
  }
  const { name, feeRate, feeMin, feeMax, feeBearer, refundsFee, cycle, minAmount, maxAmount, enabled } =
    channel;
  const { account } = channel;
  return {
    name,
    feeRate,
    feeMin,
    feeMax,
    feeBearer,
    refundsFee,
    cycle,
    minAmount,
    maxAmount,
    enabled,
    account,
  };
}

function FeeFields() {
  const t = useTranslations("channels");
  const { control } = useFormContext<Fields>();
  return (
    <div className="space-y-4">
      <FormField name="feeRate" label={t("form.feeRate")} required>
        <Controller
          control={control}
          name="feeRate"
          render={({ field }) => (
            <RateInput
              value={field.value || null}
              onBlur={field.onBlur}
              onValueChange={(value) => field.onChange(value ?? "")}
            />
          )}
        />
      </FormField>
      <div className="grid gap-4 sm:grid-cols-2">
        <AmountField name="feeMin" />
        <AmountField name="feeMax" />
      </div>
      <FormField name="feeBearer" label={t("form.feeBearer")} hint={t("form.feeBearerHint")}>
        <Controller
          control={control}
          name="feeBearer"
          render={({ field }) => (
            <Select
              value={field.value ?? "rule"}
              onBlur={field.onBlur}
              onValueChange={(value) => field.onChange(value === "rule" ? null : value)}
              options={(["rule", ...CHANNEL_FEE_BEARERS] as const).map((value) => ({
                value,
                label: t(`bearers.${value}`),
              }))}
            />
          )}
        />
      </FormField>
      <Controller
        control={control}
        name="refundsFee"
        render={({ field }) => (
          <Checkbox
            label={t("form.refundsFee")}
            hint={t("form.refundsFeeHint")}
            checked={field.value}
            onCheckedChange={field.onChange}
          />
        )}
      />
    </div>
  );
}

function AmountField({ name }: { name: "feeMin" | "feeMax" | "minAmount" | "maxAmount" }) {
  const t = useTranslations("channels.form");
  const { control } = useFormContext<Fields>();
  const { currency } = useViewer().tenant;
  return (
    <FormField name={name} label={t(name)} hint={t("noLimit")} optional>
      <Controller
        control={control}
        name={name}
        render={({ field }) => (
          <MoneyInput
            value={field.value ?? null}
            currency={currency}
            onBlur={field.onBlur}
            // What cannot be read is not "no limit": undefined is refused.
            onValueChange={(value, text) => field.onChange(value ?? (text.trim() ? undefined : null))}
          />
        )}
      />
    </FormField>
  );
}

function AccountFields({ known }: { known: boolean }) {
  const t = useTranslations("channels.form");
  const { control, register, setValue } = useFormContext<Fields>();
  const account = useWatch({ control, name: "account" });
  return (
    <div className="space-y-4">
      <Field label={t("account")} group hideLabel>
        <RadioGroup
          look="cards"
          value={account ? "other" : "own"}
          options={(["own", "other"] as const).map((value) => ({
            value,
            label: t(value),
            hint: t(`${value}Hint`),
          }))}
          onValueChange={(value) =>
            setValue("account", value === "own" ? null : { endpoint: "", merchantNo: "" }, {
              shouldDirty: true,
            })
          }
        />
      </Field>
      {account ? (
        <>
          <FormField name="account.endpoint" label={t("endpoint")} hint={t("endpointHint")} required>
            <Input
              type="url"
              inputMode="url"
              autoComplete="off"
              maxLength={300}
              {...register("account.endpoint")}
            />
          </FormField>
          <FormField name="account.merchantNo" label={t("merchantNo")} required>
            <Input autoComplete="off" maxLength={64} {...register("account.merchantNo")} />
          </FormField>
          <FormField
            name="account.secret"
            label={t("secret")}
            hint={known ? `${t("secretHint")} ${t("secretKept")}` : t("secretHint")}
            required={!known}
          >
            <Input
              type="password"
              autoComplete="new-password"
              maxLength={200}
              {...register("account.secret", { setValueAs: (text: string) => text || undefined })}
            />
          </FormField>
        </>
      ) : null}
    </div>
  );
}
