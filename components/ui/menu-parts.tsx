"use client";

import { Menu as Base } from "@base-ui/react/menu";
import { Check } from "lucide-react";
import Link from "next/link";
import { type ReactElement, type ReactNode, Suspense } from "react";
import { cn } from "./cn";
import type { OverlayState } from "./lazy-overlay";

const ITEM =
  "flex min-h-8 cursor-pointer items-center gap-2.5 rounded-sm px-2 py-1.5 text-sm outline-none select-none pointer-coarse:min-h-11 " +
  "data-[highlighted]:bg-accent data-[disabled]:pointer-events-none data-[disabled]:opacity-50 [&_svg]:size-4 [&_svg]:shrink-0";

export interface MenuProps {
  /** The button that opens it. */
  trigger: ReactElement<Record<string, unknown>>;
  align?: "start" | "center" | "end";
  side?: "bottom" | "top" | "left" | "right";
  className?: string;
  children: ReactNode;
}

export function Menu({
  trigger,
  align = "end",
  side = "bottom",
  className,
  children,
  state,
}: MenuProps & { state: OverlayState }) {
  return (
    <Base.Root {...state} onOpenChange={(open) => state.onOpenChange?.(open)}>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner align={align} side={side} sideOffset={6} className="z-50 outline-none">
          <Base.Popup
            className={cn(
              "max-h-[min(28rem,var(--available-height))] min-w-44 overflow-y-auto rounded-lg border border-border bg-popover p-1 shadow-pop outline-none",
              "origin-[var(--transform-origin)] transition-[opacity,scale] duration-100 data-[ending-style]:scale-95 data-[ending-style]:opacity-0 data-[starting-style]:scale-95 data-[starting-style]:opacity-0",
              className,
            )}
          >
            <Suspense>{children}</Suspense>
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

export interface MenuItemProps {
  icon?: ReactNode;
  onSelect?: () => void;
  href?: string;
  /** For `href`: a file to save. */
  download?: boolean | string;
  danger?: boolean;
  disabled?: boolean;
  children: ReactNode;
}

export function MenuItem({ icon, onSelect, href, download, danger, disabled, children }: MenuItemProps) {
  const className = cn(ITEM, danger && "text-destructive");
  if (href && !disabled) {
    return (
      <Base.LinkItem
        className={className}
        closeOnClick
        {...(download === undefined ? { render: <Link href={href} /> } : { href, download })}
      >
        {icon}
        {children}
      </Base.LinkItem>
    );
  }
  return (
    <Base.Item className={className} disabled={disabled} onClick={onSelect}>
      {icon}
      {children}
    </Base.Item>
  );
}

export interface MenuChoiceProps<T extends string> {
  label: string;
  value: T;
  onValueChange: (value: T) => void;
  options: readonly { value: T; label: ReactNode; icon?: ReactNode }[];
}

/** One of several, marked. */
export function MenuChoice<T extends string>({ label, value, onValueChange, options }: MenuChoiceProps<T>) {
  return (
    <Base.Group>
      <Base.GroupLabel className="px-2 pt-1.5 pb-1 text-xs font-medium text-muted-foreground">
        {label}
      </Base.GroupLabel>
      <Base.RadioGroup value={value} onValueChange={(next) => onValueChange(next as T)}>
        {options.map((option) => (
          <Base.RadioItem key={option.value} value={option.value} className={cn(ITEM, "pe-8 relative")}>
            {option.icon}
            {option.label}
            <Base.RadioItemIndicator className="absolute end-2">
              <Check aria-hidden />
            </Base.RadioItemIndicator>
          </Base.RadioItem>
        ))}
      </Base.RadioGroup>
    </Base.Group>
  );
}

/** Shown or hidden, many at once; the menu stays open. */
export function MenuCheck(props: {
  checked: boolean;
  onCheckedChange: (checked: boolean) => void;
  disabled?: boolean;
  children: ReactNode;
}) {
  return (
    <Base.CheckboxItem
      checked={props.checked}
      onCheckedChange={props.onCheckedChange}
      disabled={props.disabled}
      closeOnClick={false}
      className={cn(ITEM, "relative ps-8")}
    >
      <Base.CheckboxItemIndicator className="absolute start-2">
        <Check aria-hidden />
      </Base.CheckboxItemIndicator>
      {props.children}
    </Base.CheckboxItem>
  );
}

export function MenuSeparator() {
  return <Base.Separator className="-mx-1 my-1 h-px bg-border" />;
}

export function MenuLabel({ children }: { children: ReactNode }) {
  return <div className="px-2 pt-1.5 pb-1 text-xs text-muted-foreground">{children}</div>;
}
