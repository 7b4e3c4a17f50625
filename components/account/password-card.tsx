"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useMemo } from "react";
import { isSame, passwordPair } from "@/components/auth/password-pair";
import { useViewer } from "@/components/layout/viewer";
import { useTRPC } from "@/components/trpc";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Form, FormField, useZodForm } from "@/components/ui/form";
import { Input } from "@/components/ui/input";
import { toast } from "@/components/ui/toast";
import { PASSWORD_MIN_LENGTH, password } from "@/server/domain/parties/schemas";

const EMPTY = { currentPassword: "", password: "", repeat: "" };

export function PasswordCard() {
  const t = useTranslations("account.password");
  const viewer = useViewer();
  const trpc = useTRPC();
  const queries = useQueryClient();
  const change = useMutation(trpc.account.changePassword.mutationOptions());
  const mismatch = t("mismatch");
  const schema = useMemo(
    () =>
      passwordPair
        .extend({ currentPassword: password })
        .refine(isSame, { path: ["repeat"], message: mismatch }),
    [mismatch],
  );
  const form = useZodForm(schema, { defaultValues: EMPTY });
  return (
    <Card title={t("title")} description={t("description")}>
      <Form
        form={form}
        className="max-w-sm space-y-4"
        onSubmit={async (input) => {
          const { ended } = await change.mutateAsync({
            currentPassword: input.currentPassword,
            newPassword: input.password,
          });
          form.reset(EMPTY);
          await queries.invalidateQueries({ queryKey: trpc.account.sessions.queryKey() });
          toast.success(t("done", { ended }));
        }}
      >
        {/* Tells a password manager whose password it is. */}
        <input type="hidden" autoComplete="username" value={viewer.email} readOnly />
        <FormField name="currentPassword" label={t("current")}>
          <Input type="password" autoComplete="current-password" {...form.register("currentPassword")} />
        </FormField>
        <FormField name="password" label={t("next")} hint={t("nextHint", { minimum: PASSWORD_MIN_LENGTH })}>
          <Input type="password" autoComplete="new-password" {...form.register("password")} />
        </FormField>
        <FormField name="repeat" label={t("repeat")}>
          <Input type="password" autoComplete="new-password" {...form.register("repeat")} />
        </FormField>
        <Button type="submit" loading={form.formState.isSubmitting}>
          {t("submit")}
        </Button>
      </Form>
    </Card>
  );
}
