"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useRef } from "react";
import { Controller } from "react-hook-form";
import { z } from "zod";
import { CycleFields, DEFAULT_CYCLE } from "@/components/parties/cycle-fields";
import { PartyFields } from "@/components/parties/party-fields";
import { useTRPC } from "@/components/trpc";
import { Alert } from "@/components/ui/alert";
import { Button, LinkButton } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Form, useZodForm } from "@/components/ui/form";
import { toast } from "@/components/ui/toast";
import { createPartyInput } from "@/server/domain/parties/schemas";
import { TermsFields, termsFields } from "./terms-fields";

const newDistributor = z.object({ ...createPartyInput.shape, ...termsFields });

/** Party and terms in one go. Should the terms be refused, the party stands and only they are sent again. */
export function CreateDistributorDialog({ onClose }: { onClose: () => void }) {
  const t = useTranslations("distributors");
  const parties = useTranslations("parties");
  const router = useRouter();
  const trpc = useTRPC();
  const queries = useQueryClient();
  const tiers = useQuery(trpc.tiers.list.queryOptions());
  const settings = useQuery(trpc.tenant.settings.queryOptions());
  const createParty = useMutation(trpc.parties.create.mutationOptions());
  const setTerms = useMutation(trpc.distributors.set.mutationOptions());
  const made = useRef<{ id: string; number: string } | null>(null);
  const form = useZodForm(newDistributor, {
    defaultValues: {
      kind: "distributor",
      name: "",
      externalId: "",
      contact: "",
      locale: "zh-CN",
      cycle: DEFAULT_CYCLE,
      channelFeeRate: null,
      channelRefundsFee: false,
      tier: "",
      uplineId: null,
      commissionRate: null,
      shopSlug: "",
    },
  });
  if (tiers.data?.length === 0) {
    return (
      <Dialog open onOpenChange={(open) => (open ? null : onClose())} title={t("create.title")}>
        <Alert
          tone="info"
          actions={<LinkButton href="/distributors/tiers">{t("create.toTiers")}</LinkButton>}
        >
          {t("create.needTier")}
        </Alert>
      </Dialog>
    );
  }
  return (
    <Dialog
      open
      sticky
      onOpenChange={(open) => (open ? null : onClose())}
      title={t("create.title")}
      description={t("create.description")}
    >
      <Form
        form={form}
        onSubmit={async ({ tier, uplineId, commissionRate, shopSlug, ...party }) => {
          made.current ??= await createParty.mutateAsync(party);
          const { id, number } = made.current;
          await setTerms.mutateAsync({ partyId: id, tier, uplineId, commissionRate, shopSlug });
          await Promise.all([
            queries.invalidateQueries({ queryKey: trpc.parties.pathKey() }),
            queries.invalidateQueries({ queryKey: trpc.distributors.pathKey() }),
            queries.invalidateQueries({ queryKey: trpc.tiers.pathKey() }),
          ]);
          toast.success(t("create.done", { number }));
          onClose();
          router.push(`/distributors/${id}`);
        }}
        footer={
          <Button type="submit" loading={form.formState.isSubmitting}>
            {t("create.submit")}
          </Button>
        }
      >
        {setTerms.isError && made.current ? (
          <p className="text-sm">{t("create.termsLater", { number: made.current.number })}</p>
        ) : null}
        <PartyFields kind="distributor" disabled={createParty.isSuccess} />
        <TermsFields uplineLevels={settings.data?.uplineLevels ?? null} />
        <Field label={parties("fields.cycle")} group>
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
