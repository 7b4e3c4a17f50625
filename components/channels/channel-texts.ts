"use client";

import { useTranslations } from "next-intl";
import { useFormat } from "@/components/format/use-format";
import type { Channel } from "@/server/domain/payments";

/** A channel's terms in few words. */
export function useChannelTexts() {
  const t = useTranslations("channels");
  const format = useFormat();
  return {
    /** "0.6%, at least ¥0.10". */
    fee({ feeRate, feeMin, feeMax, currency }: Channel): string {
      const bounded = (amount: bigint | null, which: "min" | "max") =>
        amount === null ? null : t(`fee.${which}`, { amount: format.money(amount, currency) });
      const rate = feeRate === "0" ? null : format.rate(feeRate);
      const parts = [rate, bounded(feeMin, "min"), bounded(feeMax, "max")].filter((part) => part !== null);
      return parts.length > 0 ? parts.join(" · ") : t("fee.free");
    },
    bounds({ minAmount, maxAmount, currency }: Channel): string {
      const min = minAmount === null ? "" : format.money(minAmount, currency);
      const max = maxAmount === null ? "" : format.money(maxAmount, currency);
      if (min && max) return t("bounds.between", { min, max });
      if (min) return t("bounds.from", { min });
      return max ? t("bounds.upTo", { max }) : t("bounds.any");
    },
    state: (channel: Channel) => (channel.suspended ? "suspended" : channel.enabled ? "on" : "off"),
  } as const;
}
