"use client";

import { useEffect, useState } from "react";

/**
 * "12:05" of what was left when an answer came, counted from there: not by the phone's own clock, which may be wrong.
 * Null before the browser knows.
 */
export function useCountdown(leftThen: number, receivedAt: number | null): string | null {
  const [now, setNow] = useState<number | null>(null);
  useEffect(() => {
    const tick = () => setNow(Date.now());
    const timer = setInterval(tick, 1_000);
    tick();
    return () => clearInterval(timer);
  }, []);
  if (receivedAt === null || now === null) return null;
  const seconds = Math.max(0, Math.ceil((receivedAt + leftThen - now) / 1_000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
