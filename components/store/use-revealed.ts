"use client";

import { useCallback, useEffect, useState } from "react";
import type { RevealedCard } from "@/server/domain/orders/types";

/**
 * Numbers and secrets that were asked for, in this component's memory only: in no cache, gone when they are hidden,
 * when the component goes, and when the page is left (a page brought back by the browser shows none).
 */
export function useRevealed() {
  const [cards, setCards] = useState<ReadonlyMap<string, RevealedCard>>(NONE);
  const hide = useCallback(
    (deliveryId?: string) =>
      setCards((before) =>
        deliveryId === undefined ? NONE : new Map([...before].filter(([id]) => id !== deliveryId)),
      ),
    [],
  );
  const show = useCallback(
    (shown: readonly RevealedCard[]) =>
      setCards((before) => new Map([...before, ...shown.map((card) => [card.deliveryId, card] as const)])),
    [],
  );
  useEffect(() => {
    const leave = () => setCards(NONE);
    window.addEventListener("pagehide", leave);
    return () => window.removeEventListener("pagehide", leave);
  }, []);
  return { cards, show, hide };
}

const NONE: ReadonlyMap<string, RevealedCard> = new Map();
