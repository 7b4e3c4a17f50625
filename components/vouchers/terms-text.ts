"use client";

import { useTranslations } from "next-intl";
import { useCallback } from "react";
import { useFormat } from "@/components/format/use-format";
import { rateParts, roundDiv } from "@/server/core/money";
import type { VoucherTerms } from "@/server/domain/vouchers/schemas";

/** What a voucher gives, in one line: "满 ¥100.00 减 ¥20.00" · "¥20.00 off from ¥100.00". */
export function useTermsText(): (terms: VoucherTerms, currency: string) => string {
  const t = useTranslations("vouchers.terms");
  const format = useFormat();
  return useCallback(
    (terms, currency) => {
      const money = (minor: string) => format.money(BigInt(minor), currency);
      const parts: string[] = [];
      switch (terms.type) {
        case "fixed":
          parts.push(t("fixed", { amount: money(terms.amount) }));
          break;
        case "threshold":
          parts.push(
            t(terms.every ? "every" : "threshold", {
              threshold: money(terms.threshold),
              amount: money(terms.amount),
            }),
          );
          if (terms.every && terms.ceiling) parts.push(t("ceiling", { amount: money(terms.ceiling) }));
          break;
        case "percent":
          parts.push(
            terms.off === "1"
              ? t("free")
              : t("percent", { rate: format.rate(terms.off), fold: foldOf(terms.off) }),
          );
          if (terms.minimum) parts.push(t("minimum", { amount: money(terms.minimum) }));
          if (terms.ceiling) parts.push(t("ceiling", { amount: money(terms.ceiling) }));
          break;
        case "exchange":
          parts.push(t("exchange", { products: terms.productCodes.join(t("or")) }));
          if (terms.ceiling) parts.push(t("worthAtMost", { amount: money(terms.ceiling) }));
          break;
        case "gift_card":
          parts.push(t("giftCard", { amount: money(terms.balance) }));
      }
      return parts.join(t("comma"));
    },
    [t, format],
  );
}

/** Chinese counts what is left, in tenths: 20 % off is "8", 15 % off is "8.5". */
function foldOf(off: string): string {
  const { numerator, denominator } = rateParts(off);
  const left = roundDiv((denominator - numerator) * 10_000_000n, denominator, "half_up");
  const digits = left.toString().padStart(7, "0");
  const places = digits.slice(-6).replace(/0+$/, "");
  return `${digits.slice(0, -6)}${places ? `.${places}` : ""}`;
}
