"use client";

import { Popover as Base } from "@base-ui/react/popover";
import type { ReactElement, ReactNode } from "react";
import { cn } from "./cn";

export interface PopoverProps {
  open?: boolean;
  defaultOpen?: boolean;
  onOpenChange?: (open: boolean) => void;
  trigger: ReactElement<Record<string, unknown>>;
  /** Names the popup for screen readers. */
  label: string;
  align?: "start" | "center" | "end";
  side?: "bottom" | "top" | "left" | "right";
  className?: string;
  children: ReactNode;
}

export function Popover({
  trigger,
  label,
  align = "start",
  side = "bottom",
  className,
  children,
  ...root
}: PopoverProps) {
  return (
    <Base.Root {...root} onOpenChange={(open) => root.onOpenChange?.(open)}>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner
          align={align}
          side={side}
          sideOffset={6}
          collisionPadding={8}
          className="z-50 outline-none"
        >
          <Base.Popup
            aria-label={label}
            className={cn(
              "max-h-[var(--available-height)] max-w-[calc(100vw-1rem)] overflow-auto rounded-lg border border-border bg-popover p-3 shadow-pop outline-none",
              "origin-[var(--transform-origin)] transition-[opacity,scale] duration-100 data-[ending-style]:scale-95 data-[ending-style]:opacity-0 data-[starting-style]:scale-95 data-[starting-style]:opacity-0",
              className,
            )}
          >
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
