import { cookies } from "next/headers";
import { redirect } from "next/navigation";
import { NextIntlClientProvider } from "next-intl";
import type { ReactNode } from "react";
import { LOCALE_COOKIE } from "@/components/i18n/config";
import { AccountLanguage } from "@/components/layout/locale-switch";
import { PortalShell } from "@/components/layout/portal-shell";
import { ViewerProvider } from "@/components/layout/viewer";
import { currentViewer } from "@/server/auth/viewer";

export default async function PortalLayout({ children }: { children: ReactNode }) {
  const viewer = await currentViewer();
  if (!viewer) redirect("/sign-in");
  const choice = (await cookies()).get(LOCALE_COOKIE);
  return (
    <NextIntlClientProvider>
      <ViewerProvider viewer={viewer}>
        {viewer.locale && !choice ? <AccountLanguage locale={viewer.locale} /> : null}
        <PortalShell>{children}</PortalShell>
      </ViewerProvider>
    </NextIntlClientProvider>
  );
}
