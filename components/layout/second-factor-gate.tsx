"use client";

import { usePathname } from "next/navigation";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { Alert } from "@/components/ui/alert";
import { LinkButton } from "@/components/ui/button";
import { useErrorText } from "@/components/ui/error-message";
import { useViewer } from "./viewer";

/** Where the tenant demands a second factor, nothing but the account page works before there is one. */
export function SecondFactorGate({ children }: { children: ReactNode }) {
  const t = useTranslations("common.shell");
  const errorText = useErrorText();
  const viewer = useViewer();
  const path = usePathname();
  if (!viewer.mustEnrolSecondFactor || path === "/account") return children;
  return (
    <Alert
      tone="warning"
      className="mx-auto max-w-2xl"
      actions={<LinkButton href="/account">{t("account")}</LinkButton>}
    >
      {errorText("SECOND_FACTOR_SETUP_REQUIRED")}
    </Alert>
  );
}
