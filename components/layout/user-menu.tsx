"use client";

import { CircleUser, LogOut } from "lucide-react";
import { useTranslations } from "next-intl";
import { LOCALE_NAMES, LOCALES } from "@/components/i18n/config";
import { buttonStyles } from "@/components/ui/button";
import { Menu, MenuChoice, MenuItem, MenuLabel, MenuSeparator } from "@/components/ui/menu";
import { useLocaleSwitch } from "./locale-switch";
import { ThemeChoice } from "./theme";
import { useViewer } from "./viewer";

export function UserMenu() {
  const t = useTranslations("common");
  const viewer = useViewer();
  const { locale, switchTo } = useLocaleSwitch();
  return (
    <Menu
      className="min-w-56"
      trigger={
        <button
          type="button"
          aria-label={t("shell.userMenu", { name: viewer.name })}
          className={buttonStyles({ variant: "ghost", className: "gap-2 px-2" })}
        >
          <span
            aria-hidden
            className="grid size-7 place-items-center rounded-full bg-primary-soft text-xs font-semibold text-primary"
          >
            {[...viewer.name][0]?.toUpperCase()}
          </span>
          <span className="max-w-32 truncate max-md:hidden">{viewer.name}</span>
        </button>
      }
    >
      <MenuLabel>
        <span className="block truncate text-sm font-medium text-foreground">{viewer.name}</span>
        <span className="block truncate">{viewer.email}</span>
        <span className="block truncate">
          {t("shell.signedInAs", { role: t(`roles.${viewer.role}`), party: viewer.party.name })}
        </span>
      </MenuLabel>
      <MenuSeparator />
      <MenuItem href="/account" icon={<CircleUser aria-hidden />}>
        {t("shell.account")}
      </MenuItem>
      <MenuSeparator />
      <MenuChoice
        label={t("language.label")}
        value={locale}
        onValueChange={switchTo}
        options={LOCALES.map((value) => ({ value, label: <span lang={value}>{LOCALE_NAMES[value]}</span> }))}
      />
      <MenuSeparator />
      <ThemeChoice />
      <MenuSeparator />
      <MenuItem icon={<LogOut aria-hidden />} onSelect={leave}>
        {t("actions.signOut")}
      </MenuItem>
    </Menu>
  );
}

async function leave(): Promise<void> {
  const { signOut } = await import("next-auth/react");
  await signOut({ callbackUrl: "/sign-in" });
}
