"use client";

import { useQuery } from "@tanstack/react-query";
import { ArrowRight, CircleAlert, CircleCheck } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useFormat } from "@/components/format/use-format";
import { useCan } from "@/components/layout/viewer";
import { useTRPC } from "@/components/trpc";
import { DescriptionList } from "@/components/ui/description-list";
import { ErrorAlert } from "@/components/ui/error-alert";
import { Instant } from "@/components/ui/instant";
import { Money } from "@/components/ui/money";
import { Skeleton } from "@/components/ui/skeleton";
import type { ExplainedPart } from "./explain";
import { FeeMovements } from "./fee-movements";
import { FeeSteps } from "./fee-steps";
import { FundingWords, How } from "./how";
import { useLegName } from "./leg-name";
import { fundingOf, isTrueUp, legOf, movementsOf, reasonLabel, sells, tradeHref, transfersOf } from "./legs";
import { useReason } from "./reason";
import { useRoleName } from "./roles";
import { RuleLine } from "./rule-line";
import type { Explanation, Transfer } from "./types";

/** How an amount came about, from the rule down to the band and the rounding: what a sheet beside the page says. */
export function AmountExplanation({ tradeId, leg }: { tradeId: string; leg?: string }) {
  const trpc = useTRPC();
  const { data, error, refetch } = useQuery(trpc.trades.explain.queryOptions({ id: tradeId }));
  if (data) return <Explained explanation={data} leg={leg} />;
  return error ? <ErrorAlert error={error} onRetry={() => void refetch()} /> : <Skeleton className="h-40" />;
}

/** The same of an amount that several trades make up, one section each; what is closed is not asked for. */
export function PartsExplanation({ parts }: { parts: readonly ExplainedPart[] }) {
  return (
    <div className="divide-y divide-border border-y border-border">
      {parts.map((part, place) => (
        <Part key={part.tradeId} part={part} opened={place === 0} />
      ))}
    </div>
  );
}

function Part({ part, opened }: { part: ExplainedPart; opened: boolean }) {
  const [open, setOpen] = useState(opened);
  return (
    <details open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="cursor-pointer rounded-sm py-3 font-semibold">
        <h3 className="inline break-words">{part.name}</h3>
      </summary>
      {open ? (
        <div className="pb-4">
          <AmountExplanation tradeId={part.tradeId} />
        </div>
      ) : null}
    </details>
  );
}

function Explained({ explanation, leg }: { explanation: Explanation; leg: string | undefined }) {
  const t = useTranslations("trace");
  const can = useCan();
  const transfers = transfersOf(explanation, leg);
  return (
    <div className="space-y-4">
      <Facts explanation={explanation} />
      {transfers.length === 0 ? (
        <p className="text-sm text-muted-foreground">{t("transfers.none")}</p>
      ) : (
        <ol className="divide-y divide-border border-y border-border">
          {transfers.map((transfer) => (
            <li key={transfer.id} className="space-y-1.5 py-3">
              <LegExplanation transfer={transfer} explanation={explanation} />
            </li>
          ))}
        </ol>
      )}
      <FeeMovements explanation={explanation} movements={movementsOf(explanation, leg)} />
      <Reversals explanation={explanation} />
      <Agrees explanation={explanation} />
      <Link
        href={tradeHref(explanation, { redemptions: can("redemption:read") })}
        className="touch-target inline-flex items-center gap-1.5 text-sm text-primary underline underline-offset-2"
      >
        {t("whole")}
        <ArrowRight aria-hidden className="size-4" />
      </Link>
    </div>
  );
}

function Facts({ explanation }: { explanation: Explanation }) {
  const { trade, rule, reversalOf } = explanation;
  const t = useTranslations("trace.facts");
  const reason = useReason();
  const money = (amount: bigint) => <Money amount={amount} currency={trade.currency} />;
  const hasSale = sells(explanation) && trade.gross !== 0n;
  return (
    <DescriptionList
      columns={1}
      className="max-sm:grid-cols-[minmax(0,1fr)_auto] max-sm:gap-x-4 sm:grid-cols-2"
      items={[
        { label: t("trade"), value: <span className="figure">{trade.reference}</span> },
        { label: t("tradedAt"), value: <Instant at={trade.tradedAt} style="second" /> },
        hasSale && { label: t("order"), value: money(trade.gross) },
        hasSale && trade.discount !== 0n && { label: t("discount"), value: money(trade.discount) },
        hasSale && { label: t("paid"), value: money(trade.paid) },
        reversalOf && {
          label: t("reversalOf"),
          value: <span className="figure">{reversalOf.reference}</span>,
        },
        trade.reason && !isTrueUp(explanation)
          ? { label: t(reasonLabel(explanation)), wide: true, value: reason(trade.reason) }
          : null,
        rule && { label: t("rule"), wide: true, value: <RuleLine rule={rule} /> },
      ]}
    />
  );
}

/** What took part of it back since: the rest of an amount that is less than its legs. */
function Reversals({ explanation }: { explanation: Explanation }) {
  const t = useTranslations("trace.reversal");
  const redemptions = useCan()("redemption:read");
  const { reversals, trade } = explanation;
  if (reversals.length === 0) return null;
  return (
    <section className="space-y-1 text-sm">
      <h3 className="font-medium">{t("list")}</h3>
      <ul>
        {reversals.map(({ id, reference, amount, at }) => (
          <li key={id} className="flex flex-wrap items-baseline justify-between gap-x-4 py-0.5">
            <Link
              href={tradeHref(explanation, { redemptions, id })}
              className="figure text-primary underline underline-offset-2"
            >
              {reference}
            </Link>
            <span className="text-xs text-muted-foreground">
              <Instant at={at} style="second" />
            </span>
            <span>
              {t("amount")} <Money amount={amount} currency={trade.currency} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** One transfer: what it is, from whom to whom, and how its amount came about. */
export function LegExplanation({ transfer, explanation }: { transfer: Transfer; explanation: Explanation }) {
  const t = useTranslations("trace");
  const format = useFormat();
  const legName = useLegName();
  const role = useRoleName(explanation);
  const { currency } = explanation.trade;
  const leg = legOf(explanation, transfer);
  const part = leg ? fundingOf(explanation.trace, leg) : null;
  const due = transfer.creditDueAt ?? transfer.debitDueAt;
  return (
    <>
      <div className="flex flex-wrap items-baseline justify-between gap-x-4">
        <p className="font-medium">{legName(transfer.leg)}</p>
        <Money amount={transfer.amount} currency={currency} className="text-base font-semibold" />
      </div>
      <p className="text-xs text-muted-foreground">
        {t("steps.sides", {
          from: transfer.debit.party.name,
          debit: t(`accounts.${transfer.debit.kind}`),
          to: transfer.credit.party.name,
          credit: t(`accounts.${transfer.credit.kind}`),
        })}
        {due ? ` · ${t("steps.due", { at: format.instant(due) })}` : ""}
      </p>
      {transfer.reverses ? (
        <p className="text-sm">
          {t("transfers.reverses", {
            part: transfer.reverses.amount === transfer.amount ? "whole" : "part",
            amount: format.money(transfer.reverses.amount, currency),
          })}
        </p>
      ) : null}
      {leg ? (
        <div className="space-y-1.5 text-sm">
          {transfer.reverses ? <p className="text-xs text-muted-foreground">{t("steps.original")}</p> : null}
          <How leg={leg} currency={currency} role={role} />
          {part ? (
            <FundingWords part={part} discount={explanation.trace?.discount ?? "0"} currency={currency} />
          ) : null}
          <FeeSteps leg={leg} currency={currency} />
        </div>
      ) : null}
    </>
  );
}

/** Whether the amounts computed again are those in the books. Nothing where no rule computed them. */
export function Agrees({ explanation: { trace, agrees } }: { explanation: Explanation }) {
  const t = useTranslations("trace");
  if (!trace) return null;
  const Icon = agrees ? CircleCheck : CircleAlert;
  return (
    <p className={`flex items-center gap-1.5 text-xs ${agrees ? "text-success" : "text-destructive"}`}>
      <Icon aria-hidden className="size-4 shrink-0" />
      {agrees ? t("agrees") : t("disagrees")}
    </p>
  );
}
