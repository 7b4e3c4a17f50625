"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Building2 } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useCan } from "@/components/layout/viewer";
import { useCycleText } from "@/components/parties/use-cycle-text";
import { useTRPC } from "@/components/trpc";
import { Alert } from "@/components/ui/alert";
import { LinkButton } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { DescriptionList } from "@/components/ui/description-list";
import { PageFrame } from "@/components/ui/page-frame";
import { toast } from "@/components/ui/toast";
import { NoRecord } from "@/components/vouchers/no-record";
import type { Channel } from "@/server/domain/payments";
import { ChannelForm } from "./channel-form";
import { useChannelTexts } from "./channel-texts";
import { ChannelState } from "./channels-page";

export function NewChannelPage() {
  const t = useTranslations("channels");
  const router = useRouter();
  const trpc = useTRPC();
  const queries = useQueryClient();
  const create = useMutation(trpc.channels.create.mutationOptions());
  return (
    <PageFrame
      title={t("form.newTitle")}
      breadcrumbs={[{ label: t("title"), href: "/channels" }]}
      width="narrow"
    >
      <ChannelForm
        channel={null}
        onSubmit={async (input) => {
          const { id, number } = await create.mutateAsync(input);
          await queries.invalidateQueries(trpc.channels.pathFilter());
          toast.success(t("form.created", { number }));
          router.push(`/channels/${id}`);
        }}
      />
    </PageFrame>
  );
}

export function ChannelPage({ id }: { id: string }) {
  const t = useTranslations("channels");
  const can = useCan();
  const trpc = useTRPC();
  const queries = useQueryClient();
  const update = useMutation(trpc.channels.update.mutationOptions());
  const { data: channel, error, refetch } = useQuery(trpc.channels.get.queryOptions({ id }));
  if (!channel) return <NoRecord noun="channels" error={error} onRetry={() => void refetch()} />;
  const editable = can("channel:write") && channel.provider !== "wallet";
  return (
    <PageFrame
      title={channel.name}
      badge={<ChannelState channel={channel} />}
      description={<span className="figure">{channel.number}</span>}
      breadcrumbs={[{ label: t("title"), href: "/channels" }]}
      width="narrow"
      actions={
        can("party:read") ? (
          <LinkButton variant="outline" icon={<Building2 aria-hidden />} href={`/parties/${id}`}>
            {channel.number}
          </LinkButton>
        ) : null
      }
    >
      {channel.serviceMissing ? (
        <Alert tone="warning" live={false} title={t("serviceMissing")}>
          {t("serviceMissingText")}
        </Alert>
      ) : null}
      {editable ? (
        <ChannelForm
          // A new version of the record fills its form anew.
          key={channel.updatedAt.toISOString()}
          channel={channel}
          onSubmit={async (input) => {
            await update.mutateAsync({ ...input, id, version: channel.updatedAt });
            await queries.invalidateQueries(trpc.channels.pathFilter());
            toast.success(t("form.saved"));
          }}
        />
      ) : (
        <Terms channel={channel} />
      )}
    </PageFrame>
  );
}

function Terms({ channel }: { channel: Channel }) {
  const t = useTranslations("channels");
  const texts = useChannelTexts();
  const cycle = useCycleText();
  return (
    <Card description={channel.provider === "wallet" ? t("walletText") : undefined} title={channel.name}>
      <DescriptionList
        items={[
          { label: t("columns.fee"), value: texts.fee(channel) },
          { label: t("columns.bounds"), value: texts.bounds(channel) },
          { label: t("columns.cycle"), value: cycle(channel.cycle) },
          channel.provider !== "wallet" && {
            label: t("columns.bearer"),
            value: t(`bearers.${channel.feeBearer ?? "rule"}`),
          },
          { label: t("columns.refundsFee"), value: t(channel.refundsFee ? "yes" : "no") },
          channel.account && {
            label: t("form.endpoint"),
            value: <span className="figure break-all">{channel.account.endpoint}</span>,
          },
          channel.account && { label: t("form.merchantNo"), value: channel.account.merchantNo },
        ]}
      />
    </Card>
  );
}
