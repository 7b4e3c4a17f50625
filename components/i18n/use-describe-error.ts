"use client";

import { useLocale, useTranslations } from "next-intl";
import { useCallback } from "react";
import { formatInstant, formatMoney } from "@/components/format/format";
import { useOptionalViewer } from "@/components/layout/viewer";
import type { ErrorCode, ErrorParams } from "@/server/core/errors";
import { isCurrency } from "@/server/core/money";
import { PERMISSIONS, type Permission } from "@/server/core/permissions";
import type { Messages } from "./messages";
import { placeholders } from "./placeholders";

/**
 * The sentence of an error. A parameter that was not given reads as "none", for which each sentence provides
 * (`{value, select, none {} other {…}}`); moments become local times, permissions get their names.
 */
export function useDescribeError(): (code: ErrorCode | "OFFLINE", params?: ErrorParams) => string {
  const t = useTranslations("errors");
  const permissionName = useTranslations("common.permissions");
  const locale = useLocale();
  const ruleProblem = useTranslations("rules.problems");
  const tenant = useOptionalViewer()?.tenant;
  const timeZone = tenant?.timezone ?? "UTC";
  const tenantCurrency = tenant?.currency;
  return useCallback(
    (code, params = {}) => {
      const shown = (name: string): string => {
        const value = params[name];
        if (value === undefined || value === null || value === "") return "none";
        const text = String(value);
        if (AMOUNTS[code]?.includes(name) && /^-?\d+$/.test(text)) {
          const currency = String(params.currency ?? tenantCurrency ?? "");
          return isCurrency(currency) ? formatMoney(BigInt(text), currency, locale) : "none";
        }
        if (isPermission(text)) return permissionName(text);
        if (name === "problem" && ruleProblem.has(text as RuleProblem))
          return ruleProblem(text as RuleProblem);
        return INSTANT.test(text) ? formatInstant(text, { locale, timeZone }) : text;
      };
      const names = placeholders(String(t.raw(code)));
      return t(code, Object.fromEntries(names.map((name) => [name, shown(name)])));
    },
    [t, permissionName, ruleProblem, locale, timeZone, tenantCurrency],
  );
}

/** Parameters that are amounts in minor units: of the error's currency, else of the tenant's. */
const AMOUNTS: Partial<Record<ErrorCode | "OFFLINE", readonly string[]>> = {
  VOUCHER_BELOW_THRESHOLD: ["threshold", "missing"],
  VOUCHER_BALANCE_TOO_LOW: ["balance", "asked"],
  DISCOUNT_EXCEEDS_ORDER: ["discount", "order"],
  REVERSAL_EXCEEDS_TRADE: ["amount", "left"],
  ACCOUNT_BELOW_FLOOR: ["balance", "floor"],
};

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})$/;

type RuleProblem = keyof Messages["rules"]["problems"];

function isPermission(text: string): text is Permission {
  return Object.hasOwn(PERMISSIONS, text);
}
