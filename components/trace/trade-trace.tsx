"use client";

import { useSuspenseQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { useFormat } from "@/components/format/use-format";
import { useCan, useViewer } from "@/components/layout/viewer";
import { useTRPC } from "@/components/trpc";
import { Card } from "@/components/ui/card";
import { DescriptionList } from "@/components/ui/description-list";
import { Instant } from "@/components/ui/instant";
import { Money } from "@/components/ui/money";
import { isPlatformRole } from "@/server/core/permissions";
import { exactMajor } from "./exact";
import { Agrees } from "./explanation";
import { FeeMovements } from "./fee-movements";
import { FeeSteps } from "./fee-steps";
import { How } from "./how";
import { useLegName } from "./leg-name";
import { isTrueUp, reasonLabel, sells, tradeHref } from "./legs";
import { useReason } from "./reason";
import { useRoleName } from "./roles";
import { RuleLine } from "./rule-line";
import type { Explanation, Trace } from "./types";

export { exactMajor } from "./exact";
export { How } from "./how";
export type { RoleName } from "./roles";

/** Explains every amount of a trade: rule and version, funding, each leg's computation, the transfers it made. */
export function TradeTrace({ tradeId }: { tradeId: string }) {
  const trpc = useTRPC();
  const { data } = useSuspenseQuery(trpc.trades.explain.queryOptions({ id: tradeId }));
  return (
    <div className="space-y-4">
      <Facts explanation={data} />
      {data.trace && data.trace.funding.length > 0 ? <Funding explanation={data} trace={data.trace} /> : null}
      {data.trace ? <Steps explanation={data} trace={data.trace} /> : null}
      <FeeMovements explanation={data} />
      <Transfers explanation={data} />
      {data.reversals.length > 0 ? <Reversals explanation={data} /> : null}
    </div>
  );
}

function Facts({ explanation }: { explanation: Explanation }) {
  const t = useTranslations("trace");
  const format = useFormat();
  const reason = useReason();
  const { trade, rule, reversalOf, trace } = explanation;
  const redemptions = useCan()("redemption:read");
  const isSale = sells(explanation);
  const money = (amount: bigint) => <Money amount={amount} currency={trade.currency} />;
  return (
    <Card title={t("title")}>
      <DescriptionList
        columns={4}
        items={[
          isSale && { label: t("facts.order"), value: money(trade.gross) },
          isSale && { label: t("facts.discount"), value: money(trade.discount) },
          trade.storedValue !== 0n && { label: t("facts.storedValue"), value: money(trade.storedValue) },
          isSale && { label: t("facts.paid"), value: money(trade.paid) },
          isSale && { label: t("facts.collectedBy"), value: t(`facts.collected.${trade.collectedBy}`) },
          { label: t("facts.tradedAt"), value: <Instant at={trade.tradedAt} style="second" /> },
          { label: t("facts.postedAt"), value: <Instant at={trade.postedAt} style="second" /> },
          trade.reason && !isTrueUp(explanation)
            ? { label: t(`facts.${reasonLabel(explanation)}`), value: reason(trade.reason) }
            : null,
          isSale && {
            label: t("facts.rule"),
            wide: true,
            value: rule ? <RuleLine rule={rule} /> : t("facts.noRule"),
          },
          reversalOf
            ? {
                label: t("reversal.ofTrade"),
                wide: true,
                value: (
                  <>
                    <Link
                      className="text-primary underline underline-offset-2"
                      href={tradeHref(explanation, { redemptions, id: reversalOf.id })}
                    >
                      {reversalOf.reference}
                    </Link>
                    <p className="mt-1 text-sm text-muted-foreground">
                      {reversalOf.given === 0n
                        ? t("reversal.free")
                        : t("reversal.explanation", {
                            given: format.money(reversalOf.given, trade.currency),
                            before: format.money(reversalOf.refundedBefore, trade.currency),
                            refunded: format.money(reversalOf.refunded, trade.currency),
                          })}
                    </p>
                  </>
                ),
              }
            : null,
        ]}
      />
      {trace ? (
        <div className="mt-3">
          <Agrees explanation={explanation} />
        </div>
      ) : null}
    </Card>
  );
}

/** Columns from `sm` on; on a phone each row says its name and amount first, then the rest line by line. */
function Table({
  head,
  children,
}: {
  head: readonly { label: string; right?: boolean }[];
  children: ReactNode;
}) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reached by keyboard
    <section className="overflow-x-auto" tabIndex={0} aria-label={head.map((h) => h.label).join(" · ")}>
      <table className="w-full text-sm max-sm:block">
        <thead className="max-sm:sr-only">
          <tr className="border-b border-border text-xs text-muted-foreground">
            {head.map(({ label, right }) => (
              <th
                key={label}
                scope="col"
                className={`px-4 py-2 font-medium ${right ? "text-end" : "text-start"}`}
              >
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="max-sm:block max-sm:border-t max-sm:border-border max-sm:[&>tr]:grid max-sm:[&>tr]:grid-cols-[minmax(0,1fr)_auto] max-sm:[&>tr]:gap-x-3 max-sm:[&>tr]:gap-y-1 max-sm:[&>tr]:px-4 max-sm:[&>tr]:py-2.5 [&>tr:not(:last-child)]:border-b [&>tr]:border-border">
          {children}
        </tbody>
      </table>
    </section>
  );
}

const CELL = "px-4 py-2 align-top max-sm:p-0";
/** What a row is called, and what it comes to: beside each other on a phone. */
const NAME = `${CELL} max-sm:order-1`;
const AMOUNT = `${CELL} text-end max-sm:order-2`;
/** The rest, on a phone over the whole width below. */
const REST = `${CELL} max-sm:order-3 max-sm:col-span-2`;
const LINE = `${REST} max-sm:flex max-sm:items-baseline max-sm:justify-between max-sm:gap-3 max-sm:text-end`;

/** Says on a phone which column a line is of. */
function Of({ children }: { children: ReactNode }) {
  return (
    <span aria-hidden className="shrink-0 text-xs text-muted-foreground sm:hidden">
      {children}
    </span>
  );
}

function Funding({ explanation, trace }: { explanation: Explanation; trace: Trace }) {
  const t = useTranslations("trace.funding");
  const role = useRoleName(explanation);
  const format = useFormat();
  const { currency } = explanation.trade;
  return (
    <Card flush title={t("title")} description={t(`source.${trace.fundingSource}`)}>
      <Table
        head={[
          { label: t("party") },
          { label: t("share"), right: true },
          { label: t("exact"), right: true },
          { label: t("amount"), right: true },
        ]}
      >
        {trace.funding.map((part) => (
          <tr key={`${part.party}/${part.partyId}`}>
            <td className={NAME}>
              {role(part.party, part.partyId)}
              {part.moves ? null : <p className="text-xs text-muted-foreground">{t("ownGoods")}</p>}
            </td>
            <td className={`${LINE} figure sm:text-end`}>
              <Of>{t("share")}</Of>
              {part.share === null ? "–" : format.rate(part.share)}
            </td>
            <td className={`${LINE} figure sm:text-end`}>
              <Of>{t("exact")}</Of>
              {exactMajor(part.exact, currency, format)}
            </td>
            <td className={AMOUNT}>
              <Money amount={BigInt(part.amount)} currency={currency} />
              {part.remainderUnits === "0" ? null : (
                <p className="text-xs text-muted-foreground">{t("units", { units: part.remainderUnits })}</p>
              )}
            </td>
          </tr>
        ))}
      </Table>
    </Card>
  );
}

function Steps({ explanation, trace }: { explanation: Explanation; trace: Trace }) {
  const t = useTranslations("trace.steps");
  const legName = useLegName();
  const role = useRoleName(explanation);
  const { currency } = explanation.trade;
  return (
    <Card flush title={t("title")}>
      <Table head={[{ label: t("leg") }, { label: t("how") }, { label: t("amount"), right: true }]}>
        {trace.legs.map((leg) => (
          <tr
            key={`${leg.code}/${leg.partyId}/${leg.from}/${leg.to}`}
            className={leg.note ? "text-muted-foreground" : ""}
          >
            <td className={NAME}>
              <span className="font-medium">{legName(leg.code)}</span>
              <p className="text-xs text-muted-foreground">
                {role(leg.from, leg.debit?.partyId)} → {role(leg.to, leg.credit?.partyId)}
              </p>
            </td>
            <td className={REST}>
              <How leg={leg} currency={currency} role={role} />
              <FeeSteps leg={leg} currency={currency} />
            </td>
            <td className={AMOUNT}>
              <Money amount={leg.note ? 0n : BigInt(leg.amount)} currency={currency} />
            </td>
          </tr>
        ))}
      </Table>
    </Card>
  );
}

function Transfers({ explanation }: { explanation: Explanation }) {
  const t = useTranslations("trace");
  const legName = useLegName();
  const { role } = useViewer();
  const format = useFormat();
  const { transfers, trade } = explanation;
  return (
    <Card flush title={t("transfers.title")} description={isPlatformRole(role) ? undefined : t("ownOnly")}>
      {transfers.length === 0 ? (
        <p className="px-4 pb-4 text-sm text-muted-foreground">{t("transfers.none")}</p>
      ) : (
        <Table
          head={[
            { label: t("steps.leg") },
            { label: t("transfers.debit") },
            { label: t("transfers.credit") },
            { label: t("transfers.due") },
            { label: t("steps.amount"), right: true },
          ]}
        >
          {transfers.map((transfer) => (
            <tr key={transfer.id}>
              <td className={NAME}>
                {legName(transfer.leg)}
                {transfer.reverses ? (
                  <p className="text-xs text-muted-foreground">
                    {t("transfers.reverses", {
                      part: transfer.reverses.amount === transfer.amount ? "whole" : "part",
                      amount: format.money(transfer.reverses.amount, trade.currency),
                    })}
                  </p>
                ) : null}
              </td>
              {[transfer.debit, transfer.credit].map((side, i) => (
                <td key={i === 0 ? "debit" : "credit"} className={LINE}>
                  <Of>{t(i === 0 ? "transfers.debit" : "transfers.credit")}</Of>
                  <span>
                    {t(`accounts.${side.kind}`)}
                    <span className="block text-xs text-muted-foreground">{side.party.name}</span>
                  </span>
                </td>
              ))}
              <td className={LINE}>
                <Of>{t("transfers.due")}</Of>
                {transfer.creditDueAt || transfer.debitDueAt ? (
                  <Instant at={transfer.creditDueAt ?? transfer.debitDueAt} />
                ) : (
                  <span className="text-muted-foreground">
                    {sells(explanation) ? t("transfers.atOnce") : "–"}
                  </span>
                )}
              </td>
              <td className={AMOUNT}>
                <Money amount={transfer.amount} currency={trade.currency} />
              </td>
            </tr>
          ))}
        </Table>
      )}
    </Card>
  );
}

function Reversals({ explanation }: { explanation: Explanation }) {
  const t = useTranslations("trace");
  const reason = useReason();
  const redemptions = useCan()("redemption:read");
  return (
    <Card flush title={t("reversal.list")}>
      <Table
        head={[
          { label: t("reversal.title") },
          { label: t("reversal.at") },
          { label: t("facts.reason") },
          { label: t("reversal.amount"), right: true },
        ]}
      >
        {explanation.reversals.map((reversal) => (
          <tr key={reversal.id}>
            <td className={NAME}>
              <Link
                className="text-primary underline underline-offset-2"
                href={tradeHref(explanation, { redemptions, id: reversal.id })}
              >
                {reversal.reference}
              </Link>
            </td>
            <td className={LINE}>
              <Of>{t("reversal.at")}</Of>
              <Instant at={reversal.at} style="second" />
            </td>
            <td className={LINE}>
              <Of>{t("facts.reason")}</Of>
              {reversal.reason ? reason(reversal.reason) : "–"}
            </td>
            <td className={AMOUNT}>
              <Money amount={reversal.amount} currency={explanation.trade.currency} />
            </td>
          </tr>
        ))}
      </Table>
    </Card>
  );
}
