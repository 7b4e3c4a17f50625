"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { Controller, useWatch } from "react-hook-form";
import { useTRPC } from "@/components/trpc";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Form, FormField, useZodForm } from "@/components/ui/form";
import { Select } from "@/components/ui/select";
import { toast } from "@/components/ui/toast";
import { createPartyInput } from "@/server/domain/parties/schemas";
import { CycleFields, DEFAULT_CYCLE } from "./cycle-fields";
import { PartyFields } from "./party-fields";

const KINDS = createPartyInput.shape.kind.options;

export function CreatePartyDialog({ onClose }: { onClose: () => void }) {
  const t = useTranslations("parties");
  const kindNames = useTranslations("common.partyKinds");
  const router = useRouter();
  const trpc = useTRPC();
  const queries = useQueryClient();
  const create = useMutation(trpc.parties.create.mutationOptions());
  const form = useZodForm(createPartyInput, {
    defaultValues: {
      kind: "merchant",
      name: "",
      externalId: "",
      contact: "",
      locale: "zh-CN",
      cycle: DEFAULT_CYCLE,
      channelFeeRate: null,
      channelRefundsFee: false,
    },
  });
  const kind = useWatch({ control: form.control, name: "kind" });
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
        onSubmit={async (input) => {
          const { id, number } = await create.mutateAsync(input);
          await queries.invalidateQueries({ queryKey: trpc.parties.pathKey() });
          toast.success(t("create.done", { number }));
          onClose();
          router.push(`/parties/${id}`);
        }}
        footer={
          <Button type="submit" loading={form.formState.isSubmitting}>
            {t("create.submit")}
          </Button>
        }
      >
        <FormField name="kind" label={t("fields.kind")} hint={t("hints.kind")} required>
          <Select
            options={KINDS.map((value) => ({ value, label: kindNames(value) }))}
            {...form.register("kind")}
          />
        </FormField>
        <PartyFields kind={kind} />
        <Field label={t("fields.cycle")} group>
          <Controller
            control={form.control}
            name="cycle"
            render={({ field }) => <CycleFields value={field.value} onValueChange={field.onChange} />}
          />
        </Field>
      </Form>
    </Dialog>
  );
}
