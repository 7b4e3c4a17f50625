"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { useViewer } from "@/components/layout/viewer";
import { useRefusalText } from "@/components/redeem/refusal";
import { Alert } from "@/components/ui/alert";
import { Card } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { Money } from "@/components/ui/money";
import { MoneyInput } from "@/components/ui/money-input";
import { Select } from "@/components/ui/select";
import { useTermsText } from "@/components/vouchers/terms-text";
import { allocate, currencyExponent } from "@/server/core/money";
import { voucherTerms } from "@/server/domain/vouchers/schemas";
import { discountFor } from "@/server/domain/vouchers/terms";
import { type CampaignDraft, partyOf, sumOf, termsInput } from "./draft";
import { micros } from "./funding-bar";

/** The draft tried on an order, by the same mathematics that redeeming uses. */
export function CampaignSample({ draft }: { draft: CampaignDraft }) {
  const t = useTranslations("campaigns.form");
  const termsText = useTermsText();
  const refusalText = useRefusalText();
  const [typed, setTyped] = useState<{ currency: string; amount: bigint | null } | null>(null);
  const [product, setProduct] = useState("");
  const { currency } = draft;
  const given = termsInput(draft);
  const parsed = given ? voucherTerms.safeParse(given) : null;
  const terms = parsed?.success ? parsed.data : null;
  // A hundred, or what the threshold asks for, until somebody types another amount.
  const usual = 100n * 10n ** BigInt(currencyExponent(currency));
  const amount =
    typed?.currency === currency
      ? typed.amount
      : terms?.type === "threshold"
        ? BigInt(terms.threshold)
        : usual;
  const products = terms?.type === "exchange" ? terms.productCodes : [];
  const chosen = products.includes(product) ? product : (products[0] ?? "");
  const result =
    terms && amount !== null && amount > 0n
      ? discountFor(
          terms,
          { amount, productCode: chosen || null },
          { balance: terms.type === "gift_card" ? BigInt(terms.balance) : 0n },
        )
      : null;
  const refusal =
    result && !result.ok
      ? refusalText({ code: result.code, params: { ...result.params, currency } }, currency)
      : null;
  return (
    <Card title={t("sample")} className="xl:sticky xl:top-20">
      <div className="space-y-4">
        {terms ? <p className="font-semibold text-balance">{termsText(terms, currency)}</p> : null}
        <Field label={t("sampleAmount")}>
          <MoneyInput
            key={currency}
            size="lg"
            value={amount}
            currency={currency}
            onValueChange={(next) => setTyped({ currency, amount: next })}
          />
        </Field>
        {products.length > 1 ? (
          <Field label={t("sampleProduct")}>
            <Select
              value={chosen}
              onValueChange={setProduct}
              options={products.map((value) => ({ value, label: value }))}
            />
          </Field>
        ) : null}
        <div aria-live="polite" className="space-y-4">
          {result?.ok ? (
            <Given draft={draft} given={result} />
          ) : refusal ? (
            <Alert tone="warning" live={false} title={refusal.title}>
              {refusal.body}
            </Alert>
          ) : (
            <p className="text-sm text-muted-foreground">{t("samplePrompt")}</p>
          )}
        </div>
      </div>
    </Card>
  );
}

function Given({
  draft,
  given,
}: {
  draft: CampaignDraft;
  given: { discount: bigint; storedValue: bigint; paid: bigint };
}) {
  const t = useTranslations("campaigns.form");
  const money = (amount: bigint) => <Money amount={amount} currency={draft.currency} />;
  const isCard = draft.type === "gift_card";
  return (
    <>
      <dl className="space-y-1.5">
        <Line label={isCard ? t("storedValue") : t("gives")}>
          <span className="text-lg font-semibold text-success">
            {money(-(isCard ? given.storedValue : given.discount))}
          </span>
        </Line>
        <Line label={t("payable")}>
          <span className="text-lg font-semibold">{money(given.paid)}</span>
        </Line>
        {isCard && draft.balance !== null ? (
          <Line label={t("balanceAfter")}>{money(draft.balance - given.storedValue)}</Line>
        ) : null}
      </dl>
      {isCard ? (
        <p className="text-sm text-muted-foreground">{t("giftByFunders")}</p>
      ) : (
        <Bearers draft={draft} discount={given.discount} />
      )}
    </>
  );
}

function Bearers({ draft, discount }: { draft: CampaignDraft; discount: bigint }) {
  const t = useTranslations("campaigns.form");
  const funders = useTranslations("campaigns.funders");
  const { party: own } = useViewer();
  const { shares } = draft;
  if (draft.fundingMode === "rule")
    return (
      <div>
        <p className="text-xs text-muted-foreground">{t("bears")}</p>
        <p className="text-sm">{t("byRule")}</p>
      </div>
    );
  if (sumOf(shares) !== 1_000_000) return null;
  const idOf = (ref: string | null) =>
    ref === "brand" ? draft.brand?.value : ref === "platform" ? own.id : (ref ?? undefined);
  const amounts = allocate(
    discount,
    shares.map(({ share }) => BigInt(micros(share))),
    shares.map((one) => ({ id: idOf(partyOf(one)) ?? "" })),
  );
  return (
    <div className="border-t border-border pt-3">
      <p className="text-xs text-muted-foreground">{t("bears")}</p>
      <dl className="mt-1 space-y-1 text-sm">
        {shares.map(({ key, role, party }, i) => (
          <Line
            key={key}
            label={
              role === "party"
                ? (party?.label ?? t("namedParty"))
                : role === "brand"
                  ? (draft.brand?.label ?? funders("brand"))
                  : funders(role)
            }
          >
            <Money amount={amounts[i] ?? 0n} currency={draft.currency} />
          </Line>
        ))}
      </dl>
    </div>
  );
}

function Line({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <div className="flex items-baseline justify-between gap-4">
      <dt className="min-w-0 truncate text-muted-foreground">{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}
