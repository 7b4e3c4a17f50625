"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Eye, EyeOff, Pencil } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useCan } from "@/components/layout/viewer";
import { useTRPC } from "@/components/trpc";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { CopyButton } from "@/components/ui/copy-button";
import { DescriptionList } from "@/components/ui/description-list";
import { Dialog } from "@/components/ui/dialog";
import { ErrorAlert } from "@/components/ui/error-alert";
import { Form, FormField, useZodForm } from "@/components/ui/form";
import { Input } from "@/components/ui/input";
import { toast } from "@/components/ui/toast";
import { setBankAccountInput } from "@/server/domain/parties/schemas";
import type { Party } from "./party-page";

export function BankCard({ party }: { party: Party }) {
  const t = useTranslations("parties.bank");
  const can = useCan();
  const trpc = useTRPC();
  const [editing, setEditing] = useState(false);
  // The whole number is held by this card alone, and not kept in the cache of queries.
  const [whole, setWhole] = useState<string | null>(null);
  const read = useMutation(trpc.parties.readBankAccount.mutationOptions({ gcTime: 0 }));
  const { bankAccountTail: tail } = party;
  return (
    <Card
      title={t("title")}
      description={t("description")}
      className="max-w-2xl"
      actions={
        can("party:write") ? (
          <Button variant="outline" size="sm" icon={<Pencil aria-hidden />} onClick={() => setEditing(true)}>
            {tail ? t("change") : t("set")}
          </Button>
        ) : null
      }
    >
      {tail ? (
        <div className="space-y-4">
          <DescriptionList
            items={[
              { label: t("bankName"), value: party.bankName },
              { label: t("holder"), value: party.bankAccountHolder },
              {
                label: t("number"),
                wide: true,
                value:
                  whole === null ? (
                    t("tail", { tail })
                  ) : (
                    <span className="flex items-center gap-1">
                      <span className="figure font-mono break-all">
                        {whole.replaceAll(/(.{4})(?=.)/g, "$1 ")}
                      </span>
                      <CopyButton value={whole} what={t("number")} />
                    </span>
                  ),
              },
            ]}
          />
          <ErrorAlert error={read.error} />
          {can("party:read_bank_account") ? (
            whole === null ? (
              <Button
                variant="outline"
                size="sm"
                icon={<Eye aria-hidden />}
                loading={read.isPending}
                onClick={() => read.mutate({ id: party.id }, { onSuccess: ({ number }) => setWhole(number) })}
              >
                {t("show")}
              </Button>
            ) : (
              <div className="flex flex-wrap items-center gap-3">
                <Button
                  variant="outline"
                  size="sm"
                  icon={<EyeOff aria-hidden />}
                  onClick={() => setWhole(null)}
                >
                  {t("hide")}
                </Button>
                <p role="status" className="text-xs text-muted-foreground">
                  {t("audited")}
                </p>
              </div>
            )
          ) : null}
        </div>
      ) : (
        <p className="text-sm text-muted-foreground">{t("none")}</p>
      )}
      {editing ? (
        <BankDialog
          party={party}
          onClose={() => setEditing(false)}
          onSaved={() => {
            setEditing(false);
            setWhole(null);
          }}
        />
      ) : null}
    </Card>
  );
}

function BankDialog({ party, onClose, onSaved }: { party: Party; onClose: () => void; onSaved: () => void }) {
  const t = useTranslations("parties.bank");
  const trpc = useTRPC();
  const queries = useQueryClient();
  const set = useMutation(trpc.parties.setBankAccount.mutationOptions());
  const form = useZodForm(setBankAccountInput, {
    defaultValues: {
      partyId: party.id,
      bankName: party.bankName ?? "",
      holder: party.bankAccountHolder ?? "",
      number: "",
    },
  });
  return (
    <Dialog
      open
      sticky
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title={party.bankAccountTail ? t("change") : t("set")}
    >
      <Form
        form={form}
        onSubmit={async (input) => {
          await set.mutateAsync(input);
          await queries.invalidateQueries({ queryKey: trpc.parties.pathKey() });
          toast.success(t("saved"));
          onSaved();
        }}
        footer={
          <Button type="submit" loading={form.formState.isSubmitting}>
            {t("save")}
          </Button>
        }
      >
        <FormField name="bankName" label={t("bankName")} required>
          <Input {...form.register("bankName")} />
        </FormField>
        <FormField name="holder" label={t("holder")} required>
          <Input {...form.register("holder")} />
        </FormField>
        <FormField name="number" label={t("number")} hint={t("numberHint")} required>
          <Input inputMode="numeric" autoComplete="off" className="figure" {...form.register("number")} />
        </FormField>
      </Form>
    </Dialog>
  );
}
