"use client";

import { useTranslations } from "next-intl";
import { useViewer } from "@/components/layout/viewer";
import { Instant } from "@/components/ui/instant";
import { Money } from "@/components/ui/money";
import { lastMoment } from "@/components/vouchers/last-moment";
import { VoucherStatusBadge } from "@/components/vouchers/status";
import { useTermsText } from "@/components/vouchers/terms-text";
import type { Offer as OfferOf, VoucherLookup } from "@/server/domain/vouchers/types";

/** What lies on the counter. */
export function VoucherFacts({ voucher }: { voucher: VoucherLookup }) {
  const t = useTranslations("redeem.voucher");
  const termsText = useTermsText();
  const { tenant } = useViewer();
  return (
    <section
      aria-label={t("label")}
      aria-live="polite"
      className="rounded-xl border border-border bg-card px-4 py-3 sm:p-5"
    >
      <div className="flex items-start justify-between gap-3">
        <p className="min-w-0 text-sm font-medium break-words text-muted-foreground">
          {voucher.campaignName}
        </p>
        <VoucherStatusBadge status={voucher.status} />
      </div>
      <p className="mt-1 text-xl leading-snug font-semibold text-balance break-words">
        {voucher.type === "gift_card" && voucher.balance !== null ? (
          <>
            {t("balance")} <Money amount={voucher.balance} currency={voucher.currency} />
          </>
        ) : (
          termsText(voucher.terms, voucher.currency)
        )}
      </p>
      <p className="mt-1.5 flex flex-wrap gap-x-3 text-sm text-muted-foreground">
        <span>
          {voucher.validTo ? (
            <>
              {t("validTo")} <Instant at={lastMoment(voucher.validTo, tenant.timezone)} />
            </>
          ) : (
            t("forever")
          )}
        </span>
        {voucher.usesLeft > 1 && voucher.type !== "gift_card" ? (
          <span>{t("usesLeft", { count: voucher.usesLeft })}</span>
        ) : null}
        <span className="figure">{voucher.reference}</span>
      </p>
    </section>
  );
}

/** What it gives on this order. The number the customer hears is the largest. */
export function Offer({ voucher, offer }: { voucher: VoucherLookup; offer: OfferOf }) {
  const t = useTranslations("redeem.offer");
  const money = (amount: bigint) => <Money amount={amount} currency={voucher.currency} />;
  return (
    <dl aria-live="polite" className="space-y-1.5">
      {offer.discount > 0n || offer.storedValue === 0n ? (
        <div className="flex items-baseline justify-between gap-4">
          <dt className="text-muted-foreground">{t("discount")}</dt>
          <dd className="text-xl font-semibold text-success">{money(-offer.discount)}</dd>
        </div>
      ) : null}
      {offer.storedValue > 0n ? (
        <div className="flex items-baseline justify-between gap-4">
          <dt className="text-muted-foreground">{t("storedValue")}</dt>
          <dd className="text-xl font-semibold text-success">{money(-offer.storedValue)}</dd>
        </div>
      ) : null}
      <div className="flex items-baseline justify-between gap-4">
        <dt className="font-medium">{t("payable")}</dt>
        <dd className="text-3xl leading-tight font-semibold">{money(offer.payable)}</dd>
      </div>
      {offer.balanceAfter !== null ? (
        <div className="flex items-baseline justify-between gap-4 text-sm">
          <dt className="text-muted-foreground">{t("balanceAfter")}</dt>
          <dd>{money(offer.balanceAfter)}</dd>
        </div>
      ) : null}
    </dl>
  );
}
