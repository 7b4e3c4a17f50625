"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useLocale, useTranslations } from "next-intl";
import { chooseLanguage } from "@/components/i18n/choose-language";
import { LOCALE_NAMES, LOCALES } from "@/components/i18n/config";
import { useViewer } from "@/components/layout/viewer";
import { useTRPC } from "@/components/trpc";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { DescriptionList } from "@/components/ui/description-list";
import { Field } from "@/components/ui/field";
import { Form, FormField, useZodForm } from "@/components/ui/form";
import { Input } from "@/components/ui/input";
import { Instant } from "@/components/ui/instant";
import { Select } from "@/components/ui/select";
import { toast } from "@/components/ui/toast";
import { updateProfileInput } from "@/server/domain/parties/schemas";

export function ProfileCard() {
  const t = useTranslations("account.profile");
  const common = useTranslations("common");
  const viewer = useViewer();
  const router = useRouter();
  const locale = useLocale();
  const trpc = useTRPC();
  const queries = useQueryClient();
  const account = useQuery(trpc.account.get.queryOptions());
  const rename = useMutation(trpc.account.updateProfile.mutationOptions());
  const setLocale = useMutation(trpc.account.setLocale.mutationOptions());
  const form = useZodForm(updateProfileInput, { defaultValues: { name: viewer.name } });
  return (
    <Card title={t("title")}>
      <div className="space-y-5">
        <DescriptionList
          items={[
            { label: t("email"), value: viewer.email },
            { label: t("role"), value: common(`roles.${viewer.role}`) },
            { label: t("party"), value: viewer.party.name },
            {
              label: t("lastSignIn"),
              value: account.data?.lastSignInAt ? <Instant at={account.data.lastSignInAt} /> : null,
            },
          ]}
        />
        <Form
          form={form}
          className="flex flex-wrap items-end gap-3"
          onSubmit={async (input) => {
            await rename.mutateAsync(input);
            await queries.invalidateQueries();
            router.refresh();
            toast.success(t("saved"));
          }}
        >
          <FormField name="name" label={t("name")} className="min-w-48 flex-1">
            <Input autoComplete="name" {...form.register("name")} />
          </FormField>
          <Button type="submit" variant="outline" loading={form.formState.isSubmitting}>
            {common("actions.save")}
          </Button>
        </Form>
        <Field label={t("language")} className="max-w-60">
          <Select
            value={locale}
            options={LOCALES.map((value) => ({ value, label: LOCALE_NAMES[value] }))}
            onValueChange={async (next) => {
              await setLocale.mutateAsync({ locale: next });
              await chooseLanguage(next);
            }}
          />
        </Field>
      </div>
    </Card>
  );
}
