"use client";

import { Monitor, Moon, Sun } from "lucide-react";
import { useTranslations } from "next-intl";
import { ThemeProvider as NextThemes, useTheme } from "next-themes";
import type { ReactNode } from "react";
import { MenuChoice } from "@/components/ui/menu";

export function ThemeProvider({ nonce, children }: { nonce: string | undefined; children: ReactNode }) {
  return (
    <NextThemes
      attribute="class"
      defaultTheme="system"
      enableSystem
      disableTransitionOnChange
      storageKey="kq.theme"
      nonce={nonce}
    >
      {children}
    </NextThemes>
  );
}

const THEMES = ["light", "dark", "system"] as const;

/** Part of a menu; drawn only once it is open, and so only in the browser, which alone knows the theme. */
export function ThemeChoice() {
  const t = useTranslations("common.theme");
  const { theme, setTheme } = useTheme();
  const icons = { light: <Sun aria-hidden />, dark: <Moon aria-hidden />, system: <Monitor aria-hidden /> };
  return (
    <MenuChoice
      label={t("label")}
      value={THEMES.find((one) => one === theme) ?? "system"}
      onValueChange={setTheme}
      options={THEMES.map((value) => ({ value, label: t(value), icon: icons[value] }))}
    />
  );
}
