"use client";

import { Tabs as Base } from "@base-ui/react/tabs";
import Link from "next/link";
import { usePathname } from "next/navigation";
import type { ReactNode } from "react";
import { cn } from "./cn";

const LIST = "relative flex gap-1 overflow-x-auto border-b border-border [scrollbar-width:none]";
const TAB =
  "relative flex h-9 shrink-0 cursor-pointer items-center gap-2 border-b-2 border-transparent px-3 text-sm font-medium text-muted-foreground transition-colors " +
  "hover:text-foreground focus-visible:-outline-offset-2 pointer-coarse:h-11";
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
  return (
    <Base.Root
      value={value}
      defaultValue={value === undefined ? (defaultValue ?? tabs[0]?.value) : undefined}
      onValueChange={(next) => onValueChange?.(next as T)}
      className={className}
    >
      <Base.List aria-label={label} className={LIST} activateOnFocus>
        {tabs.map((tab) => (
          <Base.Tab
            key={tab.value}
            value={tab.value}
            disabled={tab.disabled}
            className={cn(TAB, "data-[active]:border-primary data-[active]:text-foreground")}
          >
            {tab.label}
          </Base.Tab>
        ))}
      </Base.List>
      {tabs.map((tab) => (
        <Base.Panel key={tab.value} value={tab.value} className="pt-4">
          {tab.content}
        </Base.Panel>
      ))}
    </Base.Root>
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
