"use client";

import { useTranslations } from "next-intl";
import { useCallback } from "react";

/** The name of a leg code, e.g. `fee.commission` → "Platform commission"; a code of the tenant's own stands as it is. */
export function useLegName(): (code: string) => string {
  const t = useTranslations("trace.legs");
  return useCallback(
    (code) => {
      const key = code.replaceAll(".", "_") as Parameters<typeof t>[0];
      return t.has(key) ? t(key) : code;
    },
    [t],
  );
}
