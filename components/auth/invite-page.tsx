"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { useLocale, useTranslations } from "next-intl";
import { useMemo, useState } from "react";
import { useFormat } from "@/components/format/use-format";
import { useTRPC } from "@/components/trpc";
import { Button, LinkButton } from "@/components/ui/button";
import { ErrorAlert } from "@/components/ui/error-alert";
import { Form, FormField, useZodForm } from "@/components/ui/form";
import { Input } from "@/components/ui/input";
import { Skeleton } from "@/components/ui/skeleton";
import { acceptInvitationInput, PASSWORD_MIN_LENGTH } from "@/server/domain/parties/schemas";
import { isSame, passwordPair } from "./password-pair";
import { PublicFrame } from "./public-frame";
import { signInWith } from "./sign-in-call";

export function InvitePage({ token }: { token: string }) {
  const t = useTranslations("auth.invite");
  const roles = useTranslations("common.roles");
  const format = useFormat({ timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone });
  const trpc = useTRPC();
  const invitation = useQuery(
    trpc.users.invitation.queryOptions({ token }, { retry: false, refetchOnWindowFocus: false }),
  );
  const found = invitation.data;
  if (invitation.error) {
    return (
      <PublicFrame title={t("invalidTitle")}>
        <ErrorAlert error={invitation.error} />
        <LinkButton href="/sign-in" variant="outline" className="w-full">
          {t("goToSignIn")}
        </LinkButton>
      </PublicFrame>
    );
  }
  if (!found) {
    return (
      <PublicFrame title={t("renewTitle")}>
        <Skeleton className="h-24" />
      </PublicFrame>
    );
  }
  return (
    <PublicFrame
      title={found.renewsPassword ? t("renewTitle") : t("title", { tenant: found.tenantName })}
      subtitle={
        found.renewsPassword
          ? t("renewSubtitle", { email: found.email })
          : t("subtitle", { role: roles(found.role), party: found.partyName })
      }
    >
      <AcceptForm token={token} invitation={found} />
      <p className="text-xs text-muted-foreground">
        {t("validUntil", { time: format.instant(found.expiresAt) })}
      </p>
    </PublicFrame>
  );
}

function AcceptForm({
  token,
  invitation,
}: {
  token: string;
  invitation: { email: string; name: string; renewsPassword: boolean };
}) {
  const t = useTranslations("auth");
  const locale = useLocale();
  const trpc = useTRPC();
  const accept = useMutation(trpc.users.acceptInvitation.mutationOptions());
  const [leaving, setLeaving] = useState(false);
  const mismatch = t("invite.mismatch");
  const schema = useMemo(
    () =>
      passwordPair
        .extend({ name: acceptInvitationInput.shape.name.unwrap() })
        .refine(isSame, { path: ["repeat"], message: mismatch }),
    [mismatch],
  );
  const form = useZodForm(schema, { defaultValues: { name: invitation.name, password: "", repeat: "" } });
  return (
    <Form
      form={form}
      onSubmit={async ({ name, password }) => {
        const { email } = await accept.mutateAsync({ token, password, name, locale });
        setLeaving(true);
        try {
          await signInWith({ email, password });
          window.location.assign("/");
        } catch {
          // A second factor is in force: sign in the usual way.
          window.location.assign("/sign-in");
        }
      }}
    >
      <FormField name="email" label={t("email")}>
        <Input value={invitation.email} readOnly autoComplete="username" name="email" />
      </FormField>
      {invitation.renewsPassword ? null : (
        <FormField name="name" label={t("invite.name")}>
          <Input autoComplete="name" {...form.register("name")} />
        </FormField>
      )}
      <FormField
        name="password"
        label={t("invite.password")}
        hint={t("invite.passwordHint", { minimum: PASSWORD_MIN_LENGTH })}
      >
        <Input type="password" autoComplete="new-password" {...form.register("password")} />
      </FormField>
      <FormField name="repeat" label={t("invite.repeat")}>
        <Input type="password" autoComplete="new-password" {...form.register("repeat")} />
      </FormField>
      <Button type="submit" size="lg" className="w-full" loading={form.formState.isSubmitting || leaving}>
        {t("invite.submit")}
      </Button>
    </Form>
  );
}
