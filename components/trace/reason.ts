"use client";

import { useTranslations } from "next-intl";

/** What the system itself writes into the books as a reason; people's own words stay as they are. */
const OWN = {
  undo: "undo",
  "Paid twice": "paidTwice",
  "Paid after the order had expired": "paidLate",
  "Wrong amount": "wrongAmount",
  "Nothing to deliver": "nothingToDeliver",
  "Delivered after all": "delivered",
} as const;

/** A reason as the reader's language has it. */
export function useReason(): (reason: string) => string {
  const t = useTranslations("trace.reasons");
  return (reason) => (isOwn(reason) ? t(OWN[reason]) : reason);
}

const isOwn = (reason: string): reason is keyof typeof OWN => Object.hasOwn(OWN, reason);
