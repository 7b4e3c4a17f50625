"use client";

import { Dialog as Base } from "@base-ui/react/dialog";
import { X } from "lucide-react";
import { useTranslations } from "next-intl";
import { type ReactElement, type ReactNode, Suspense, useRef } from "react";
import { buttonStyles } from "./button";
import { cn } from "./cn";

const BACKDROP =
  "fixed inset-0 z-50 bg-black/45 transition-opacity duration-150 data-[ending-style]:opacity-0 data-[starting-style]:opacity-0";

export interface DialogProps {
  open?: boolean;
  defaultOpen?: boolean;
  onOpenChange?: (open: boolean) => void;
  /** The button that opens it; leave out to steer it by `open`. */
  trigger?: ReactElement<Record<string, unknown>>;
  title: ReactNode;
  description?: ReactNode;
  footer?: ReactNode;
  size?: "sm" | "md" | "lg" | "xl";
  /** Refuses to close by a click outside: for forms with something to lose. */
  sticky?: boolean;
  children?: ReactNode;
}

const WIDTH = { sm: "sm:max-w-sm", md: "sm:max-w-lg", lg: "sm:max-w-2xl", xl: "sm:max-w-4xl" };

/** Centred on a desk; from the lower edge, at full width, on a phone. */
export function Dialog({
  trigger,
  title,
  description,
  footer,
  size = "md",
  sticky,
  children,
  ...root
}: DialogProps) {
  const popup = useRef<HTMLDivElement>(null);
  return (
    <Base.Root {...root} disablePointerDismissal={sticky} onOpenChange={(open) => root.onOpenChange?.(open)}>
      {trigger ? <Base.Trigger render={trigger} /> : null}
      <Base.Portal>
        <Base.Backdrop className={BACKDROP} />
        <Base.Viewport className="fixed inset-0 z-50 flex items-end justify-center overflow-hidden sm:items-center sm:p-4">
          <Base.Popup
            ref={popup}
            initialFocus={() => firstField(popup.current)}
            className={cn(
              "flex max-h-[92dvh] w-full flex-col overflow-hidden rounded-t-xl border border-border bg-popover shadow-pop outline-none sm:rounded-xl",
              "transition-[opacity,transform] duration-150 data-[ending-style]:translate-y-2 data-[ending-style]:opacity-0 data-[starting-style]:translate-y-2 data-[starting-style]:opacity-0",
              WIDTH[size],
            )}
          >
            <Frame title={title} description={description} footer={footer}>
              {children}
            </Frame>
          </Base.Popup>
        </Base.Viewport>
      </Base.Portal>
    </Base.Root>
  );
}

export interface SheetProps extends Omit<DialogProps, "size"> {
  side?: "right" | "left";
  size?: "sm" | "md" | "lg";
}

const SHEET_WIDTH = { sm: "sm:w-80", md: "sm:w-[30rem]", lg: "sm:w-[44rem]" };

/** A drawer beside the page: details of a row, traces, filters on a phone. */
export function Sheet({
  side = "right",
  size = "md",
  trigger,
  title,
  description,
  footer,
  sticky,
  children,
  ...root
}: SheetProps) {
  const popup = useRef<HTMLDivElement>(null);
  return (
    <Base.Root {...root} disablePointerDismissal={sticky} onOpenChange={(open) => root.onOpenChange?.(open)}>
      {trigger ? <Base.Trigger render={trigger} /> : null}
      <Base.Portal>
        <Base.Backdrop className={BACKDROP} />
        <Base.Viewport className="fixed inset-0 z-50 overflow-hidden">
          <Base.Popup
            ref={popup}
            initialFocus={() => firstField(popup.current)}
            className={cn(
              "fixed inset-y-0 flex w-full max-w-full flex-col border-border bg-popover shadow-pop outline-none transition-transform duration-200",
              SHEET_WIDTH[size],
              side === "right"
                ? "right-0 border-l data-[ending-style]:translate-x-full data-[starting-style]:translate-x-full"
                : "left-0 border-r data-[ending-style]:-translate-x-full data-[starting-style]:-translate-x-full",
            )}
          >
            <Frame title={title} description={description} footer={footer}>
              {children}
            </Frame>
          </Base.Popup>
        </Base.Viewport>
      </Base.Portal>
    </Base.Root>
  );
}

/** Closes the dialog or sheet around it. */
export function DialogClose({ children, className }: { children: ReactNode; className?: string }) {
  return <Base.Close className={className ?? buttonStyles({ variant: "outline" })}>{children}</Base.Close>;
}

/** Typing can begin at once; on a touch screen the keyboard would hide what the dialog says. */
function firstField(popup: HTMLElement | null): HTMLElement | true {
  const field = popup?.querySelector<HTMLElement>(
    "input:not([type=hidden], :disabled), select:not(:disabled), textarea:not(:disabled)",
  );
  const touch = window.matchMedia("(pointer: coarse)").matches;
  return (touch ? popup : (field ?? popup)) ?? true;
}

function Frame(props: {
  title: ReactNode;
  description?: ReactNode;
  footer?: ReactNode;
  children?: ReactNode;
}) {
  const t = useTranslations("common.actions");
  return (
    <>
      <header className="flex items-start gap-3 px-5 pt-4 pb-3">
        <div className="min-w-0 flex-1">
          <Base.Title className="text-base font-semibold">{props.title}</Base.Title>
          {props.description ? (
            <Base.Description className="mt-0.5 text-sm text-muted-foreground">
              {props.description}
            </Base.Description>
          ) : null}
        </div>
        <Base.Close
          aria-label={t("close")}
          className={buttonStyles({ variant: "ghost", size: "icon-sm", className: "-me-1.5" })}
        >
          <X aria-hidden />
        </Base.Close>
      </header>
      {props.children ? (
        <div className="min-h-0 flex-1 overflow-y-auto px-5 pt-1 pb-5">
          <Suspense>{props.children}</Suspense>
        </div>
      ) : null}
      {props.footer ? (
        <footer className="flex flex-wrap justify-end gap-2 border-t border-border px-5 py-3">
          <Suspense>{props.footer}</Suspense>
        </footer>
      ) : null}
    </>
  );
}
