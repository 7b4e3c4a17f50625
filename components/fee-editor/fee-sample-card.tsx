"use client";

import { useTranslations } from "next-intl";
import { memo, type ReactNode, useMemo, useState } from "react";
import { rateOfMillionths } from "@/components/format/format";
import { useFormat } from "@/components/format/use-format";
import { exactMajor } from "@/components/trace/exact";
import { Card } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { Money } from "@/components/ui/money";
import { MoneyInput } from "@/components/ui/money-input";
import { currencyExponent, roundDiv } from "@/server/core/money";
import { compileSchedule, type FeePlan } from "@/server/domain/clearing/fees/schedule";
import type { FeeScheduleDefinition } from "@/server/domain/clearing/fees/schemas";
import { type FeeSample, type FeeSampleInput, feeSampleOf, usualFeeSample } from "./sample";

/** The schedule tried on a trade in somebody's month, by the formulas that clear real ones. */
export const FeeSampleCard = memo(function FeeSampleCard({
  definition,
  currency,
}: {
  /** Null while the draft lacks something. */
  definition: FeeScheduleDefinition | null;
  currency: string;
}) {
  const t = useTranslations("fees.editor.sample");
  const [typed, setTyped] = useState<FeeSampleInput | null>(null);
  const one = 10n ** BigInt(currencyExponent(currency));
  const plan = useMemo(() => definition && compileSchedule(definition), [definition]);
  const input = typed ?? usualFeeSample(plan, one);
  const result = plan && input.trade > 0n ? feeSampleOf(plan, input) : null;
  const set = (part: Partial<FeeSampleInput>) => setTyped({ ...input, ...part });
  const flat = plan?.method === "flat";
  return (
    <Card title={t("title")} description={t("hint")}>
      <div className="space-y-4">
        <div className="grid gap-3 sm:grid-cols-2">
          {flat ? null : (
            <Field label={t("volume")}>
              <MoneyInput
                key={currency}
                value={input.volume}
                currency={currency}
                onValueChange={(volume) => set({ volume: volume ?? 0n })}
              />
            </Field>
          )}
          <Field label={t("trade")}>
            <MoneyInput
              key={currency}
              value={input.trade}
              currency={currency}
              onValueChange={(trade) => set({ trade: trade ?? 0n })}
            />
          </Field>
          {plan?.method === "volume" ? (
            <Field label={t("charged")} hint={t("chargedHint")} optional>
              <MoneyInput
                key={currency}
                value={input.charged}
                currency={currency}
                onValueChange={(charged) => set({ charged })}
              />
            </Field>
          ) : null}
        </div>
        <div aria-live="polite">
          {plan && result ? (
            <Result plan={plan} sample={result} trade={input.trade} currency={currency} />
          ) : (
            <p className="text-sm text-muted-foreground">{t("incomplete")}</p>
          )}
        </div>
      </div>
    </Card>
  );
});

function Result({
  plan,
  sample: { slices, exact, rounded, charge, month },
  trade,
  currency,
}: {
  plan: FeePlan;
  sample: FeeSample;
  trade: bigint;
  currency: string;
}) {
  const t = useTranslations("fees.editor.sample");
  const rounding = useTranslations("trace.rounding");
  const format = useFormat();
  const money = (amount: bigint) => <Money amount={amount} currency={currency} />;
  const graduated = plan.method === "graduated";
  const effective = rateOfMillionths(roundDiv(charge.amount * 1_000_000n, trade, "half_up"));
  return (
    <>
      <dl className="space-y-1 text-sm">
        {slices.map(({ from, amount, rate, exact }) => (
          <Line
            key={`${from}`}
            label={t(graduated ? "slice" : "all", {
              from: format.money(from, currency),
              amount: format.money(amount, currency),
              rate: format.rate(rate),
            })}
          >
            <span className="figure">{exactMajor(exact, currency, format)}</span>
          </Line>
        ))}
        {slices.length > 1 ? (
          <Line label={t("exact")}>
            <span className="figure">{exactMajor(exact, currency, format)}</span>
          </Line>
        ) : null}
        <Line
          label={t("rounded", { mode: rounding(plan.rounding) })}
          detail={graduated ? t("difference") : undefined}
        >
          {money(rounded)}
        </Line>
        {plan.fixed > 0n ? <Line label={t("fixed")}>{money(plan.fixed)}</Line> : null}
        <Line
          strong
          label={t(plan.method === "volume" ? "provisional" : "fee")}
          detail={[
            ...(charge.limit ? [t(charge.limit)] : []),
            t("effective", { rate: format.rate(effective) }),
          ].join(" · ")}
        >
          {money(charge.amount)}
        </Line>
      </dl>
      {month && (plan.method === "volume" || plan.min !== null) ? (
        <section className="mt-3 border-t border-border pt-2">
          <h3 className="mb-1 text-xs font-semibold text-muted-foreground">{t("month")}</h3>
          <dl className="space-y-1 text-sm">
            <Line label={t("monthFee")}>{money(month.fee)}</Line>
            <Line label={t("monthCharged")}>{money(month.charged)}</Line>
            <Line strong label={t(month.trueUp > 0n ? "due" : month.trueUp < 0n ? "back" : "even")}>
              <Money amount={month.trueUp} currency={currency} signed />
            </Line>
          </dl>
        </section>
      ) : null}
    </>
  );
}

function Line({
  label,
  detail,
  strong,
  children,
}: {
  label: string;
  detail?: string;
  strong?: boolean;
  children: ReactNode;
}) {
  return (
    <div className={`flex items-baseline justify-between gap-3 ${strong ? "font-semibold" : ""}`}>
      <dt className="min-w-0">
        {label}
        {detail ? <span className="block text-xs font-normal text-muted-foreground">{detail}</span> : null}
      </dt>
      <dd className="shrink-0">{children}</dd>
    </div>
  );
}
