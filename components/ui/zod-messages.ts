"use client";

import { useTranslations } from "next-intl";
import { useMemo } from "react";
import type { z } from "zod";

/** zod's findings in the reader's language. A message of the schema itself (an error code) goes before. */
export function useZodMessages(): z.core.$ZodErrorMap {
  const t = useTranslations("common.validation");
  return useMemo<z.core.$ZodErrorMap>(
    () => (issue) => {
      switch (issue.code) {
        case "invalid_type":
          return issue.input === undefined || issue.input === null || issue.input === ""
            ? t("required")
            : t("invalid");
        case "too_small":
          if (issue.origin === "string") {
            return issue.input === "" ? t("required") : t("tooShort", { minimum: Number(issue.minimum) });
          }
          if (issue.origin === "array" || issue.origin === "set") {
            return t("tooFew", { minimum: Number(issue.minimum) });
          }
          return t("tooSmall", { minimum: String(issue.minimum) });
        case "too_big":
          if (issue.origin === "string") return t("tooLong", { maximum: Number(issue.maximum) });
          if (issue.origin === "array" || issue.origin === "set") {
            return t("tooMany", { maximum: Number(issue.maximum) });
          }
          return t("tooBig", { maximum: String(issue.maximum) });
        case "invalid_format":
          if (issue.input === "") return t("required");
          if (issue.format === "email") return t("email");
          if (issue.format === "url") return t("url");
          if (issue.format === "date" || issue.format === "datetime") return t("date");
          return t("invalid");
        case "invalid_value":
          return issue.input === undefined || issue.input === null || issue.input === ""
            ? t("required")
            : t("choice");
        default:
          return t("invalid");
      }
    },
    [t],
  );
}
