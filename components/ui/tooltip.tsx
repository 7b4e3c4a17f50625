"use client";

import { cloneElement, type ReactElement, type ReactNode, useEffect, useId, useRef, useState } from "react";
import { createPortal } from "react-dom";

interface TooltipProps {
  content: ReactNode;
  side?: "top" | "bottom";
  children: ReactElement<Record<string, unknown>>;
}

/** A help for the eye; what it says must be known without it, too (a label, a description). Esc puts it away. */
export function Tooltip({ content, side = "top", children }: TooltipProps) {
  const id = useId();
  const [anchor, setAnchor] = useState<DOMRect | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const show = (event: { currentTarget: Element }, wait: number) => {
    const element = event.currentTarget;
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setAnchor(element.getBoundingClientRect()), wait);
  };
  // A moment's grace, so that the pointer can move onto the text.
  const hide = () => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setAnchor(null), 120);
  };
  const open = anchor !== null;
  useEffect(() => {
    if (!open) return;
    const onKey = (event: KeyboardEvent) => event.key === "Escape" && setAnchor(null);
    const onScroll = () => setAnchor(null);
    window.addEventListener("keydown", onKey);
    window.addEventListener("scroll", onScroll, { capture: true, passive: true });
    return () => {
      window.removeEventListener("keydown", onKey);
      window.removeEventListener("scroll", onScroll, { capture: true });
    };
  }, [open]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const also = (name: string, handler: (event: { currentTarget: Element }) => void) => ({
    [name]: (event: { currentTarget: Element }) => {
      const given = children.props[name];
      if (typeof given === "function") given(event);
      handler(event);
    },
  });
  return (
    <>
      {cloneElement(children, {
        "aria-describedby": open ? id : children.props["aria-describedby"],
        ...also("onPointerEnter", (event) => show(event, 300)),
        ...also("onPointerLeave", hide),
        ...also("onFocus", (event) => show(event, 0)),
        ...also("onBlur", hide),
      })}
      {anchor
        ? createPortal(
            <div
              id={id}
              role="tooltip"
              onPointerEnter={() => clearTimeout(timer.current)}
              onPointerLeave={hide}
              className="fixed z-60 w-max max-w-72 -translate-x-1/2 rounded-md bg-foreground px-2 py-1 text-xs text-background shadow-pop"
              style={placeOf(anchor, side)}
            >
              {content}
            </div>,
            document.body,
          )
        : null}
    </>
  );
}

const HALF_WIDTH = 150;

function placeOf(anchor: DOMRect, side: "top" | "bottom") {
  const middle = anchor.left + anchor.width / 2;
  const left = Math.min(Math.max(middle, HALF_WIDTH), Math.max(HALF_WIDTH, window.innerWidth - HALF_WIDTH));
  const above = side === "top" && anchor.top > 48;
  return above ? { left, bottom: window.innerHeight - anchor.top + 6 } : { left, top: anchor.bottom + 6 };
}
