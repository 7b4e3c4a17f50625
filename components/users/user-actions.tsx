"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Ban, KeyRound, LogOut, MoreHorizontal, ShieldOff, UserCheck, UserCog } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useViewer } from "@/components/layout/viewer";
import { useTRPC } from "@/components/trpc";
import { Button, IconButton } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { Dialog } from "@/components/ui/dialog";
import { Form, FormField, useZodForm } from "@/components/ui/form";
import { Menu, MenuItem, MenuSeparator } from "@/components/ui/menu";
import { Select } from "@/components/ui/select";
import { toast } from "@/components/ui/toast";
import type { UserRow } from "@/server/domain/parties";
import { changeRoleInput, rolesOfKind } from "@/server/domain/parties/schemas";
import type { HandedLink } from "./link-dialog";

type Step = "role" | "suspend" | "endSessions" | "passwordLink" | "resetSecondFactor";

export function UserActions({ user, onLink }: { user: UserRow; onLink: (link: HandedLink) => void }) {
  const t = useTranslations("users");
  const viewer = useViewer();
  const trpc = useTRPC();
  const queries = useQueryClient();
  const [step, setStep] = useState<Step | null>(null);
  const setStatus = useMutation(trpc.users.setStatus.mutationOptions());
  const endSessions = useMutation(trpc.users.endSessions.mutationOptions());
  const passwordLink = useMutation(trpc.users.createPasswordLink.mutationOptions());
  const resetSecondFactor = useMutation(trpc.users.resetSecondFactor.mutationOptions());
  const reload = () => queries.invalidateQueries({ queryKey: trpc.users.pathKey() });
  const self = user.id === viewer.userId;
  const { id: userId, name } = user;
  const activate = async () => {
    await setStatus.mutateAsync({ userId, status: "active" });
    await reload();
    toast.success(t("activated"));
  };
  const asking = (which: Exclude<Step, "role">) => ({
    open: step === which,
    onOpenChange: (open: boolean) => setStep(open ? which : null),
    title: t(`${which}.title`, { name }),
    description: t(`${which}.description`),
    confirmLabel: t(`${which}.confirm`),
  });
  return (
    <>
      <Menu
        trigger={
          <IconButton size="icon-sm" label={t("actions.label", { name })}>
            <MoreHorizontal aria-hidden />
          </IconButton>
        }
      >
        {rolesOfKind(user.partyKind).length > 1 ? (
          <MenuItem icon={<UserCog aria-hidden />} onSelect={() => setStep("role")}>
            {t("actions.changeRole")}
          </MenuItem>
        ) : null}
        <MenuItem icon={<LogOut aria-hidden />} onSelect={() => setStep("endSessions")}>
          {t("actions.endSessions")}
        </MenuItem>
        {self ? null : (
          <MenuItem icon={<KeyRound aria-hidden />} onSelect={() => setStep("passwordLink")}>
            {t("actions.passwordLink")}
          </MenuItem>
        )}
        {user.secondFactor && !self ? (
          <MenuItem icon={<ShieldOff aria-hidden />} onSelect={() => setStep("resetSecondFactor")}>
            {t("actions.resetSecondFactor")}
          </MenuItem>
        ) : null}
        <MenuSeparator />
        {user.status === "active" ? (
          <MenuItem danger icon={<Ban aria-hidden />} onSelect={() => setStep("suspend")}>
            {t("actions.suspend")}
          </MenuItem>
        ) : (
          <MenuItem icon={<UserCheck aria-hidden />} onSelect={() => void activate()}>
            {t("actions.activate")}
          </MenuItem>
        )}
      </Menu>
      {step === "role" ? <RoleDialog user={user} onClose={() => setStep(null)} onDone={reload} /> : null}
      <ConfirmDialog
        {...asking("suspend")}
        danger
        onConfirm={async () => {
          await setStatus.mutateAsync({ userId, status: "suspended" });
          await reload();
          toast.success(t("suspend.done"));
        }}
      />
      <ConfirmDialog
        {...asking("endSessions")}
        danger
        onConfirm={async () => {
          const { ended } = await endSessions.mutateAsync({ userId });
          toast.success(t("endSessions.done", { count: ended }));
        }}
      />
      <ConfirmDialog
        {...asking("passwordLink")}
        onConfirm={async () => {
          const { token, expiresAt } = await passwordLink.mutateAsync({ userId });
          onLink({ email: user.email, token, expiresAt, renewsPassword: true });
          await reload();
        }}
      />
      <ConfirmDialog
        {...asking("resetSecondFactor")}
        danger
        onConfirm={async () => {
          await resetSecondFactor.mutateAsync({ userId });
          await reload();
          toast.success(t("resetSecondFactor.done"));
        }}
      />
    </>
  );
}

function RoleDialog({
  user,
  onClose,
  onDone,
}: {
  user: UserRow;
  onClose: () => void;
  onDone: () => Promise<void>;
}) {
  const t = useTranslations("users");
  const roleNames = useTranslations("common.roles");
  const trpc = useTRPC();
  const change = useMutation(trpc.users.changeRole.mutationOptions());
  const form = useZodForm(changeRoleInput, { defaultValues: { userId: user.id, role: user.role } });
  return (
    <Dialog
      open
      size="sm"
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title={t("role.title", { name: user.name })}
      description={t("role.description")}
    >
      <Form
        form={form}
        onSubmit={async (input) => {
          await change.mutateAsync(input);
          onClose();
          await onDone();
          toast.success(t("role.done"));
        }}
        footer={
          <Button type="submit" loading={form.formState.isSubmitting}>
            {t("role.submit")}
          </Button>
        }
      >
        <FormField name="role" label={t("fields.role")}>
          <Select
            options={rolesOfKind(user.partyKind).map((value) => ({ value, label: roleNames(value) }))}
            {...form.register("role")}
          />
        </FormField>
      </Form>
    </Dialog>
  );
}
