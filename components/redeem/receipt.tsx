"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { ArrowRight, CircleCheck, Undo2 } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useEffect, useRef, useState } from "react";
import { useFormat } from "@/components/format/use-format";
import { useCan } from "@/components/layout/viewer";
import { ExplainedAmount } from "@/components/trace/explain";
import { useTRPC } from "@/components/trpc";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { DescriptionList } from "@/components/ui/description-list";
import { Instant } from "@/components/ui/instant";
import { Money } from "@/components/ui/money";
import type { RedemptionReceipt, ReversalReceipt } from "@/server/domain/vouchers/types";
import { useSecondsUntil } from "./use-seconds-until";

/** What was done, what the merchant gets for it and when, and for a while the way back. */
export function Receipt({ receipt, onNext }: { receipt: RedemptionReceipt; onNext: () => void }) {
  const t = useTranslations("redeem.receipt");
  const offer = useTranslations("redeem.offer");
  const heading = useRef<HTMLHeadingElement>(null);
  const [undone, setUndone] = useState<ReversalReceipt | null>(null);
  const refresh = useRefreshRecent();
  useEffect(() => {
    heading.current?.focus();
    navigator.vibrate?.([40, 60, 40]);
    void refresh();
  }, [refresh]);
  const money = (amount: bigint) => <Money amount={amount} currency={receipt.currency} />;
  return (
    <article className="space-y-4">
      <div
        className={`rounded-xl border-2 p-5 ${undone ? "border-border bg-muted" : "border-success/50 bg-success-soft"}`}
      >
        <h2
          ref={heading}
          tabIndex={-1}
          className={`flex items-center gap-2 text-2xl font-semibold outline-none ${undone ? "" : "text-success"}`}
        >
          {undone ? <Undo2 aria-hidden className="size-7" /> : <CircleCheck aria-hidden className="size-7" />}
          {undone ? t("undone") : t("title")}
        </h2>
        {undone ? (
          <p className="mt-2">{t("undoneBody", { status: undone.voucherStatus ?? "other" })}</p>
        ) : (
          <dl className="mt-3 space-y-1">
            <div className="flex items-baseline justify-between gap-4">
              <dt>{offer("payable")}</dt>
              <dd className="text-3xl leading-tight font-semibold">{money(receipt.payable)}</dd>
            </div>
            <div className="flex items-baseline justify-between gap-4">
              <dt>{receipt.storedValue > 0n ? offer("storedValue") : offer("discount")}</dt>
              <dd className="text-lg font-semibold">
                {money(-(receipt.storedValue > 0n ? receipt.storedValue : receipt.discount))}
              </dd>
            </div>
            {receipt.balance !== null ? (
              <div className="flex items-baseline justify-between gap-4">
                <dt>{offer("balanceAfter")}</dt>
                <dd>{money(receipt.balance)}</dd>
              </div>
            ) : null}
          </dl>
        )}
      </div>
      <Button size="xl" className="w-full" onClick={onNext}>
        {t("next")}
        <ArrowRight aria-hidden />
      </Button>
      <div className="rounded-xl border border-border bg-card p-4 sm:p-5">
        <DescriptionList
          items={[
            {
              label: t("reference"),
              value: <span className="figure text-base font-semibold">{receipt.reference}</span>,
            },
            { label: t("time"), value: <Instant at={receipt.redeemedAt} style="second" /> },
            { label: t("campaign"), value: receipt.campaignName },
            { label: t("merchant"), value: receipt.merchantName },
            { label: t("orderAmount"), value: money(receipt.orderAmount) },
            receipt.orderRef ? { label: t("orderRef"), value: receipt.orderRef } : null,
            undone ? null : { label: dueLabel(t, receipt.merchantDue), value: <Due receipt={receipt} /> },
          ]}
        />
        <p className="mt-3 text-sm">
          <Link
            href={`/redemptions/${receipt.redemptionId}`}
            className="text-primary underline underline-offset-2"
          >
            {t("details")}
          </Link>
        </p>
      </div>
      {undone ? null : (
        <Undo
          redemption={{
            id: receipt.redemptionId,
            reference: receipt.reference,
            currency: receipt.currency,
            discount: receipt.discount + receipt.storedValue,
            paid: receipt.payable,
            undoUntil: receipt.undoUntil,
          }}
          onUndone={setUndone}
        />
      )}
    </article>
  );
}

function dueLabel(t: ReturnType<typeof useTranslations<"redeem.receipt">>, due: bigint): string {
  return due < 0n ? t("merchantOwes") : t("merchantDue");
}

/** The amount, and when it falls due: the day stands on the transfers of the trade. */
function Due({ receipt }: { receipt: RedemptionReceipt }) {
  const t = useTranslations("redeem.receipt");
  const format = useFormat();
  const trpc = useTRPC();
  const can = useCan();
  const { data } = useQuery({
    ...trpc.trades.explain.queryOptions({ id: receipt.redemptionId }),
    enabled: can("trade:read") && receipt.merchantDue !== 0n,
  });
  if (receipt.merchantDue === 0n) return <>{t("nothingDue")}</>;
  const dates = (data?.transfers ?? []).flatMap(({ debit, credit, debitDueAt, creditDueAt }) => [
    credit.kind === "payable" && credit.party.id === receipt.merchantId ? creditDueAt : null,
    debit.kind === "payable" && debit.party.id === receipt.merchantId ? debitDueAt : null,
  ]);
  const due = dates.find((date) => date !== null);
  const amount = receipt.merchantDue < 0n ? -receipt.merchantDue : receipt.merchantDue;
  return (
    <>
      <ExplainedAmount
        tradeId={receipt.redemptionId}
        amount={amount}
        currency={receipt.currency}
        className="text-base font-semibold"
      />
      {due ? (
        <span className="ms-2 text-sm text-muted-foreground">
          {t("dueAt", { time: format.instant(due) })}
        </span>
      ) : null}
    </>
  );
}

export interface Undoable {
  id: string;
  reference: string;
  currency: string;
  discount: bigint;
  paid: bigint;
  undoUntil: Date;
}

/** The way back, for as long as the tenant gives; the seconds are counted down. */
export function Undo({
  redemption,
  onUndone,
  compact,
}: {
  redemption: Undoable;
  onUndone?: (reversal: ReversalReceipt) => void;
  /** In a list: no words about the time that is over. */
  compact?: boolean;
}) {
  const t = useTranslations("redeem.receipt");
  const recent = useTranslations("redeem.recent");
  const format = useFormat();
  const can = useCan();
  const trpc = useTRPC();
  const left = useSecondsUntil(redemption.undoUntil);
  const refresh = useRefreshRecent();
  const undo = useMutation(trpc.redemptions.undo.mutationOptions());
  if (!can("redemption:undo") || left === null) return null;
  if (left <= 0)
    return compact ? null : <p className="text-center text-sm text-muted-foreground">{t("undoOver")}</p>;
  const countdown = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
  const money = (amount: bigint) => format.money(amount, redemption.currency);
  return (
    <ConfirmDialog
      danger
      trigger={
        <Button
          variant="outline"
          size={compact ? "sm" : "lg"}
          icon={<Undo2 aria-hidden />}
          className={compact ? undefined : "w-full"}
        >
          {compact ? recent("undo") : t("undo")}
          <span className="figure text-muted-foreground" title={t("undoLeft", { time: countdown })}>
            {countdown}
          </span>
        </Button>
      }
      title={t("undoConfirm", { reference: redemption.reference })}
      description={t("undoText", { discount: money(redemption.discount), paid: money(redemption.paid) })}
      confirmLabel={t("undoAction")}
      onConfirm={async () => {
        const reversal = await undo.mutateAsync({ redemptionId: redemption.id });
        onUndone?.(reversal);
        await refresh();
      }}
    />
  );
}

/** Lists and pages of redemptions show what was just done. */
export function useRefreshRecent(): () => Promise<void> {
  const trpc = useTRPC();
  const client = useQueryClient();
  const [refresh] = useState(() => async () => {
    await Promise.all([
      client.invalidateQueries(trpc.redemptions.pathFilter()),
      client.invalidateQueries(trpc.trades.pathFilter()),
      client.invalidateQueries(trpc.vouchers.pathFilter()),
    ]);
  });
  return refresh;
}
