"use client";

import { useLocale, useTranslations } from "next-intl";
import { useCallback } from "react";
import { formatInstant } from "@/components/format/format";
import { useOptionalViewer } from "@/components/layout/viewer";
import type { ErrorCode, ErrorParams } from "@/server/core/errors";
import { PERMISSIONS, type Permission } from "@/server/core/permissions";
import { placeholders } from "./placeholders";

/**
 * The sentence of an error. A parameter that was not given reads as "none", for which each sentence provides
 * (`{value, select, none {} other {…}}`); moments become local times, permissions get their names.
 */
export function useDescribeError(): (code: ErrorCode | "OFFLINE", params?: ErrorParams) => string {
  const t = useTranslations("errors");
  const permissionName = useTranslations("common.permissions");
  const locale = useLocale();
  const timeZone = useOptionalViewer()?.tenant.timezone ?? "UTC";
  return useCallback(
    (code, params = {}) => {
      const shown = (name: string): string => {
        const value = params[name];
        if (value === undefined || value === null || value === "") return "none";
        const text = String(value);
        if (isPermission(text)) return permissionName(text);
        return INSTANT.test(text) ? formatInstant(text, { locale, timeZone }) : text;
      };
      const names = placeholders(String(t.raw(code)));
      return t(code, Object.fromEntries(names.map((name) => [name, shown(name)])));
    },
    [t, permissionName, locale, timeZone],
  );
}

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})$/;

function isPermission(text: string): text is Permission {
  return Object.hasOwn(PERMISSIONS, text);
}
