"use client";

import { Languages } from "lucide-react";
import { useLocale, useTranslations } from "next-intl";
import { useCallback, useEffect, useRef, useTransition } from "react";
import { chooseLanguage } from "@/components/i18n/choose-language";
import { LOCALE_NAMES, LOCALES, type Locale } from "@/components/i18n/config";
import { useTRPCClient } from "@/components/trpc";
import { Button } from "@/components/ui/button";
import { useOptionalViewer } from "./viewer";

export function useLocaleSwitch(): {
  locale: Locale;
  switching: boolean;
  switchTo: (locale: Locale) => void;
} {
  const locale = useLocale();
  const client = useTRPCClient();
  const signedIn = useOptionalViewer() !== null;
  const [switching, start] = useTransition();
  const switchTo = useCallback(
    (next: Locale) => {
      start(() => chooseLanguage(next));
      // For the documents of this account, and its next device. This page does not wait for it or depend on it.
      if (signedIn) client.account.setLocale.mutate({ locale: next }).catch(() => {});
    },
    [client, signedIn],
  );
  return { locale, switching, switchTo };
}

/** On a new device, the account's language; what is chosen there goes before. */
export function AccountLanguage({ locale }: { locale: Locale }) {
  const current = useLocale();
  const asked = useRef(false);
  useEffect(() => {
    if (asked.current || locale === current) return;
    asked.current = true;
    void chooseLanguage(locale);
  }, [locale, current]);
  return null;
}

/** The other language, in its own name: whoever needs it can read it. */
export function LocaleSwitch({ compact }: { compact?: boolean }) {
  const t = useTranslations("common.language");
  const { locale, switching, switchTo } = useLocaleSwitch();
  const other = LOCALES.find((one) => one !== locale) ?? locale;
  return (
    <Button
      variant="ghost"
      lang={other}
      loading={switching}
      icon={<Languages aria-hidden />}
      aria-label={`${LOCALE_NAMES[other]} · ${t("switchTo", { language: LOCALE_NAMES[other] })}`}
      onClick={() => switchTo(other)}
    >
      <span className={compact ? "max-lg:hidden" : undefined}>{LOCALE_NAMES[other]}</span>
    </Button>
  );
}
