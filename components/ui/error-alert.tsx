"use client";

import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { Alert } from "./alert";
import { Button } from "./button";
import { useErrorMessage } from "./error-message";

/** A failure where it happened: the sentence, the reference, and a way on. Renders nothing without an error. */
export function ErrorAlert({
  error,
  onRetry,
  actions,
  className,
}: {
  error: unknown;
  onRetry?: () => void;
  actions?: ReactNode;
  className?: string;
}) {
  const t = useTranslations("common");
  const explain = useErrorMessage();
  if (!error) return null;
  const { code, message, requestId } = explain(error);
  // Asked again, the answer is the same.
  const again = code === "PERMISSION_DENIED" ? undefined : onRetry;
  return (
    <Alert
      tone="danger"
      className={className}
      actions={
        again || actions ? (
          <>
            {again ? (
              <Button variant="outline" size="sm" onClick={again}>
                {t("actions.retry")}
              </Button>
            ) : null}
            {actions}
          </>
        ) : undefined
      }
    >
      <p>{message}</p>
      {requestId ? (
        <p className="mt-1 text-xs text-muted-foreground">
          {t("errorPage.reference", { reference: requestId })}
        </p>
      ) : null}
    </Alert>
  );
}
