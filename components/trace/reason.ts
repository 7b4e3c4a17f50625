"use client";

import { useTranslations } from "next-intl";
import { SYSTEM_REASONS } from "@/server/core/system-words";

type Name = keyof typeof SYSTEM_REASONS;
const NAMES = new Map<string, Name>(
  (Object.keys(SYSTEM_REASONS) as Name[]).map((name) => [SYSTEM_REASONS[name], name]),
);

/** A reason as the reader's language has it: the system's own translated, people's own words as they are. */
export function useReason(): (reason: string) => string {
  const t = useTranslations("trace.reasons");
  return (reason) => {
    const name = NAMES.get(reason);
    return name ? t(name) : reason;
  };
}
