import { NextIntlClientProvider } from "next-intl";
import { getMessages } from "next-intl/server";
import type { ReactNode } from "react";
import { publicMessages } from "@/components/i18n/scopes";

export default async function PublicLayout({ children }: { children: ReactNode }) {
  return (
    <NextIntlClientProvider messages={publicMessages(await getMessages())}>{children}</NextIntlClientProvider>
  );
}
