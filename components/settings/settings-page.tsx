"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useWatch } from "react-hook-form";
import { useViewer } from "@/components/layout/viewer";
import { useTRPC } from "@/components/trpc";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Checkbox, Switch } from "@/components/ui/checkbox";
import { DescriptionList } from "@/components/ui/description-list";
import { ErrorAlert } from "@/components/ui/error-alert";
import { Form, FormField, useZodForm } from "@/components/ui/form";
import { Input } from "@/components/ui/input";
import { PageFrame } from "@/components/ui/page-frame";
import { RadioGroup } from "@/components/ui/radio-group";
import { Skeleton } from "@/components/ui/skeleton";
import { toast } from "@/components/ui/toast";
import type { TenantSettings } from "@/server/core/context";
import { ROLES } from "@/server/core/permissions";
import { tenantSettingsInput } from "@/server/domain/parties/schemas";

export function SettingsPage() {
  const t = useTranslations("settings");
  const viewer = useViewer();
  const trpc = useTRPC();
  const settings = useQuery(trpc.tenant.settings.queryOptions());
  return (
    <PageFrame title={t("title")} description={t("description")} width="narrow">
      <Card title={t("tenant.title")}>
        <DescriptionList
          items={[
            { label: t("tenant.name"), value: viewer.tenant.name },
            { label: t("tenant.slug"), value: <span className="font-mono">{viewer.tenant.slug}</span> },
            { label: t("tenant.currency"), value: viewer.tenant.currency },
            { label: t("tenant.timezone"), value: viewer.tenant.timezone },
          ]}
        />
      </Card>
      <ErrorAlert error={settings.error} onRetry={settings.refetch} />
      {settings.isPending ? <Skeleton className="h-96" /> : null}
      {settings.data ? <SettingsForm settings={settings.data} /> : null}
    </PageFrame>
  );
}

const CARD_SETTINGS = [
  { name: "orderHoldMinutes", min: 1, max: 1_440 },
  { name: "pickupDays", min: 1, max: 3_650 },
  { name: "uplineLevels", min: 0, max: 3 },
  { name: "autoReissueMinutes", min: 0, max: 10_080 },
] as const;

function SettingsForm({ settings }: { settings: TenantSettings }) {
  const t = useTranslations("settings");
  const roleNames = useTranslations("common.roles");
  const viewer = useViewer();
  const router = useRouter();
  const trpc = useTRPC();
  const queries = useQueryClient();
  const update = useMutation(trpc.tenant.updateSettings.mutationOptions());
  const account = useQuery(trpc.account.get.queryOptions());
  const form = useZodForm(tenantSettingsInput, { defaultValues: settings });
  const [reversedVoucher, roles = [], fourEyes] = useWatch({
    control: form.control,
    name: ["reversedVoucher", "secondFactorRoles", "ruleFourEyes"],
  });
  const locksOut = roles.includes(viewer.role) && account.data?.secondFactor.enabledAt === null;
  return (
    <Form
      form={form}
      onSubmit={async (input) => {
        await update.mutateAsync(input);
        await queries.invalidateQueries({ queryKey: trpc.tenant.pathKey() });
        router.refresh();
        toast.success(t("saved"));
      }}
      footer={
        <Button type="submit" loading={form.formState.isSubmitting}>
          {t("save")}
        </Button>
      }
    >
      <Card title={t("redemption.title")}>
        <div className="space-y-4">
          <FormField
            name="undoMinutes"
            label={t("redemption.undoMinutes")}
            hint={t("redemption.undoMinutesHint")}
          >
            <Input
              type="number"
              inputMode="numeric"
              min={0}
              className="max-w-32"
              {...form.register("undoMinutes", { valueAsNumber: true })}
            />
          </FormField>
          <FormField
            name="lockMinutes"
            label={t("redemption.lockMinutes")}
            hint={t("redemption.lockMinutesHint")}
          >
            <Input
              type="number"
              inputMode="numeric"
              min={1}
              className="max-w-32"
              {...form.register("lockMinutes", { valueAsNumber: true })}
            />
          </FormField>
          <FormField name="reversedVoucher" label={t("redemption.reversedVoucher")} group>
            <RadioGroup
              look="cards"
              value={reversedVoucher}
              onValueChange={(next) => form.setValue("reversedVoucher", next)}
              options={[
                {
                  value: "issued",
                  label: t("redemption.reversedIssued"),
                  hint: t("redemption.reversedIssuedHint"),
                },
                {
                  value: "void",
                  label: t("redemption.reversedVoid"),
                  hint: t("redemption.reversedVoidHint"),
                },
              ]}
            />
          </FormField>
        </div>
      </Card>
      <Card title={t("cards.title")}>
        <div className="space-y-4">
          {CARD_SETTINGS.map(({ name, min, max }) => (
            <FormField key={name} name={name} label={t(`cards.${name}`)} hint={t(`cards.${name}Hint`)}>
              <Input
                type="number"
                inputMode="numeric"
                min={min}
                max={max}
                className="max-w-32"
                {...form.register(name, { valueAsNumber: true })}
              />
            </FormField>
          ))}
        </div>
      </Card>
      <Card title={t("rules.title")}>
        <Switch
          label={t("rules.fourEyes")}
          hint={t("rules.fourEyesHint")}
          checked={fourEyes ?? false}
          onCheckedChange={(next) => form.setValue("ruleFourEyes", next)}
        />
      </Card>
      <Card title={t("security.title")}>
        <FormField
          name="secondFactorRoles"
          label={t("security.secondFactorRoles")}
          hint={t("security.secondFactorRolesHint")}
          group
        >
          <div className="grid gap-1.5 sm:grid-cols-2">
            {ROLES.map((role) => (
              <Checkbox
                key={role}
                label={roleNames(role)}
                checked={roles.includes(role)}
                onCheckedChange={(checked) =>
                  form.setValue(
                    "secondFactorRoles",
                    checked ? [...roles, role] : roles.filter((other) => other !== role),
                  )
                }
              />
            ))}
          </div>
        </FormField>
        {locksOut ? (
          <Alert tone="warning" className="mt-4">
            {t("security.selfWarning")}
          </Alert>
        ) : null}
      </Card>
    </Form>
  );
}
