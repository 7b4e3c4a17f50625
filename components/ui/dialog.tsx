"use client";

import { lazy } from "react";
import type { DialogProps, SheetProps } from "./dialog-parts";
import { LazyOverlay } from "./lazy-overlay";

export type { DialogProps, SheetProps } from "./dialog-parts";

const load = () => import("./dialog-parts");
const DialogPart = lazy(() => load().then((parts) => ({ default: parts.Dialog })));
const SheetPart = lazy(() => load().then((parts) => ({ default: parts.Sheet })));

/** Centred on a desk; from the lower edge, at full width, on a phone. */
export function Dialog({ open, defaultOpen, onOpenChange, ...props }: DialogProps) {
  return (
    <LazyOverlay
      state={{ open, defaultOpen, onOpenChange }}
      trigger={props.trigger}
      popup="dialog"
      load={load}
    >
      {(state) => <DialogPart {...props} {...state} />}
    </LazyOverlay>
  );
}

/** A drawer beside the page: details of a row, traces, filters on a phone. */
export function Sheet({ open, defaultOpen, onOpenChange, ...props }: SheetProps) {
  return (
    <LazyOverlay
      state={{ open, defaultOpen, onOpenChange }}
      trigger={props.trigger}
      popup="dialog"
      load={load}
    >
      {(state) => <SheetPart {...props} {...state} />}
    </LazyOverlay>
  );
}

/** Closes the dialog or sheet around it. */
export const DialogClose = lazy(() => load().then((parts) => ({ default: parts.DialogClose })));
