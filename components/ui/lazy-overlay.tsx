"use client";

import { cloneElement, type ReactElement, type ReactNode, Suspense, useState } from "react";

/**
 * Menus, popovers and dialogs are loaded when somebody is about to open one: a page shows and works without the
 * machinery of popups, which is a fifth of what a first visit would load. Until then only the trigger stands there.
 */
export type Trigger = ReactElement<Record<string, unknown>>;

export interface OverlayState {
  open?: boolean;
  defaultOpen?: boolean;
  onOpenChange?: (open: boolean) => void;
}

export function LazyOverlay(props: {
  state: OverlayState;
  trigger?: Trigger;
  popup: "menu" | "dialog";
  load: () => Promise<unknown>;
  /** The real thing, once it is wanted; opens by itself if it was the trigger that wanted it. */
  children: (state: OverlayState) => ReactNode;
}) {
  const { state, trigger, popup, load } = props;
  const [wanted, setWanted] = useState(Boolean(state.open ?? state.defaultOpen));
  if (state.open && !wanted) setWanted(true);
  const waiting = trigger ? (
    <WaitingTrigger
      trigger={trigger}
      popup={popup}
      load={load}
      onWanted={() => {
        setWanted(true);
        state.onOpenChange?.(true);
      }}
    />
  ) : null;
  if (!wanted) return waiting;
  const opening = state.open === undefined ? { ...state, defaultOpen: true } : state;
  return <Suspense fallback={waiting}>{props.children(opening)}</Suspense>;
}

function WaitingTrigger(props: {
  trigger: Trigger;
  popup: "menu" | "dialog";
  load: () => Promise<unknown>;
  onWanted: () => void;
}) {
  const { trigger } = props;
  const own = trigger.props;
  // A failed load is tried again by the click, whose failure the page's error boundary shows.
  const preload = () => void props.load().catch(() => {});
  const also = (name: string, handler: () => void) => (event: unknown) => {
    const given = own[name];
    if (typeof given === "function") given(event);
    handler();
  };
  return cloneElement(trigger, {
    "aria-haspopup": props.popup,
    "aria-expanded": false,
    onPointerEnter: also("onPointerEnter", preload),
    onFocus: also("onFocus", preload),
    onClick: also("onClick", props.onWanted),
  });
}
