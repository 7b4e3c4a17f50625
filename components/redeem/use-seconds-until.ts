"use client";

import { useEffect, useState } from "react";

/** Whole seconds until a moment, counted down; 0 once it is over. Right again after a phone's sleep. */
export function useSecondsUntil(until: Date): number {
  const end = until.getTime();
  const [now, setNow] = useState(() => Date.now());
  const over = now >= end;
  useEffect(() => {
    if (over) return;
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, [over]);
  return Math.max(0, Math.ceil((end - now) / 1_000));
}
