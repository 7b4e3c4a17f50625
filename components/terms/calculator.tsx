"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useFormat } from "@/components/format/use-format";
import { useViewer } from "@/components/layout/viewer";
import { useRefName } from "@/components/rule-editor/party-select";
import { FeeSteps } from "@/components/trace/fee-steps";
import { How } from "@/components/trace/how";
import { useLegName } from "@/components/trace/leg-name";
import { useTRPC } from "@/components/trpc";
import { Card } from "@/components/ui/card";
import { ErrorAlert } from "@/components/ui/error-alert";
import { Field } from "@/components/ui/field";
import { Money } from "@/components/ui/money";
import { MoneyInput } from "@/components/ui/money-input";
import { Skeleton } from "@/components/ui/skeleton";
import { useDebounced } from "@/components/versions/use-debounced";
import { CampaignFilter } from "@/components/vouchers/pickers";
import { currencyExponent } from "@/server/core/money";
import type { OwnTermsView, TriedTermsView } from "./types";

/** What one would have of a trade, and why: asked of the engine that clears it. */
export function Calculator({ role }: { role: OwnTermsView["role"] }) {
  const t = useTranslations("rules.terms");
  const trpc = useTRPC();
  const { tenant } = useViewer();
  const { currency } = tenant;
  const [amount, setAmount] = useState<bigint | null>(100n * 10n ** BigInt(currencyExponent(currency)));
  const [discount, setDiscount] = useState<bigint | null>(0n);
  const [markup, setMarkup] = useState<bigint | null>(0n);
  const [campaignId, setCampaignId] = useState<string | null>(null);
  const asked = useDebounced(`${amount ?? ""}/${discount ?? 0n}/${markup ?? 0n}/${campaignId ?? ""}`).split(
    "/",
  );
  const [of = "", off = "0", more = "0", campaign = ""] = asked;
  const { data, error } = useQuery(
    trpc.rules.tryTerms.queryOptions(
      {
        amount: of,
        ...(role === "merchant" ? { discount: off, campaignId: campaign || null } : { markup: more }),
      },
      { enabled: of !== "", placeholderData: keepPreviousData, retry: false },
    ),
  );
  return (
    <Card title={t("calculator")} description={t("calculatorHint")} className="lg:sticky lg:top-20">
      <div className="space-y-4">
        <Field label={t(role === "merchant" ? "order" : "price")}>
          <MoneyInput size="lg" value={amount} currency={currency} onValueChange={setAmount} />
        </Field>
        {role === "merchant" ? (
          <>
            <Field label={t("discount")}>
              <MoneyInput value={discount} currency={currency} onValueChange={setDiscount} />
            </Field>
            <Field label={t("campaign")} hint={t("campaignHint")}>
              <CampaignFilter id={campaignId} label={t("campaign")} onChange={setCampaignId} />
            </Field>
          </>
        ) : (
          <Field label={t("markup")}>
            <MoneyInput value={markup} currency={currency} onValueChange={setMarkup} />
          </Field>
        )}
        <div aria-live="polite">
          {error ? (
            <ErrorAlert error={error} />
          ) : data ? (
            <Result tried={data} currency={currency} role={role} />
          ) : (
            <Skeleton className="h-32" />
          )}
        </div>
      </div>
    </Card>
  );
}

function Result({
  tried,
  currency,
  role,
}: {
  tried: TriedTermsView;
  currency: string;
  role: OwnTermsView["role"];
}) {
  const t = useTranslations("rules.terms");
  const format = useFormat();
  const legName = useLegName();
  const ref = useRefName();
  const { trace, net, collected, channelRate, rule } = tried;
  return (
    <div className="space-y-3">
      <dl className="space-y-1 text-sm">
        {collected > 0n ? (
          <div className="flex items-baseline justify-between gap-4">
            <dt className="text-muted-foreground">{t("atTill")}</dt>
            <dd>
              <Money amount={collected} currency={currency} />
            </dd>
          </div>
        ) : null}
        <div className="flex items-baseline justify-between gap-4">
          <dt className="font-semibold">{t(net < 0n ? "owed" : "due")}</dt>
          <dd className="text-lg font-semibold">
            <Money amount={net < 0n ? -net : net} currency={currency} />
          </dd>
        </div>
      </dl>
      <ol className="divide-y divide-border border-t border-border">
        {trace.funding
          .filter(({ moves }) => !moves)
          .map((part) => (
            <li key={part.party} className="flex items-start justify-between gap-3 py-2 text-sm">
              <span>{t("ownGoods")}</span>
              <Money amount={BigInt(part.amount)} currency={currency} />
            </li>
          ))}
        {trace.legs.map((leg) => (
          <li key={`${leg.code}/${leg.from}/${leg.to}`} className="space-y-1.5 py-2 text-sm">
            <div className="flex items-start justify-between gap-3">
              <div className="min-w-0">
                <p className="font-medium">{legName(leg.code)}</p>
                <div className="text-xs text-muted-foreground">
                  <How leg={leg} currency={currency} role={(name) => ref(name)} />
                </div>
              </div>
              <Money
                amount={leg.to === role ? BigInt(leg.amount) : -BigInt(leg.amount)}
                currency={currency}
                signed
              />
            </div>
            <FeeSteps leg={leg} currency={currency} />
          </li>
        ))}
      </ol>
      <p className="text-xs text-muted-foreground">
        {t("byRule", { number: rule.number, version: rule.version })}
        {channelRate ? ` ${t("channelRate", { rate: format.rate(channelRate) })}` : null}
      </p>
    </div>
  );
}
