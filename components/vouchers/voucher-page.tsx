"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Ban, Eye } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { type ReactNode, useState } from "react";
import { useFormat } from "@/components/format/use-format";
import { useCan, useViewer } from "@/components/layout/viewer";
import { RedemptionStateBadge } from "@/components/redemptions/state";
import { ExplainedAmount } from "@/components/trace/explain";
import { useTRPC } from "@/components/trpc";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { DescriptionList } from "@/components/ui/description-list";
import { ErrorAlert } from "@/components/ui/error-alert";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Instant } from "@/components/ui/instant";
import { Money } from "@/components/ui/money";
import { PageFrame } from "@/components/ui/page-frame";
import { toast } from "@/components/ui/toast";
import { isPlatformRole } from "@/server/core/permissions";
import type { VoucherDetail } from "@/server/domain/vouchers/types";
import { CodeAndLink } from "./code-and-link";
import { lastMoment } from "./last-moment";
import { NoRecord } from "./no-record";
import { VoucherStatusBadge } from "./status";
import { useTermsText } from "./terms-text";

/** One voucher: what it gives, what became of it, and for staff its code. */
export function VoucherPage({ id }: { id: string }) {
  const t = useTranslations("vouchers");
  const can = useCan();
  const trpc = useTRPC();
  const { data: voucher, error, refetch } = useQuery(trpc.vouchers.get.queryOptions({ id }));
  if (!voucher) return <NoRecord noun="vouchers" error={error} onRetry={() => void refetch()} />;
  const alive = voucher.status !== "redeemed" && voucher.status !== "void";
  return (
    <PageFrame
      title={voucher.reference}
      badge={<VoucherStatusBadge status={voucher.status} />}
      breadcrumbs={[
        { label: t("title"), href: "/vouchers" },
        { label: voucher.campaignName, href: `/campaigns/${voucher.campaignId}` },
      ]}
      actions={alive && can("voucher:void") ? <VoidOne voucher={voucher} /> : null}
    >
      <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,2fr)_minmax(18rem,1fr)]">
        <div className="min-w-0 space-y-4">
          <Facts voucher={voucher} />
          <Redemptions voucher={voucher} />
        </div>
        <div className="min-w-0 space-y-4">
          {can("voucher:reveal") ? <Code voucher={voucher} /> : null}
          <Timeline voucher={voucher} />
        </div>
      </div>
    </PageFrame>
  );
}

function Facts({ voucher }: { voucher: VoucherDetail }) {
  const t = useTranslations("vouchers");
  const termsText = useTermsText();
  const format = useFormat();
  const { role } = useViewer();
  return (
    <Card title={t("detail.facts")}>
      <DescriptionList
        columns={3}
        items={[
          {
            label: t("detail.gives"),
            value: <span className="font-semibold">{termsText(voucher.terms, voucher.currency)}</span>,
            wide: true,
          },
          {
            label: t("columns.campaign"),
            value: (
              <Link
                href={`/campaigns/${voucher.campaignId}`}
                className="text-primary underline underline-offset-2"
              >
                {voucher.campaignName}
              </Link>
            ),
          },
          {
            label: t("columns.type"),
            value: `${t(`types.${voucher.type}`)} · ${t(`verification.${voucher.verification}`)}`,
          },
          { label: t("detail.validity"), value: <Validity from={voucher.validFrom} to={voucher.validTo} /> },
          voucher.balance === null
            ? { label: t("columns.usesLeft"), value: <span className="figure">{voucher.usesLeft}</span> }
            : {
                label: t("columns.balance"),
                value: t("detail.balanceOf", {
                  balance: format.money(voucher.balance, voucher.currency),
                  initial: format.money(voucher.initialBalance ?? 0n, voucher.currency),
                }),
              },
          isPlatformRole(role)
            ? {
                label: t("detail.holder"),
                value: voucher.customerId ? (
                  <Link
                    href={`/vouchers?f.customerId=${encodeURIComponent(voucher.customerId)}`}
                    className="text-primary underline underline-offset-2"
                  >
                    {voucher.customerId}
                  </Link>
                ) : (
                  t("detail.anyone")
                ),
              }
            : null,
          voucher.sourceId ? { label: t("columns.source"), value: voucher.sourceId } : null,
          voucher.jobId && isPlatformRole(role)
            ? {
                label: t("filters.batch"),
                value: (
                  <Link
                    href={`/vouchers?f.jobId=${voucher.jobId}`}
                    className="text-primary underline underline-offset-2"
                  >
                    {t("detail.batch")}
                  </Link>
                ),
              }
            : null,
        ]}
      />
    </Card>
  );
}

function Validity({ from, to }: { from: Date | null; to: Date | null }) {
  const t = useTranslations("vouchers.detail");
  const format = useFormat();
  const at = (date: Date) => format.instant(date);
  if (from && to) return <>{t("fromTo", { from: at(from), to: at(lastMoment(to, format.timeZone)) })}</>;
  if (from) return <>{t("from", { from: at(from) })}</>;
  return <>{to ? t("to", { to: at(lastMoment(to, format.timeZone)) }) : t("forever")}</>;
}

function Code({ voucher }: { voucher: VoucherDetail }) {
  const t = useTranslations("vouchers.detail");
  const trpc = useTRPC();
  const reveal = useMutation(trpc.vouchers.reveal.mutationOptions({ gcTime: 0 }));
  if (!reveal.data) {
    return (
      <Card title={t("code")}>
        <div className="space-y-3">
          <p className="text-sm text-muted-foreground">{t("codeHidden")}</p>
          <ErrorAlert error={reveal.error} />
          <Button
            variant="outline"
            icon={<Eye aria-hidden />}
            loading={reveal.isPending}
            onClick={() => reveal.mutate({ voucherId: voucher.id })}
          >
            {t("reveal")}
          </Button>
        </div>
      </Card>
    );
  }
  return (
    <Card title={t("code")}>
      <CodeAndLink
        code={reveal.data.code}
        walletPath={reveal.data.walletPath}
        dynamic={voucher.verification === "dynamic"}
      />
    </Card>
  );
}

function Timeline({ voucher }: { voucher: VoucherDetail }) {
  const t = useTranslations("vouchers.detail");
  const format = useFormat();
  const steps: { key: string; at: Date | null; text: ReactNode; done: boolean }[] = [
    { key: "issued", at: voucher.issuedAt, text: t("issued"), done: true },
  ];
  const now = new Date();
  if (voucher.validFrom && voucher.validFrom > voucher.issuedAt)
    steps.push({
      key: "start",
      at: voucher.validFrom,
      text: t("validStart"),
      done: voucher.validFrom <= now,
    });
  for (const row of [...voucher.redemptions].reverse()) {
    steps.push({
      key: row.id,
      at: row.tradedAt,
      done: true,
      text: (
        <Link href={`/redemptions/${row.id}`} className="text-primary underline underline-offset-2">
          {t("redeemed")}
          {row.merchantName ? ` · ${row.merchantName}` : ""}
        </Link>
      ),
    });
    if (row.state !== "standing")
      steps.push({
        key: `${row.id} reversed`,
        at: null,
        done: true,
        text: t("reversed", { amount: format.money(row.reversedAmount, row.currency) }),
      });
  }
  if (voucher.lockedUntil)
    steps.push({
      key: "locked",
      at: null,
      done: true,
      text: t("locked", { until: format.instant(voucher.lockedUntil, "second") }),
    });
  if (voucher.status === "void") steps.push({ key: "void", at: null, text: t("voided"), done: true });
  else if (voucher.validTo && voucher.status !== "redeemed")
    steps.push({
      key: "expires",
      at: lastMoment(voucher.validTo, format.timeZone),
      text: t("expiresAt"),
      done: voucher.status === "expired",
    });
  return (
    <Card title={t("timeline")}>
      <ol className="relative space-y-4 before:absolute before:inset-y-2 before:start-[5px] before:w-px before:bg-border">
        {steps.map((step) => (
          <li key={step.key} className="relative flex gap-3">
            <span
              aria-hidden
              className={`relative mt-1.5 size-[11px] shrink-0 rounded-full border-2 ${step.done ? "border-primary bg-primary" : "border-input bg-card"}`}
            />
            <div className="min-w-0">
              <p className="text-sm">{step.text}</p>
              {step.at ? (
                <Instant at={step.at} style="second" className="text-xs text-muted-foreground" />
              ) : null}
            </div>
          </li>
        ))}
      </ol>
    </Card>
  );
}

function Redemptions({ voucher }: { voucher: VoucherDetail }) {
  const t = useTranslations("vouchers.detail");
  const columns = useTranslations("redemptions.columns");
  return (
    <Card flush title={t("redemptions")}>
      {voucher.redemptions.length === 0 ? (
        <p className="px-4 pb-4 text-sm text-muted-foreground">{t("noRedemptions")}</p>
      ) : (
        <ul className="divide-y divide-border border-t border-border">
          {voucher.redemptions.map((row) => (
            <li
              key={row.id}
              className="relative flex flex-wrap items-center justify-between gap-x-4 gap-y-1 px-4 py-3 hover:bg-accent/60"
            >
              <div className="min-w-0">
                <Link
                  href={`/redemptions/${row.id}`}
                  className="figure font-medium after:absolute after:inset-0"
                >
                  {row.reference}
                </Link>{" "}
                <RedemptionStateBadge state={row.state} />
                <p className="text-xs text-muted-foreground">
                  <Instant at={row.tradedAt} style="second" />
                  {row.merchantName ? ` · ${row.merchantName}` : ""}
                </p>
              </div>
              <dl className="flex gap-5 text-end">
                <Figure label={columns("gross")} amount={row.gross} currency={row.currency} />
                {row.storedValue > 0n ? (
                  <div>
                    <dt className="text-xs text-muted-foreground">{columns("storedValue")}</dt>
                    <dd className="relative z-10">
                      <ExplainedAmount
                        tradeId={row.id}
                        leg="stored_value.redeemed"
                        amount={-row.storedValue}
                        currency={row.currency}
                      />
                    </dd>
                  </div>
                ) : (
                  <Figure label={columns("discount")} amount={-row.discount} currency={row.currency} />
                )}
                <Figure label={columns("paid")} amount={row.paid} currency={row.currency} />
              </dl>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

function Figure({ label, amount, currency }: { label: string; amount: bigint; currency: string }) {
  return (
    <div>
      <dt className="text-xs text-muted-foreground">{label}</dt>
      <dd>
        <Money amount={amount} currency={currency} />
      </dd>
    </div>
  );
}

function VoidOne({ voucher }: { voucher: VoucherDetail }) {
  const t = useTranslations("vouchers.detail");
  const bulk = useTranslations("vouchers.bulk");
  const format = useFormat();
  const trpc = useTRPC();
  const client = useQueryClient();
  const [reason, setReason] = useState("");
  const voidSome = useMutation(trpc.vouchers.void.mutationOptions());
  return (
    <ConfirmDialog
      danger
      trigger={
        <Button variant="outline" icon={<Ban aria-hidden />}>
          {t("void")}
        </Button>
      }
      title={t("voidTitle", { reference: voucher.reference })}
      description={t("voidText", {
        balance: voucher.balance ? format.money(voucher.balance, voucher.currency) : "none",
      })}
      confirmLabel={t("void")}
      disabled={reason.trim() === ""}
      onConfirm={async () => {
        const { results } = await voidSome.mutateAsync({ voucherIds: [voucher.id], reason });
        const error = results[0]?.error;
        if (error) throw error;
        await client.invalidateQueries(trpc.vouchers.pathFilter());
        toast.success(t("voidDone"));
      }}
    >
      <Field label={bulk("reason")} required>
        <Input value={reason} maxLength={500} onChange={(event) => setReason(event.target.value)} />
      </Field>
    </ConfirmDialog>
  );
}
