"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useMemo, useState } from "react";
import { useWatch } from "react-hook-form";
import { z } from "zod";
import { startOfDayIn } from "@/components/format/format";
import { useViewer } from "@/components/layout/viewer";
import { PartyPicker } from "@/components/parties/party-picker";
import { useTRPC } from "@/components/trpc";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { CopyButton } from "@/components/ui/copy-button";
import { DateInput } from "@/components/ui/date-input";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Form, FormField, useZodForm } from "@/components/ui/form";
import { Input } from "@/components/ui/input";
import { can, type PartyKind } from "@/server/core/permissions";
import { createApiKeyInput, SCOPES_OF_KIND } from "@/server/domain/parties/schemas";

export function CreateKeyDialog({
  onClose,
  onCreated,
}: {
  onClose: () => void;
  onCreated: (key: string) => void;
}) {
  const t = useTranslations("apiKeys");
  const scopeNames = useTranslations("common.apiScopes");
  const viewer = useViewer();
  const trpc = useTRPC();
  const queries = useQueryClient();
  const create = useMutation(trpc.apiKeys.create.mutationOptions({ gcTime: 0 }));
  const choosesParty = can(viewer.role, "party:read");
  const [kind, setKind] = useState<PartyKind>(viewer.party.kind);
  const scopes = SCOPES_OF_KIND[kind];
  const schema = useMemo(
    () => createApiKeyInput.omit({ expiresAt: true }).extend({ lastDay: z.iso.date().nullable() }),
    [],
  );
  const form = useZodForm(schema, {
    defaultValues: { name: "", scopes: [], partyId: viewer.party.id, lastDay: null },
  });
  const [chosen = [], partyId, lastDay] = useWatch({
    control: form.control,
    name: ["scopes", "partyId", "lastDay"],
  });
  return (
    <Dialog
      open
      sticky
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title={t("create.title")}
    >
      <Form
        form={form}
        onSubmit={async ({ lastDay: day, ...input }) => {
          const expiresAt = day ? startOfDayIn(nextDay(day), viewer.tenant.timezone) : null;
          const { key } = await create.mutateAsync({ ...input, expiresAt });
          await queries.invalidateQueries({ queryKey: trpc.apiKeys.list.queryKey() });
          onCreated(key);
        }}
        footer={
          <Button type="submit" disabled={scopes.length === 0} loading={form.formState.isSubmitting}>
            {t("create.submit")}
          </Button>
        }
      >
        <FormField name="name" label={t("fields.name")} hint={t("create.nameHint")} required>
          <Input autoComplete="off" autoFocus {...form.register("name")} />
        </FormField>
        {choosesParty ? (
          <FormField name="partyId" label={t("fields.party")} required>
            <PartyPicker
              value={partyId ?? null}
              kinds={["platform", "merchant", "brand"]}
              onValueChange={(id, party) => {
                form.setValue("partyId", id ?? undefined);
                form.setValue("scopes", []);
                if (party) setKind(party.kind);
              }}
            />
          </FormField>
        ) : null}
        <FormField name="scopes" label={t("fields.scopes")} hint={t("create.scopesHint")} group required>
          {scopes.length === 0 ? <Alert live={false}>{t("create.noScopes")}</Alert> : null}
          <div className="space-y-1.5">
            {scopes.map((scope) => (
              <Checkbox
                key={scope}
                label={
                  <>
                    {scopeNames(scope)}{" "}
                    <code className="font-mono text-xs text-muted-foreground">{scope}</code>
                  </>
                }
                checked={chosen.includes(scope)}
                onCheckedChange={(checked) =>
                  form.setValue(
                    "scopes",
                    checked ? [...chosen, scope] : chosen.filter((other) => other !== scope),
                    { shouldValidate: form.formState.isSubmitted },
                  )
                }
              />
            ))}
          </div>
        </FormField>
        <FormField name="lastDay" label={t("create.expires")} hint={t("create.expiresHint")} optional>
          <DateInput
            value={lastDay ?? null}
            className="max-w-48"
            onValueChange={(day) => form.setValue("lastDay", day)}
          />
        </FormField>
      </Form>
    </Dialog>
  );
}

/** The key in whole, this one time. */
export function NewKeyDialog({ apiKey, onClose }: { apiKey: string; onClose: () => void }) {
  const t = useTranslations("apiKeys.created");
  return (
    <Dialog
      open
      sticky
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title={t("title")}
      footer={<Button onClick={onClose}>{t("done")}</Button>}
    >
      <div className="space-y-3">
        <Alert tone="warning" live={false}>
          {t("once")}
        </Alert>
        <Field label={t("label")}>
          <Input
            readOnly
            value={apiKey}
            className="font-mono text-xs"
            onFocus={(event) => event.target.select()}
          />
        </Field>
        <CopyButton value={apiKey} label={t("label")} />
      </div>
    </Dialog>
  );
}

function nextDay(day: string): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + 1);
  return date.toISOString().slice(0, 10);
}
