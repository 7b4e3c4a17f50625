"use client";

import { useCallback, useEffect, useRef, useState } from "react";

export type SaveState = "untouched" | "waiting" | "saving" | "saved" | "failed";

/**
 * Saves a value a moment after it changed, one saving at a time, the newest last. `flush` saves now and tells whether
 * everything is saved. After a failure it waits for the next change, or for `flush`.
 */
export function useAutosave<T>(value: T, save: (value: T) => Promise<void>, delay = 1_000) {
  const [state, setState] = useState<SaveState>("untouched");
  const [error, setError] = useState<unknown>(null);
  const newest = useRef(value);
  const saved = useRef(value);
  const running = useRef<Promise<boolean> | null>(null);
  const saver = useRef(save);
  saver.current = save;
  newest.current = value;

  const flush = useCallback((): Promise<boolean> => {
    if (running.current) return running.current.then((ok) => (ok ? flush() : false));
    if (saved.current === newest.current) return Promise.resolve(true);
    setState("saving");
    const run = (async () => {
      try {
        while (saved.current !== newest.current) {
          const now = newest.current;
          await saver.current(now);
          saved.current = now;
        }
        setError(null);
        setState("saved");
        return true;
      } catch (failure) {
        setError(failure);
        setState("failed");
        return false;
      } finally {
        running.current = null;
      }
    })();
    running.current = run;
    return run;
  }, []);

  useEffect(() => {
    if (value === saved.current) {
      // undone back to what is saved; what is being saved meanwhile goes on to the newest by itself
      setState((now) => (now === "waiting" ? "saved" : now));
      return;
    }
    setState("waiting");
    const timer = setTimeout(() => void flush(), delay);
    return () => clearTimeout(timer);
  }, [value, flush, delay]);

  return { state, error, flush, unsaved: state === "waiting" || state === "saving" || state === "failed" };
}
