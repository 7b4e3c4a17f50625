"use client";

import { lazy } from "react";
import { LazyOverlay } from "./lazy-overlay";
import type { PopoverProps } from "./popover-part";

export type { PopoverProps } from "./popover-part";

const load = () => import("./popover-part");
const Part = lazy(() => load().then((parts) => ({ default: parts.Popover })));

export function Popover({ open, onOpenChange, ...props }: PopoverProps) {
  return (
    <LazyOverlay state={{ open, onOpenChange }} trigger={props.trigger} popup="dialog" load={load}>
      {(state) => <Part {...props} {...state} />}
    </LazyOverlay>
  );
}
