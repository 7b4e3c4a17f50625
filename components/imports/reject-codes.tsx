"use client";

import { useTranslations } from "next-intl";
import { Badge } from "@/components/ui/badge";
import { isErrorCode, useErrorText } from "@/components/ui/error-message";
import { LINE_CODES } from "@/server/domain/imports/schemas";

/** Why a line was rejected: a few words for each code that reading gives, the sentence for those of clearing. */
export function RejectCodes({ codes }: { codes: readonly string[] }) {
  const t = useTranslations("imports.codes");
  const sentence = useErrorText();
  return (
    <ul className="flex flex-wrap gap-1">
      {codes.map((code) => (
        <li key={code}>
          {isLineCode(code) ? (
            <Badge tone="danger">{t(code)}</Badge>
          ) : (
            <span className="text-xs text-destructive">{isErrorCode(code) ? sentence(code) : code}</span>
          )}
        </li>
      ))}
    </ul>
  );
}

function isLineCode(code: string): code is (typeof LINE_CODES)[number] {
  return (LINE_CODES as readonly string[]).includes(code);
}
