"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { ArrowLeftRight, Ban, Megaphone, ReceiptText, UserCheck } from "lucide-react";
import { useTranslations } from "next-intl";
import { parseAsStringLiteral, useQueryState } from "nuqs";
import { useState } from "react";
import { useWatch } from "react-hook-form";
import { useCan } from "@/components/layout/viewer";
import { PartyMonths } from "@/components/months/months";
import { useTRPC } from "@/components/trpc";
import { Badge } from "@/components/ui/badge";
import { Button, LinkButton } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { DescriptionList } from "@/components/ui/description-list";
import { ErrorAlert } from "@/components/ui/error-alert";
import { Form, useZodForm } from "@/components/ui/form";
import { Instant } from "@/components/ui/instant";
import { PageFrame } from "@/components/ui/page-frame";
import { Skeleton } from "@/components/ui/skeleton";
import { Tabs } from "@/components/ui/tabs";
import { toast } from "@/components/ui/toast";
import type { getParty } from "@/server/domain/parties";
import { updatePartyInput } from "@/server/domain/parties/schemas";
import { BankCard } from "./bank-card";
import { CycleFields } from "./cycle-fields";
import { PartyFields } from "./party-fields";
import { PartyUsers } from "./party-users";

export type Party = Awaited<ReturnType<typeof getParty>>;

const TABS = ["profile", "cycle", "bank", "users"] as const;

export function PartyPage({ id }: { id: string }) {
  const t = useTranslations("parties");
  const kindNames = useTranslations("common.partyKinds");
  const can = useCan();
  const trpc = useTRPC();
  const [tab, setTab] = useQueryState("tab", parseAsStringLiteral(TABS).withDefault("profile"));
  const query = useQuery(trpc.parties.get.queryOptions({ id }));
  const party = query.data;
  const breadcrumbs = [{ label: t("title"), href: "/parties" }];
  if (!party) {
    return (
      <PageFrame title={t("title")} breadcrumbs={breadcrumbs}>
        <ErrorAlert error={query.error} onRetry={query.refetch} />
        {query.isPending ? <Skeleton className="h-64" /> : null}
      </PageFrame>
    );
  }
  // A new version of the record fills its forms anew.
  const version = party.updatedAt.toISOString();
  return (
    <PageFrame
      title={party.name}
      breadcrumbs={breadcrumbs}
      badge={
        <>
          <Badge>{kindNames(party.kind)}</Badge>
          <Badge tone={party.status === "active" ? "success" : "neutral"}>
            {t(`status.${party.status}`)}
          </Badge>
        </>
      }
      description={<span className="figure">{party.number}</span>}
      actions={
        <>
          {can("statement:read") ? (
            <LinkButton
              variant="outline"
              icon={<ReceiptText aria-hidden />}
              href={`/statements?f.partyId=${party.id}`}
            >
              {t("links.statements")}
            </LinkButton>
          ) : null}
          {can("redemption:read") && party.kind === "merchant" ? (
            <LinkButton
              variant="outline"
              icon={<ArrowLeftRight aria-hidden />}
              href={`/redemptions?f.merchantId=${party.id}`}
            >
              {t("links.redemptions")}
            </LinkButton>
          ) : null}
          {can("campaign:read") && party.kind === "brand" ? (
            <LinkButton
              variant="outline"
              icon={<Megaphone aria-hidden />}
              href={`/campaigns?f.brandId=${party.id}`}
            >
              {t("links.campaigns")}
            </LinkButton>
          ) : null}
          {can("party:write") && party.kind !== "platform" ? <StatusButton party={party} /> : null}
        </>
      }
    >
      <PartyMonths partyId={party.id} />
      <Tabs
        label={t("tabs.label")}
        value={tab}
        onValueChange={(next) => void setTab(next)}
        tabs={[
          {
            value: "profile",
            label: t("tabs.profile"),
            content: <PartyForm key={version} party={party} part="profile" />,
          },
          {
            value: "cycle",
            label: t("tabs.cycle"),
            content: <PartyForm key={version} party={party} part="cycle" />,
          },
          { value: "bank", label: t("tabs.bank"), content: <BankCard party={party} /> },
          { value: "users", label: t("tabs.users"), content: <PartyUsers party={party} /> },
        ]}
      />
    </PageFrame>
  );
}

function PartyForm({ party, part }: { party: Party; part: "profile" | "cycle" }) {
  const t = useTranslations("parties");
  const can = useCan();
  const trpc = useTRPC();
  const queries = useQueryClient();
  const update = useMutation(trpc.parties.update.mutationOptions());
  const form = useZodForm(updatePartyInput, {
    defaultValues: {
      id: party.id,
      version: party.updatedAt,
      name: party.name,
      externalId: party.externalId ?? "",
      contact: party.contact ?? "",
      locale: party.locale,
      cycle: party.cycle,
      channelFeeRate: party.channelFeeRate,
      channelRefundsFee: party.channelRefundsFee,
    },
  });
  const cycle = useWatch({ control: form.control, name: "cycle" });
  const mayWrite = can("party:write");
  return (
    <Card
      title={t(`${part}.title`)}
      description={part === "cycle" ? t("cycle.description") : undefined}
      className="max-w-2xl"
    >
      <Form
        form={form}
        onSubmit={async (input) => {
          await update.mutateAsync(input);
          await queries.invalidateQueries({ queryKey: trpc.parties.pathKey() });
          toast.success(t("profile.saved"));
        }}
        footer={
          mayWrite ? (
            <Button type="submit" loading={form.formState.isSubmitting}>
              {t(`${part}.save`)}
            </Button>
          ) : null
        }
      >
        {part === "profile" ? (
          <>
            <DescriptionList
              items={[
                { label: t("fields.number"), value: <span className="figure">{party.number}</span> },
                { label: t("fields.created"), value: <Instant at={party.createdAt} /> },
              ]}
            />
            <PartyFields kind={party.kind} disabled={!mayWrite} />
          </>
        ) : (
          <CycleFields
            value={cycle}
            disabled={!mayWrite}
            onValueChange={(next) => form.setValue("cycle", next, { shouldDirty: true })}
          />
        )}
      </Form>
    </Card>
  );
}

function StatusButton({ party }: { party: Party }) {
  const t = useTranslations("parties");
  const trpc = useTRPC();
  const queries = useQueryClient();
  const [busy, setBusy] = useState(false);
  const setStatus = useMutation(trpc.parties.setStatus.mutationOptions());
  const change = async (status: "active" | "suspended") => {
    setBusy(true);
    try {
      await setStatus.mutateAsync({ id: party.id, status });
      await queries.invalidateQueries({ queryKey: trpc.parties.pathKey() });
      toast.success(t(status === "active" ? "activate.done" : "suspend.done"));
    } finally {
      setBusy(false);
    }
  };
  if (party.status === "suspended") {
    return (
      <Button
        variant="outline"
        icon={<UserCheck aria-hidden />}
        loading={busy}
        onClick={() => void change("active")}
      >
        {t("activate.action")}
      </Button>
    );
  }
  return (
    <ConfirmDialog
      trigger={
        <Button variant="outline" icon={<Ban aria-hidden />}>
          {t("suspend.action")}
        </Button>
      }
      title={t("suspend.title", { name: party.name })}
      description={t("suspend.description")}
      confirmLabel={t("suspend.confirm")}
      danger
      onConfirm={() => change("suspended")}
    />
  );
}
