"use client";

import { lazy } from "react";
import type { ConfirmDialogProps } from "./confirm-dialog-part";
import { LazyOverlay } from "./lazy-overlay";

export type { ConfirmDialogProps } from "./confirm-dialog-part";

const load = () => import("./confirm-dialog-part");
const Part = lazy(() => load().then((parts) => ({ default: parts.ConfirmDialog })));

/** Asks before what cannot be undone; says in numbers what will happen. */
export function ConfirmDialog({ open, defaultOpen, onOpenChange, ...props }: ConfirmDialogProps) {
  return (
    <LazyOverlay
      state={{ open, defaultOpen, onOpenChange }}
      trigger={props.trigger}
      popup="dialog"
      load={load}
    >
      {(state) => <Part {...props} {...state} />}
    </LazyOverlay>
  );
}
