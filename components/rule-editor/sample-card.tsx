"use client";

import { useTranslations } from "next-intl";
import { memo, useMemo, useState } from "react";
import { type Flow, FlowChart } from "@/components/charts";
import { useFormat } from "@/components/format/use-format";
import { usePartyNames } from "@/components/rules/use-party-names";
import { exactMajor } from "@/components/trace/exact";
import { FeeSteps } from "@/components/trace/fee-steps";
import { How } from "@/components/trace/how";
import { useLegName } from "@/components/trace/leg-name";
import { Alert } from "@/components/ui/alert";
import { Card } from "@/components/ui/card";
import { useErrorText } from "@/components/ui/error-message";
import { Field } from "@/components/ui/field";
import { Money } from "@/components/ui/money";
import { MoneyInput } from "@/components/ui/money-input";
import { RateInput } from "@/components/ui/rate-input";
import { Select } from "@/components/ui/select";
import type { SplitRuleDefinition } from "@/server/domain/clearing/schemas";
import { useRefName } from "./party-select";
import { netsOf, type SampleInput, sampleOf, usualSample } from "./sample";
import { SampleFeeFields, type SampleFeesTyped, useSampleFees } from "./sample-fees";
import { FUNDERS } from "./state";

/** The rule tried on a trade, by the engine that clears real ones: flows, nets, transfers, and how each came about. */
export const SampleCard = memo(function SampleCard({
  definition,
  scope,
  currency,
}: {
  /** Null while the draft lacks something. */
  definition: SplitRuleDefinition | null;
  scope: {
    tradeKind: SampleInput["kind"];
    merchantId?: string | null;
    channelId?: string | null;
    tier?: string | null;
  };
  currency: string;
}) {
  const t = useTranslations("rules.editor.sample");
  const errorText = useErrorText();
  const [typed, setTyped] = useState<SampleInput>(() => usualSample(scope.tradeKind, currency));
  const input = typed.kind === scope.tradeKind ? typed : usualSample(scope.tradeKind, currency);
  const set = (change: Partial<SampleInput>) => setTyped({ ...input, ...change });
  const [typedFees, setTypedFees] = useState<SampleFeesTyped>({});
  const { choices, fees } = useSampleFees(definition, currency, scope, typedFees);
  const result = useMemo(
    () => (definition ? sampleOf(definition, input, currency, scope, fees) : null),
    [definition, input, currency, scope, fees],
  );
  return (
    <Card title={t("title")} description={t("hint")}>
      <div className="space-y-4">
        <Inputs input={input} set={set} currency={currency} />
        <SampleFeeFields choices={choices} currency={currency} onChange={setTypedFees} />
        <div aria-live="polite" className="space-y-4">
          {result === null ? (
            <p className="text-sm text-muted-foreground">{t("incomplete")}</p>
          ) : result.ok ? (
            <Result trace={result.trace} currency={currency} scope={scope} />
          ) : (
            <Alert tone="warning" live={false} title={t("refused")}>
              {errorText(result.code, result.params)}
            </Alert>
          )}
        </div>
      </div>
    </Card>
  );
});

function Inputs({
  input,
  set,
  currency,
}: {
  input: SampleInput;
  set: (change: Partial<SampleInput>) => void;
  currency: string;
}) {
  const t = useTranslations("rules.editor.sample");
  const ref = useRefName();
  const money = (key: "gross" | "discount" | "storedValue" | "cost" | "markup", label: string) => (
    <Field label={label}>
      <MoneyInput
        key={currency}
        value={input[key]}
        currency={currency}
        onValueChange={(amount) => set({ [key]: amount ?? 0n })}
      />
    </Field>
  );
  const cards = input.kind === "card_sale";
  return (
    <div className="grid gap-3 sm:grid-cols-2">
      {money("gross", t(cards ? "price" : "order"))}
      {cards ? (
        <>
          {money("cost", t("cost"))}
          {money("markup", t("markup"))}
        </>
      ) : (
        money("discount", t("discount"))
      )}
      {input.kind === "redemption" ? money("storedValue", t("storedValue")) : null}
      {cards ? null : (
        <Field label={t("fundedBy")}>
          <Select
            value={input.funder}
            onValueChange={(funder) => set({ funder })}
            options={[
              { value: "rule", label: t("byRule") },
              ...FUNDERS.map((funder) => ({ value: funder, label: ref(funder) })),
            ]}
          />
        </Field>
      )}
      {input.kind === "stored_value" ? null : (
        <Field label={t("collectedBy")}>
          <Select
            value={input.collectedBy}
            onValueChange={(collectedBy) => set({ collectedBy })}
            options={(cards ? (["platform", "wallet"] as const) : (["platform", "merchant"] as const)).map(
              (side) => ({
                value: side,
                label: t(`collected.${side}`),
              }),
            )}
          />
        </Field>
      )}
      {input.collectedBy === "platform" ? (
        <Field label={t("channelRate")}>
          <RateInput value={input.channelRate} onValueChange={(channelRate) => set({ channelRate })} />
        </Field>
      ) : null}
    </div>
  );
}

type Trace = Extract<ReturnType<typeof sampleOf>, { ok: true }>["trace"];

function Result({
  trace,
  currency,
  scope,
}: {
  trace: Trace;
  currency: string;
  scope: { merchantId?: string | null; channelId?: string | null };
}) {
  const t = useTranslations("rules.editor.sample");
  const words = useTranslations("trace");
  const format = useFormat();
  const legName = useLegName();
  const role = useRefName();
  const nameOf = usePartyNames(
    trace.legs.flatMap(({ debit, credit }) => [debit?.partyId ?? "", credit?.partyId ?? ""]),
  );
  const ref = (party: string) =>
    party === scope.merchantId
      ? role("merchant")
      : party === scope.channelId
        ? role("channel")
        : (nameOf(party) ?? role(party));
  const nets = netsOf(trace);
  const flows = trace.legs.flatMap((leg): Flow[] =>
    leg.note
      ? []
      : [
          {
            id: `${leg.code}/${leg.partyId}`,
            from: ref(leg.debit && leg.from === "fee_bearer" ? leg.debit.partyId : leg.from),
            to: ref(leg.to),
            label: legName(leg.code),
            amount: BigInt(leg.amount),
          },
        ],
  );
  return (
    <>
      <FlowChart title={t("flows")} flows={flows} currency={currency} />
      <section>
        <h3 className="text-xs font-semibold text-muted-foreground">{t("nets")}</h3>
        <dl className="mt-1 grid gap-x-6 gap-y-1 text-sm sm:grid-cols-2">
          {nets.map(([party, amount]) => (
            <div key={party} className="flex items-baseline justify-between gap-3">
              <dt className="min-w-0 break-words">{ref(party)}</dt>
              <dd className="font-medium">
                <Money amount={amount} currency={currency} signed toned />
              </dd>
            </div>
          ))}
        </dl>
      </section>
      {trace.funding.length > 0 ? (
        <section>
          <h3 className="text-xs font-semibold text-muted-foreground">{words("funding.title")}</h3>
          <ul className="mt-1 space-y-1 text-sm">
            {trace.funding.map((part) => (
              <li key={part.party} className="flex items-baseline justify-between gap-3">
                <span className="min-w-0">
                  {ref(part.party)}
                  <span className="figure text-xs text-muted-foreground">
                    {" "}
                    {part.share === null ? "" : format.rate(part.share)} ·{" "}
                    {exactMajor(part.exact, currency, format)}
                    {part.remainderUnits === "0"
                      ? ""
                      : ` · ${words("funding.units", { units: part.remainderUnits })}`}
                  </span>
                </span>
                <Money amount={BigInt(part.amount)} currency={currency} />
              </li>
            ))}
          </ul>
        </section>
      ) : null}
      <section>
        <h3 className="text-xs font-semibold text-muted-foreground">{t("transfers")}</h3>
        <ol className="mt-1 divide-y divide-border">
          {trace.legs.map((leg, i) => (
            <li
              // biome-ignore lint/suspicious/noArrayIndexKey: legs of a trace have no other identity
              key={i}
              className={`flex items-start justify-between gap-3 py-2 text-sm ${leg.note ? "text-muted-foreground" : ""}`}
            >
              <div className="min-w-0">
                <p className="font-medium">{legName(leg.code)}</p>
                {leg.debit && leg.credit ? (
                  <p className="text-xs text-muted-foreground">
                    {words("steps.sides", {
                      from: ref(leg.debit.partyId),
                      debit: words(`accounts.${leg.debit.kind}`),
                      to: ref(leg.credit.partyId),
                      credit: words(`accounts.${leg.credit.kind}`),
                    })}
                  </p>
                ) : null}
                <div className="text-xs">
                  <How leg={leg} currency={currency} role={(name) => ref(name)} />
                  <FeeSteps leg={leg} currency={currency} />
                </div>
              </div>
              <Money amount={leg.note ? 0n : BigInt(leg.amount)} currency={currency} />
            </li>
          ))}
        </ol>
      </section>
    </>
  );
}
