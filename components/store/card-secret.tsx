"use client";

import { useTranslations } from "next-intl";
import { useFormat } from "@/components/format/use-format";
import { CopyButton } from "@/components/ui/copy-button";
import { lastMoment } from "@/components/vouchers/last-moment";
import type { RevealedCard } from "@/server/domain/orders/types";

/** A card in the open: its number and secret large enough to be typed off, each to be copied. */
export function CardSecret({ card, timeZone }: { card: RevealedCard; timeZone?: string }) {
  const t = useTranslations("store.cards");
  const format = useFormat(timeZone ? { timeZone } : {});
  return (
    <div className="space-y-3 rounded-lg border border-primary/40 bg-primary-soft p-3 print:border-black print:bg-white">
      {card.number === "" ? null : <Value label={t("number")} value={card.number} />}
      <Value label={card.number === "" ? t("code") : t("secret")} value={card.secret} />
      <p className="text-sm">
        {card.expiresAt
          ? t("expires", { time: format.instant(lastMoment(card.expiresAt, format.timeZone)) })
          : t("noExpiry")}
      </p>
    </div>
  );
}

function Value({ label, value }: { label: string; value: string }) {
  return (
    <div>
      <p className="text-xs text-muted-foreground">{label}</p>
      <div className="flex items-center justify-between gap-2">
        <p className="min-w-0 font-mono text-xl leading-snug font-semibold tracking-wide break-all tabular-nums select-all sm:text-2xl">
          {value}
        </p>
        <span data-print="hide">
          <CopyButton value={value} what={label} />
        </span>
      </div>
    </div>
  );
}

/** One line a card, for pasting somewhere else. */
export function asText(cards: Iterable<RevealedCard>): string {
  return [...cards]
    .map(({ productName, number, secret }) =>
      [productName, number, secret].filter((one) => one !== "").join(" "),
    )
    .join("\n");
}
