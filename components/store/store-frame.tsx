"use client";

import { Link2Off, Store } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { LocaleSwitch } from "@/components/layout/locale-switch";
import { cn } from "@/components/ui/cn";

/** The frame of a buyer's pages: whose shop it is, and the other language. */
export function StoreFrame({
  title,
  name,
  wide,
  children,
}: {
  /** Of the window. */
  title: string;
  /** Whose page it is. */
  name: string | null;
  wide?: boolean;
  children: ReactNode;
}) {
  const t = useTranslations("common");
  const width = wide ? "max-w-5xl" : "max-w-lg";
  return (
    <div className="flex min-h-dvh flex-col">
      <title>{`${title} · ${t("product")}`}</title>
      <header className={cn("mx-auto flex w-full items-center justify-between gap-3 px-4 py-2", width)}>
        <span className="min-w-0 truncate text-sm font-medium">{name ?? t("product")}</span>
        <span data-print="hide">
          <LocaleSwitch />
        </span>
      </header>
      <main className={cn("mx-auto w-full flex-1 space-y-4 px-4 pb-8", width)}>{children}</main>
    </div>
  );
}

/** There is no such shop, or it sells nothing now: one answer to both. */
export function ShopClosed() {
  const t = useTranslations("store.shop");
  return <Nothing icon={<Store />} title={t("closedTitle")} body={t("closedBody")} />;
}

/** A link that was cut short, made up, or has run out: one answer to all. */
export function LinkMissing() {
  const t = useTranslations("store.missing");
  return <Nothing icon={<Link2Off />} title={t("title")} body={t("body")} />;
}

function Nothing({ icon, title, body }: { icon: ReactNode; title: string; body: string }) {
  return (
    <StoreFrame title={title} name={null}>
      <div className="space-y-2 rounded-2xl border border-border bg-card px-6 py-12 text-center">
        <span
          aria-hidden
          className="flex justify-center text-muted-foreground [&_svg]:size-12 [&_svg]:stroke-[1.5]"
        >
          {icon}
        </span>
        <h1 className="text-xl font-semibold">{title}</h1>
        <p className="text-muted-foreground text-balance">{body}</p>
      </div>
    </StoreFrame>
  );
}
