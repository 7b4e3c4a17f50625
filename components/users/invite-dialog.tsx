"use client";

import { useMutation } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useWatch } from "react-hook-form";
import { useViewer } from "@/components/layout/viewer";
import { PartyPicker } from "@/components/parties/party-picker";
import { useTRPC } from "@/components/trpc";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Form, FormField, useZodForm } from "@/components/ui/form";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { can, type PartyKind } from "@/server/core/permissions";
import { inviteUserInput, rolesOfKind } from "@/server/domain/parties/schemas";
import type { HandedLink } from "./link-dialog";

/** Somebody who sees all parties chooses one; others invite into their own. */
export function InviteDialog({
  onClose,
  onInvited,
  party,
}: {
  onClose: () => void;
  onInvited: (link: HandedLink) => void;
  /** The party the page is about. */
  party?: { id: string; kind: PartyKind };
}) {
  const t = useTranslations("users");
  const roleNames = useTranslations("common.roles");
  const viewer = useViewer();
  const trpc = useTRPC();
  const invite = useMutation(trpc.users.invite.mutationOptions());
  const fixed = party ?? (can(viewer.role, "party:read") ? null : viewer.party);
  const [kind, setKind] = useState<PartyKind>((fixed ?? viewer.party).kind);
  const roles = rolesOfKind(kind);
  const form = useZodForm(inviteUserInput, {
    defaultValues: {
      email: "",
      name: "",
      partyId: (fixed ?? viewer.party).id,
      role: roles.includes("support") ? "support" : roles[0],
    },
  });
  const partyId = useWatch({ control: form.control, name: "partyId" });
  const role = useWatch({ control: form.control, name: "role" });
  return (
    <Dialog
      open
      sticky
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title={t("invite.title")}
      description={t("invite.description")}
    >
      <Form
        form={form}
        onSubmit={async (input) => {
          const { token, expiresAt } = await invite.mutateAsync(input);
          onInvited({ email: input.email, token, expiresAt, renewsPassword: false });
        }}
        footer={
          <Button type="submit" loading={form.formState.isSubmitting}>
            {t("invite.submit")}
          </Button>
        }
      >
        <FormField name="email" label={t("fields.email")} required>
          <Input type="email" autoComplete="off" autoFocus {...form.register("email")} />
        </FormField>
        <FormField name="name" label={t("fields.name")} required>
          <Input autoComplete="off" {...form.register("name")} />
        </FormField>
        {fixed ? null : (
          <FormField name="partyId" label={t("fields.party")} hint={t("invite.partyHint")} required>
            <PartyPicker
              value={partyId ?? null}
              kinds={["platform", "merchant", "brand", "distributor", "supplier"]}
              onValueChange={(id, picked) => {
                form.setValue("partyId", id ?? undefined, { shouldValidate: true });
                if (!picked) return;
                setKind(picked.kind);
                const [first] = rolesOfKind(picked.kind);
                if (first) form.setValue("role", first);
              }}
            />
          </FormField>
        )}
        <FormField name="role" label={t("fields.role")} required>
          <Select
            value={role}
            options={roles.map((value) => ({ value, label: roleNames(value) }))}
            onValueChange={(next) => form.setValue("role", next)}
          />
        </FormField>
      </Form>
    </Dialog>
  );
}
