"use client";

import { PanelLeftClose, PanelLeftOpen } from "lucide-react";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { useTranslations } from "next-intl";
import { useSyncExternalStore } from "react";
import { IconButton } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { BrandMark } from "./brand";
import { isActive, type NavItem, navGroupsFor } from "./nav";
import { useKeptRange } from "./use-kept-range";
import { useNavName } from "./use-nav-name";
import { useViewer } from "./viewer";

const KEY = "kq.sidebar";

export function Sidebar() {
  const t = useTranslations("common");
  const viewer = useViewer();
  const { collapsed, toggle } = useCollapsed();
  return (
    <aside
      data-print="hide"
      className={cn(
        "sticky top-0 hidden h-dvh shrink-0 flex-col border-e border-border bg-card lg:flex",
        collapsed ? "w-14" : "w-56",
      )}
    >
      <Link
        href="/overview"
        className={cn(
          "flex h-14 items-center gap-2.5 border-b border-border px-3.5 font-semibold focus-visible:-outline-offset-2",
          collapsed && "justify-center px-0",
        )}
      >
        <BrandMark />
        <span className={cn("truncate text-base", collapsed && "sr-only")}>{t("product")}</span>
      </Link>
      <nav aria-label={t("shell.navigation")} className="min-h-0 flex-1 overflow-y-auto px-2 py-3">
        <NavList collapsed={collapsed} role={viewer.role} />
      </nav>
      <div className={cn("flex border-t border-border p-2", collapsed ? "justify-center" : "justify-end")}>
        <IconButton
          label={collapsed ? t("shell.expand") : t("shell.collapse")}
          aria-expanded={!collapsed}
          onClick={toggle}
        >
          {collapsed ? <PanelLeftOpen aria-hidden /> : <PanelLeftClose aria-hidden />}
        </IconButton>
      </div>
    </aside>
  );
}

export function NavList(props: {
  role: Parameters<typeof navGroupsFor>[0];
  collapsed?: boolean;
  large?: boolean;
  onNavigate?: () => void;
}) {
  const t = useTranslations("nav");
  return (
    <div className="space-y-4">
      {navGroupsFor(props.role).map(({ group, items }) => (
        <div key={group}>
          <p className={cn("px-2.5 pb-1 text-xs text-muted-foreground", props.collapsed && "sr-only")}>
            {t(`groups.${group}`)}
          </p>
          <ul className="space-y-0.5">
            {items.map((item) => (
              <li key={item.key}>
                <NavLink item={item} {...props} />
              </li>
            ))}
          </ul>
        </div>
      ))}
    </div>
  );
}

function NavLink({
  item,
  collapsed,
  large,
  onNavigate,
}: {
  item: NavItem;
  collapsed?: boolean;
  large?: boolean;
  onNavigate?: () => void;
}) {
  const name = useNavName()(item.key);
  const path = usePathname();
  const range = useKeptRange();
  const active = isActive(item.href, path);
  const Icon = item.icon;
  return (
    <Link
      href={`${item.href}${range}`}
      title={collapsed ? name : undefined}
      aria-current={active ? "page" : undefined}
      onClick={onNavigate}
      className={cn(
        "flex items-center gap-2.5 rounded-md text-muted-foreground transition-colors hover:bg-accent hover:text-foreground focus-visible:-outline-offset-2",
        large ? "h-12 px-3 text-base" : "h-9 px-2.5 text-sm",
        collapsed && "justify-center px-0",
        active && "bg-primary-soft font-medium text-primary hover:bg-primary-soft hover:text-primary",
      )}
    >
      <Icon aria-hidden className={cn("shrink-0", large ? "size-5" : "size-4.5")} />
      <span className={cn("truncate", collapsed && "sr-only")}>{name}</span>
    </Link>
  );
}

function useCollapsed() {
  const collapsed = useSyncExternalStore(
    subscribe,
    () => localStorage.getItem(KEY) === "collapsed",
    () => false,
  );
  return {
    collapsed,
    toggle: () => {
      localStorage.setItem(KEY, collapsed ? "open" : "collapsed");
      for (const listener of listeners) listener();
    },
  };
}

const listeners = new Set<() => void>();
function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
