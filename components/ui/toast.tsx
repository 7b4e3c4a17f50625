"use client";

import dynamic from "next/dynamic";
import { type ReactNode, useSyncExternalStore } from "react";

export interface ToastOptions {
  description?: ReactNode;
  /** The same id replaces what stands there. */
  id?: string;
  /** Milliseconds. */
  duration?: number;
  action?: { label: string; onClick: () => void };
}

export interface ToastRequest {
  kind: "success" | "error" | "info" | "warning" | "message";
  message: ReactNode;
  options: ToastOptions | undefined;
}

/** What waits until the toaster, loaded at the first toast, is there. */
const queue: ToastRequest[] = [];
const listeners = new Set<() => void>();
let wanted = false;

function ask(kind: ToastRequest["kind"]) {
  return (message: ReactNode, options?: ToastOptions): void => {
    queue.push({ kind, message, options });
    wanted = true;
    for (const listener of listeners) listener();
  };
}

/** `toast.success("…")` for what went well and needs no answer. Failures stand where they happened, in an `Alert`. */
export const toast = {
  success: ask("success"),
  error: ask("error"),
  info: ask("info"),
  warning: ask("warning"),
  message: ask("message"),
};

/** Hands out what waits, now and whenever there is more. */
export function takeToasts(show: (request: ToastRequest) => void): () => void {
  const drain = () => {
    for (const request of queue.splice(0)) show(request);
  };
  listeners.add(drain);
  drain();
  return () => listeners.delete(drain);
}

const Part = dynamic(() => import("./toaster-part"), { ssr: false });

export function Toaster() {
  const needed = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => wanted,
    () => false,
  );
  return needed ? <Part /> : null;
}
