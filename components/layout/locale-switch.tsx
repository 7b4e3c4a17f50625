"use client";

import { Languages } from "lucide-react";
import { useLocale, useTranslations } from "next-intl";
import { useCallback, useTransition } from "react";
import { chooseLanguage } from "@/components/i18n/choose-language";
import { LOCALE_NAMES, LOCALES, type Locale } from "@/components/i18n/config";
import { Button } from "@/components/ui/button";

export function useLocaleSwitch(): {
  locale: Locale;
  switching: boolean;
  switchTo: (locale: Locale) => void;
} {
  const locale = useLocale();
  const [switching, start] = useTransition();
  const switchTo = useCallback((next: Locale) => start(() => chooseLanguage(next)), []);
  return { locale, switching, switchTo };
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
