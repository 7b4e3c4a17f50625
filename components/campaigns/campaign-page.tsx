"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Ban, CirclePause, CirclePlay, CircleStop, Ellipsis, Pencil } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { formatCount } from "@/components/format/format";
import { useFormat } from "@/components/format/use-format";
import { useCan, useViewer } from "@/components/layout/viewer";
import { useTRPC } from "@/components/trpc";
import { Button, IconButton, LinkButton } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { DescriptionList } from "@/components/ui/description-list";
import { Menu, MenuItem } from "@/components/ui/menu";
import { Money } from "@/components/ui/money";
import { PageFrame } from "@/components/ui/page-frame";
import { StatTile } from "@/components/ui/stat-tile";
import { toast } from "@/components/ui/toast";
import { lastMoment } from "@/components/vouchers/last-moment";
import { NoRecord } from "@/components/vouchers/no-record";
import { useTermsText } from "@/components/vouchers/terms-text";
import { isPlatformRole } from "@/server/core/permissions";
import type { CampaignDetail } from "@/server/domain/vouchers/types";
import { CampaignJobs } from "./campaign-jobs";
import { FundingBar, useFunderName } from "./funding-bar";
import { BulkIssueDialog, IssueDialog } from "./issue-dialogs";
import { CampaignStatusBadge } from "./status";
import { VoidManyDialog } from "./void-many-dialog";

export function CampaignPage({ id }: { id: string }) {
  const t = useTranslations("campaigns");
  const trpc = useTRPC();
  const can = useCan();
  const { party } = useViewer();
  const { data: campaign, error, refetch } = useQuery(trpc.campaigns.get.queryOptions({ id }));
  if (!campaign) return <NoRecord noun="campaigns" error={error} onRetry={() => void refetch()} />;
  return (
    <PageFrame
      title={campaign.name}
      badge={<CampaignStatusBadge status={campaign.status} />}
      description={<span className="figure">{campaign.number}</span>}
      breadcrumbs={[{ label: t("title"), href: "/campaigns" }]}
      actions={<Actions campaign={campaign} />}
    >
      <Results campaign={campaign} />
      <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <Facts campaign={campaign} />
        <div className="min-w-0 space-y-4">
          {party.kind === "merchant" ? null : <Cost campaign={campaign} />}
          {can("job:read") ? <CampaignJobs campaignId={campaign.id} /> : null}
        </div>
      </div>
    </PageFrame>
  );
}

type Change = "activate" | "pause" | "end";

function Actions({ campaign }: { campaign: CampaignDetail }) {
  const t = useTranslations("campaigns");
  const common = useTranslations("common.actions");
  const can = useCan();
  const [asked, setAsked] = useState<Change | "void" | null>(null);
  const { status } = campaign;
  const active = status === "active";
  return (
    <>
      {can("voucher:issue") && active ? (
        <>
          <BulkIssueDialog campaign={campaign} />
          <IssueDialog campaign={campaign} />
        </>
      ) : null}
      {can("campaign:write") && (status === "draft" || status === "paused") ? (
        <Button icon={<CirclePlay aria-hidden />} onClick={() => setAsked("activate")}>
          {t("actions.activate")}
        </Button>
      ) : null}
      {can("campaign:write") ? (
        <LinkButton href={`/campaigns/${campaign.id}/edit`} variant="outline" icon={<Pencil aria-hidden />}>
          {common("edit")}
        </LinkButton>
      ) : null}
      {can("campaign:write") || can("voucher:void") ? (
        <Menu
          trigger={
            <IconButton label={t("detail.more")} variant="outline">
              <Ellipsis aria-hidden />
            </IconButton>
          }
        >
          {can("campaign:write") && active ? (
            <MenuItem icon={<CirclePause aria-hidden />} onSelect={() => setAsked("pause")}>
              {t("actions.pause")}
            </MenuItem>
          ) : null}
          {can("campaign:write") && status !== "ended" ? (
            <MenuItem icon={<CircleStop aria-hidden />} danger onSelect={() => setAsked("end")}>
              {t("actions.end")}
            </MenuItem>
          ) : null}
          {can("voucher:void") ? (
            <MenuItem
              icon={<Ban aria-hidden />}
              danger
              disabled={campaign.issued === 0}
              onSelect={() => setAsked("void")}
            >
              {t("voidMany.action")}
            </MenuItem>
          ) : null}
        </Menu>
      ) : null}
      {asked && asked !== "void" ? (
        <ChangeStatus campaign={campaign} change={asked} onClose={() => setAsked(null)} />
      ) : null}
      {asked === "void" ? <VoidManyDialog campaign={campaign} onClose={() => setAsked(null)} /> : null}
    </>
  );
}

function ChangeStatus({
  campaign,
  change,
  onClose,
}: {
  campaign: CampaignDetail;
  change: Change;
  onClose: () => void;
}) {
  const t = useTranslations("campaigns.actions");
  const trpc = useTRPC();
  const client = useQueryClient();
  const activate = useMutation(trpc.campaigns.activate.mutationOptions());
  const pause = useMutation(trpc.campaigns.pause.mutationOptions());
  const end = useMutation(trpc.campaigns.end.mutationOptions());
  const verb = { activate, pause, end }[change];
  const done = { activate: "active", pause: "paused", end: "ended" } as const;
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      danger={change === "end"}
      title={t(`${change}Title`, { name: campaign.name })}
      description={t(`${change}Text`, { issued: formatCount(campaign.issued) })}
      confirmLabel={t(change)}
      onConfirm={async () => {
        await verb.mutateAsync({ id: campaign.id });
        await client.invalidateQueries(trpc.campaigns.pathFilter());
        toast.success(t(`done.${done[change]}`));
      }}
    />
  );
}

function Results({ campaign }: { campaign: CampaignDetail }) {
  const t = useTranslations("campaigns.detail");
  const { results, currency } = campaign;
  const money = (amount: bigint) => <Money amount={amount} currency={currency} />;
  const share =
    results.issued > 0
      ? `${((results.redeemed / results.issued) * 100).toFixed(results.redeemed > results.issued / 10 ? 0 : 1)}%`
      : null;
  return (
    <section aria-label={t("results")} className="grid grid-cols-2 gap-3 lg:grid-cols-5">
      <StatTile
        label={t("issued")}
        value={formatCount(results.issued)}
        detail={campaign.quota === null ? undefined : `/ ${formatCount(campaign.quota)}`}
        href={`/vouchers?f.campaignId=${campaign.id}`}
      />
      <StatTile
        label={t("redeemed")}
        value={formatCount(results.redeemed)}
        detail={
          share && campaign.type !== "gift_card" && campaign.usesPerVoucher === 1
            ? t("ofIssued", { share })
            : undefined
        }
        href={`/redemptions?f.campaignId=${campaign.id}`}
      />
      <StatTile label={t("gross")} value={money(results.gross)} />
      {campaign.type === "gift_card" ? (
        <StatTile label={t("storedValue")} value={money(results.storedValue)} />
      ) : (
        <StatTile label={t("discount")} value={money(results.discount)} />
      )}
      <StatTile label={t("paid")} value={money(results.paid)} className="max-lg:col-span-2" />
    </section>
  );
}

function Facts({ campaign }: { campaign: CampaignDetail }) {
  const t = useTranslations("campaigns");
  const vouchers = useTranslations("vouchers");
  const termsText = useTermsText();
  const { role, party } = useViewer();
  const staff = isPlatformRole(role);
  return (
    <Card
      title={t("detail.facts")}
      actions={
        <span className="flex gap-4 text-sm">
          <Link
            href={`/vouchers?f.campaignId=${campaign.id}`}
            className="text-primary underline-offset-2 hover:underline"
          >
            {t("detail.vouchers")}
          </Link>
          <Link
            href={`/redemptions?f.campaignId=${campaign.id}`}
            className="text-primary underline-offset-2 hover:underline"
          >
            {t("detail.redemptions")}
          </Link>
        </span>
      }
    >
      <DescriptionList
        columns={3}
        items={[
          {
            label: t("columns.gives"),
            wide: true,
            value: (
              <span className="text-base font-semibold">{termsText(campaign.terms, campaign.currency)}</span>
            ),
          },
          {
            label: t("columns.type"),
            value: `${vouchers(`types.${campaign.type}`)} · ${vouchers(`verification.${campaign.verification}`)}`,
          },
          { label: t("columns.brand"), value: campaign.brandName },
          { label: t("detail.validity"), value: <Validity campaign={campaign} /> },
          {
            label: t("detail.issueWindow"),
            value: <Window from={campaign.issueFrom} to={campaign.issueTo} />,
          },
          {
            label: t("detail.quota"),
            value: (
              <span className="figure">
                {campaign.quota === null ? t("unlimited") : formatCount(campaign.quota)}
              </span>
            ),
          },
          {
            label: t("detail.perCustomer"),
            value:
              campaign.perCustomerLimit === null
                ? t("unlimited")
                : t("detail.perCustomerCount", { count: campaign.perCustomerLimit }),
          },
          staff
            ? {
                label: t("detail.audience"),
                value:
                  campaign.audience.length === 0
                    ? t("detail.anyone")
                    : t("detail.audienceCount", { count: campaign.audience.length }),
              }
            : null,
          campaign.type === "gift_card"
            ? null
            : { label: t("detail.uses"), value: t("detail.usesCount", { count: campaign.usesPerVoucher }) },
          { label: t("detail.collectedBy"), value: t(`detail.collected.${campaign.collectedBy}`) },
          campaign.channelName ? { label: t("detail.channel"), value: campaign.channelName } : null,
          campaign.stackingGroup ? { label: t("detail.stacking"), value: campaign.stackingGroup } : null,
          {
            label: t("detail.products"),
            value:
              campaign.productCodes.length === 0 ? t("detail.anyProduct") : campaign.productCodes.join(", "),
          },
          {
            label: t("detail.where"),
            wide: true,
            value: party.kind === "merchant" ? t("detail.ownShop") : <Where campaign={campaign} />,
          },
          { label: t("detail.funding"), wide: true, value: <Funding campaign={campaign} /> },
        ]}
      />
    </Card>
  );
}

function Funding({ campaign }: { campaign: CampaignDetail }) {
  const t = useTranslations("campaigns.funders");
  const funderName = useFunderName(campaign.funding.map((f) => f.party));
  if (campaign.funding.length === 0) return <>{t("byRule")}</>;
  return (
    <div className="max-w-xl pt-1">
      <FundingBar
        legend
        shares={campaign.funding.map(({ party, share }) => ({
          key: party,
          label: party === "brand" && campaign.brandName ? campaign.brandName : funderName(party),
          share,
        }))}
      />
    </div>
  );
}

/** As many names as one reads; the rest is counted. */
const NAMES = 12;

function Where({ campaign }: { campaign: CampaignDetail }) {
  const t = useTranslations("campaigns.detail");
  const { locale } = useFormat();
  const total = campaign.merchantIds.length;
  if (total === 0) return <>{t("everywhere")}</>;
  const names = campaign.merchants.slice(0, NAMES).map((merchant) => merchant.name);
  const list = names.join(locale === "zh-CN" ? "、" : ", ");
  return (
    <>
      {list}
      {total > names.length ? ` ${t("andMore", { count: formatCount(total) })}` : null}
    </>
  );
}

function Window({ from, to }: { from: Date | null; to: Date | null }) {
  const t = useTranslations("campaigns.detail");
  const format = useFormat();
  if (from && to)
    return (
      <>{t("fromTo", { from: format.instant(from), to: format.instant(lastMoment(to, format.timeZone)) })}</>
    );
  if (from) return <>{t("from", { from: format.instant(from) })}</>;
  return <>{to ? t("to", { to: format.instant(lastMoment(to, format.timeZone)) }) : t("always")}</>;
}

function Validity({ campaign }: { campaign: CampaignDetail }) {
  const t = useTranslations("campaigns.detail");
  const bounded = campaign.validFrom !== null || campaign.validTo !== null;
  if (campaign.validDays === null) return <Window from={campaign.validFrom} to={campaign.validTo} />;
  return (
    <>
      {t("validDays", { days: campaign.validDays })}
      {bounded ? (
        <span className="block text-sm text-muted-foreground">
          <Window from={campaign.validFrom} to={campaign.validTo} />
        </span>
      ) : null}
    </>
  );
}

function Cost({ campaign }: { campaign: CampaignDetail }) {
  const t = useTranslations("campaigns.detail");
  const funders = useTranslations("campaigns.funders");
  const { costByFunder } = campaign.results;
  let total = 0n;
  for (const { amount } of costByFunder) total += amount;
  return (
    <Card title={t("cost")} description={t("costText")}>
      {costByFunder.length === 0 || total <= 0n ? (
        <p className="text-sm text-muted-foreground">{t("noCost")}</p>
      ) : (
        <ul className="space-y-3">
          {costByFunder.map(({ partyId, name, amount }) => (
            <li key={partyId ?? name}>
              <div className="flex items-baseline justify-between gap-4 text-sm">
                <span className="min-w-0 truncate">{name || funders("merchant")}</span>
                <Money amount={amount} currency={campaign.currency} className="font-medium" />
              </div>
              <div aria-hidden className="mt-1 h-1.5 overflow-hidden rounded-full bg-secondary">
                <div
                  className="h-full rounded-full bg-chart-1"
                  style={{ width: `${Number((amount * 1_000n) / total) / 10}%` }}
                />
              </div>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
