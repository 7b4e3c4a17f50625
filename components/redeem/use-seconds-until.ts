"use client";

import { useEffect, useState } from "react";

/** Whole seconds until a moment, counted down to 0; null before the browser knows. Right again after a phone's sleep. */
export function useSecondsUntil(until: Date): number | null {
  const end = until.getTime();
  const [now, setNow] = useState<number | null>(null);
  const over = now !== null && now >= end;
  useEffect(() => {
    const tick = () => setNow(Date.now());
    const first = setTimeout(tick);
    const timer = over ? undefined : setInterval(tick, 1_000);
    return () => {
      clearTimeout(first);
      clearInterval(timer);
    };
  }, [over]);
  return now === null ? null : Math.max(0, Math.ceil((end - now) / 1_000));
}
