"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { chooseLanguage } from "@/components/i18n/choose-language";
import { useTRPCClient } from "@/components/trpc";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { readError } from "@/components/ui/error-message";
import { Form, FormField, useZodForm } from "@/components/ui/form";
import { Input } from "@/components/ui/input";
import { confirmSecondFactorInput, signInInput } from "@/server/domain/parties/schemas";
import { PublicFrame } from "./public-frame";
import { safePath, signInWith } from "./sign-in-call";

const passwordStep = signInInput.omit({ code: true });

export function SignInPage({
  next,
  ended,
  hasLanguage,
}: {
  next?: string;
  ended?: boolean;
  /** Somebody has chosen a language in this browser: it stays. Else the account's is taken. */
  hasLanguage?: boolean;
}) {
  const t = useTranslations("auth");
  const client = useTRPCClient();
  const [proven, setProven] = useState<{ email: string; password: string } | null>(null);
  const [leaving, setLeaving] = useState(false);

  const enter = async () => {
    setLeaving(true);
    if (!hasLanguage) {
      const account = await client.account.get.query().catch(() => null);
      if (account?.locale) await chooseLanguage(account.locale);
    }
    // A new page altogether: nothing of whoever sat here before stays in memory.
    window.location.assign(safePath(next));
  };
  const tryPassword = async (input: { email: string; password: string }) => {
    try {
      await signInWith(input);
    } catch (error) {
      if (readError(error).code !== "SECOND_FACTOR_REQUIRED") throw error;
      setProven(input);
      return;
    }
    await enter();
  };
  const tryCode = async (code: string) => {
    if (!proven) return;
    await signInWith({ ...proven, code });
    await enter();
  };

  if (proven) {
    return (
      <PublicFrame title={t("secondFactor.title")} subtitle={t("secondFactor.subtitle")}>
        <CodeForm onSubmit={tryCode} onBack={() => setProven(null)} leaving={leaving} />
      </PublicFrame>
    );
  }
  return (
    <PublicFrame title={t("title")} subtitle={t("subtitle")}>
      {ended ? <Alert tone="info">{t("ended")}</Alert> : null}
      <PasswordForm onSubmit={tryPassword} leaving={leaving} />
      <p className="text-xs text-muted-foreground">{t("forgot")}</p>
    </PublicFrame>
  );
}

function PasswordForm({
  onSubmit,
  leaving,
}: {
  onSubmit: (input: { email: string; password: string }) => Promise<void>;
  leaving: boolean;
}) {
  const t = useTranslations("auth");
  const form = useZodForm(passwordStep, { defaultValues: { email: "", password: "" } });
  return (
    <Form form={form} onSubmit={onSubmit}>
      <FormField name="email" label={t("email")}>
        <Input
          type="email"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          autoFocus
          size="lg"
          {...form.register("email")}
        />
      </FormField>
      <FormField name="password" label={t("password")}>
        <Input type="password" autoComplete="current-password" size="lg" {...form.register("password")} />
      </FormField>
      <Button type="submit" size="lg" className="w-full" loading={form.formState.isSubmitting || leaving}>
        {t("submit")}
      </Button>
    </Form>
  );
}

function CodeForm({
  onSubmit,
  onBack,
  leaving,
}: {
  onSubmit: (code: string) => Promise<void>;
  onBack: () => void;
  leaving: boolean;
}) {
  const t = useTranslations("auth.secondFactor");
  const form = useZodForm(confirmSecondFactorInput, { defaultValues: { code: "" } });
  return (
    <Form form={form} onSubmit={({ code }) => onSubmit(code)}>
      <FormField name="code" label={t("code")} hint={t("codeHint")}>
        <Input
          autoComplete="one-time-code"
          autoCapitalize="characters"
          spellCheck={false}
          autoFocus
          size="xl"
          className="figure text-center tracking-[0.2em]"
          {...form.register("code")}
        />
      </FormField>
      <Button type="submit" size="lg" className="w-full" loading={form.formState.isSubmitting || leaving}>
        {t("submit")}
      </Button>
      <Button variant="ghost" className="w-full" onClick={onBack}>
        {t("back")}
      </Button>
    </Form>
  );
}
