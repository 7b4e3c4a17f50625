"use client";

import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { useFormat } from "@/components/format/use-format";
import { BrandMark } from "./brand";
import { LocaleSwitch } from "./locale-switch";
import { PaletteButton } from "./palette";
import { PhoneNav } from "./phone-nav";
import { SecondFactorGate } from "./second-factor-gate";
import { Sidebar } from "./sidebar";
import { UserMenu } from "./user-menu";
import { useViewer } from "./viewer";

/** What stands around every page of the portal. */
export function PortalShell({ children }: { children: ReactNode }) {
  const t = useTranslations("common.shell");
  const viewer = useViewer();
  const format = useFormat();
  return (
    <div className="flex min-h-dvh">
      <a
        href="#main"
        className="fixed start-3 top-3 z-60 -translate-y-20 rounded-md bg-primary px-4 py-2 text-primary-foreground focus-visible:translate-y-0"
      >
        {t("skip")}
      </a>
      <Sidebar />
      <div className="flex min-w-0 flex-1 flex-col">
        <header
          data-print="hide"
          className="sticky top-0 z-30 flex h-14 items-center gap-2 border-b border-border bg-card px-3 sm:px-5"
        >
          <BrandMark className="lg:hidden" />
          <p className="min-w-0 truncate font-medium">
            {viewer.tenant.name}
            {viewer.party.kind === "platform" ? null : (
              <span className="ms-2 font-normal text-muted-foreground max-sm:hidden">
                {viewer.party.name}
              </span>
            )}
          </p>
          <div className="ms-auto flex items-center gap-1">
            <PaletteButton />
            <LocaleSwitch compact />
            <UserMenu />
          </div>
        </header>
        <main id="main" tabIndex={-1} className="flex-1 px-3 pt-4 pb-6 sm:px-5 sm:pt-5">
          <SecondFactorGate>{children}</SecondFactorGate>
        </main>
        <footer
          data-print="hide"
          className="px-3 pt-2 pb-4 text-xs text-muted-foreground max-lg:pb-[calc(5rem+env(safe-area-inset-bottom))] sm:px-5"
        >
          <p className="mx-auto max-w-[120rem]">{t("timesIn", { zone: format.zone() })}</p>
        </footer>
      </div>
      <PhoneNav />
    </div>
  );
}
