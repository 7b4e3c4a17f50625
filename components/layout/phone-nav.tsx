"use client";

import { Menu as MenuIcon } from "lucide-react";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { cn } from "@/components/ui/cn";
import { Sheet } from "@/components/ui/dialog";
import { isActive, phoneNavFor } from "./nav";
import { NavList } from "./sidebar";
import { useKeptRange } from "./use-kept-range";
import { useNavName } from "./use-nav-name";
import { useViewer } from "./viewer";

const CELL =
  "flex h-15 min-w-0 flex-1 flex-col items-center justify-center gap-1 text-[0.6875rem] leading-none tracking-tight text-muted-foreground focus-visible:-outline-offset-2";

/** Within the thumb's reach: four pages and all the others. A merchant's first is to redeem, and looks it. */
export function PhoneNav() {
  const nameOf = useNavName();
  const shell = useTranslations("common.shell");
  const viewer = useViewer();
  const path = usePathname();
  const range = useKeptRange();
  const [open, setOpen] = useState(false);
  return (
    <nav
      aria-label={shell("navigation")}
      data-print="hide"
      className="fixed inset-x-0 bottom-0 z-40 border-t border-border bg-card pb-[env(safe-area-inset-bottom)] lg:hidden"
    >
      <ul className="mx-auto flex max-w-xl">
        {phoneNavFor(viewer.role).map((item) => {
          const active = isActive(item.href, path);
          const strong = item.key === "redeem" && viewer.role === "merchant";
          const Icon = item.icon;
          return (
            <li key={item.key} className="flex min-w-0 flex-1">
              <Link
                href={`${item.href}${range}`}
                aria-current={active ? "page" : undefined}
                className={cn(CELL, active && "font-medium text-primary")}
              >
                <span
                  className={cn(
                    "grid h-7 place-items-center rounded-full px-3",
                    active && "bg-primary-soft",
                    strong && "bg-primary text-primary-foreground",
                  )}
                >
                  <Icon aria-hidden className="size-5" />
                </span>
                <span className="max-w-full truncate">{nameOf(item.key)}</span>
              </Link>
            </li>
          );
        })}
        <li className="flex min-w-0 flex-1">
          <Sheet
            open={open}
            onOpenChange={setOpen}
            side="left"
            size="sm"
            title={shell("allPages")}
            trigger={
              <button type="button" className={CELL}>
                <span className="grid h-7 place-items-center px-3">
                  <MenuIcon aria-hidden className="size-5" />
                </span>
                <span className="max-w-full truncate">{shell("allPages")}</span>
              </button>
            }
          >
            <NavList role={viewer.role} large onNavigate={() => setOpen(false)} />
          </Sheet>
        </li>
      </ul>
    </nav>
  );
}
