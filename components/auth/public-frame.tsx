"use client";

import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { BrandMark } from "@/components/layout/brand";
import { LocaleSwitch } from "@/components/layout/locale-switch";

/** The frame of the few pages before sign-in. */
export function PublicFrame({
  title,
  subtitle,
  children,
}: {
  title: string;
  subtitle?: ReactNode;
  children: ReactNode;
}) {
  const t = useTranslations("common");
  return (
    <div className="flex min-h-dvh flex-col">
      <title>{`${title} · ${t("product")}`}</title>
      <header className="flex items-center gap-2.5 px-4 py-3 sm:px-6">
        <BrandMark />
        <span className="font-semibold">{t("product")}</span>
        <span className="ms-auto">
          <LocaleSwitch />
        </span>
      </header>
      <main className="flex flex-1 items-start justify-center px-4 pt-[6vh] pb-10 sm:items-center sm:pt-0">
        <div className="w-full max-w-sm space-y-5 rounded-xl border border-border bg-card p-5 shadow-sm sm:p-7">
          <div className="space-y-1">
            <h1 className="text-xl font-semibold tracking-tight">{title}</h1>
            {subtitle ? <p className="text-sm text-muted-foreground">{subtitle}</p> : null}
          </div>
          {children}
        </div>
      </main>
      <footer className="px-6 pb-6 text-center text-xs text-muted-foreground">{t("tagline")}</footer>
    </div>
  );
}
