import type { Metadata, Viewport } from "next";
import { headers } from "next/headers";
import { NextIntlClientProvider } from "next-intl";
import { getLocale, getMessages } from "next-intl/server";
import type { ReactNode } from "react";
import { frameMessages } from "@/components/i18n/scopes";
import { Providers } from "@/components/layout/providers";
import "./globals.css";

export const metadata: Metadata = {
  applicationName: "Kaqing",
  icons: { icon: "/icon.svg" },
  formatDetection: { telephone: false, date: false, address: false, email: false },
  robots: { index: false, follow: false },
};

export const viewport: Viewport = {
  width: "device-width",
  initialScale: 1,
  viewportFit: "cover",
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: "#ffffff" },
    { media: "(prefers-color-scheme: dark)", color: "#161a1d" },
  ],
};

export default async function RootLayout({ children }: { children: ReactNode }) {
  const [locale, messages, head] = await Promise.all([getLocale(), getMessages(), headers()]);
  return (
    // The theme's script sets a class before React looks at the element.
    <html lang={locale} suppressHydrationWarning>
      <body>
        <NextIntlClientProvider messages={frameMessages(messages)}>
          <Providers nonce={head.get("x-nonce") ?? undefined}>{children}</Providers>
        </NextIntlClientProvider>
      </body>
    </html>
  );
}
