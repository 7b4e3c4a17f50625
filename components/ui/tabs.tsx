"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import { type KeyboardEvent, type ReactNode, useId, useState } from "react";
import { cn } from "./cn";

const LIST = "relative flex gap-1 overflow-x-auto border-b border-border [scrollbar-width:none]";
const TAB =
  "relative flex h-9 shrink-0 cursor-pointer items-center gap-2 border-b-2 border-transparent px-3 text-sm font-medium text-muted-foreground transition-colors " +
  "hover:text-foreground focus-visible:-outline-offset-2 disabled:cursor-not-allowed disabled:opacity-50 pointer-coarse:h-11";
const TAB_ACTIVE = "border-primary text-foreground";

export interface TabItem<T extends string = string> {
  value: T;
  label: ReactNode;
  content: ReactNode;
  disabled?: boolean;
}

export interface TabsProps<T extends string> {
  label: string;
  tabs: readonly TabItem<T>[];
  value?: T;
  defaultValue?: T;
  onValueChange?: (value: T) => void;
  className?: string;
}

/** Views of one thing. Keep `value` in the address (nuqs) where a link should open one of them. */
export function Tabs<T extends string>({
  label,
  tabs,
  value,
  defaultValue,
  onValueChange,
  className,
}: TabsProps<T>) {
  const id = useId();
  const [own, setOwn] = useState(defaultValue);
  const shown = tabs.find((tab) => tab.value === (value ?? own)) ?? tabs[0];
  const choose = (next: T) => {
    setOwn(next);
    onValueChange?.(next);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const open = tabs.filter((tab) => !tab.disabled);
    const at = open.findIndex((tab) => tab.value === shown?.value);
    const to = {
      ArrowRight: (at + 1) % open.length,
      ArrowLeft: (at - 1 + open.length) % open.length,
      Home: 0,
      End: open.length - 1,
    }[event.key];
    const next = to === undefined ? undefined : open[to];
    if (!next) return;
    event.preventDefault();
    choose(next.value);
    document.getElementById(`${id}-tab-${next.value}`)?.focus();
  };
  return (
    <div className={className}>
      <div role="tablist" aria-label={label} className={LIST}>
        {tabs.map((tab) => {
          const active = tab.value === shown?.value;
          return (
            <button
              key={tab.value}
              id={`${id}-tab-${tab.value}`}
              type="button"
              role="tab"
              aria-selected={active}
              aria-controls={active ? `${id}-panel` : undefined}
              tabIndex={active ? 0 : -1}
              disabled={tab.disabled}
              onClick={() => choose(tab.value)}
              onKeyDown={onKeyDown}
              className={cn(TAB, active && TAB_ACTIVE)}
            >
              {tab.label}
            </button>
          );
        })}
      </div>
      {shown ? (
        <div id={`${id}-panel`} role="tabpanel" aria-labelledby={`${id}-tab-${shown.value}`} className="pt-4">
          {shown.content}
        </div>
      ) : null}
    </div>
  );
}

/** Tabs that are pages of their own. */
export function LinkTabs({
  label,
  tabs,
}: {
  label: string;
  tabs: readonly { href: string; label: ReactNode }[];
}) {
  const path = usePathname();
  return (
    <nav aria-label={label} className={LIST}>
      {tabs.map((tab) => {
        const active = path === tab.href;
        return (
          <Link
            key={tab.href}
            href={tab.href}
            aria-current={active ? "page" : undefined}
            className={cn(TAB, active && TAB_ACTIVE)}
          >
            {tab.label}
          </Link>
        );
      })}
    </nav>
  );
}
