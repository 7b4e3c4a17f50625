"use client";

import { AlertDialog as Base } from "@base-ui/react/alert-dialog";
import { useTranslations } from "next-intl";
import { type ReactElement, type ReactNode, useState } from "react";
import { useErrorMessage } from "@/components/ui/error-message";
import { Alert } from "./alert";
import { Button, buttonStyles } from "./button";

export interface ConfirmDialogProps {
  open?: boolean;
  defaultOpen?: boolean;
  onOpenChange?: (open: boolean) => void;
  trigger?: ReactElement<Record<string, unknown>>;
  title: ReactNode;
  /** What will happen, in numbers, before it does. */
  description?: ReactNode;
  /** The verb: "Void 3 vouchers", never "OK". */
  confirmLabel: ReactNode;
  danger?: boolean;
  disabled?: boolean;
  /** Stays open while it runs; a failure is shown inside. */
  onConfirm: () => unknown;
  children?: ReactNode;
}

export function ConfirmDialog({
  open,
  defaultOpen,
  onOpenChange,
  trigger,
  title,
  description,
  confirmLabel,
  danger,
  disabled,
  onConfirm,
  children,
}: ConfirmDialogProps) {
  const t = useTranslations("common.actions");
  const explain = useErrorMessage();
  const [ownOpen, setOwnOpen] = useState(defaultOpen ?? false);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const shown = open ?? ownOpen;
  const show = (next: boolean) => {
    if (busy) return;
    setFailure(null);
    setOwnOpen(next);
    onOpenChange?.(next);
  };
  const confirm = async () => {
    setBusy(true);
    setFailure(null);
    try {
      await onConfirm();
      setOwnOpen(false);
      onOpenChange?.(false);
    } catch (error) {
      setFailure(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Base.Root open={shown} onOpenChange={show}>
      {trigger ? <Base.Trigger render={trigger} /> : null}
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-50 bg-black/45 transition-opacity duration-150 data-[ending-style]:opacity-0 data-[starting-style]:opacity-0" />
        <Base.Viewport className="fixed inset-0 z-50 flex items-end justify-center sm:items-center sm:p-4">
          <Base.Popup className="w-full space-y-3 rounded-t-xl border border-border bg-popover p-5 shadow-pop outline-none transition-opacity duration-150 data-[ending-style]:opacity-0 data-[starting-style]:opacity-0 sm:max-w-md sm:rounded-xl">
            <Base.Title className="text-base font-semibold">{title}</Base.Title>
            {description ? (
              <Base.Description render={<div />} className="text-sm text-muted-foreground">
                {description}
              </Base.Description>
            ) : null}
            {children}
            {failure ? <Alert tone="danger">{explain(failure).message}</Alert> : null}
            <div className="flex flex-wrap justify-end gap-2 pt-1">
              <Base.Close disabled={busy} className={buttonStyles({ variant: "outline" })}>
                {t("cancel")}
              </Base.Close>
              <Button
                variant={danger ? "danger" : "primary"}
                loading={busy}
                disabled={disabled}
                onClick={confirm}
              >
                {confirmLabel}
              </Button>
            </div>
          </Base.Popup>
        </Base.Viewport>
      </Base.Portal>
    </Base.Root>
  );
}
