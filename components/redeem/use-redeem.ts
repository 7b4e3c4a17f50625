"use client";

import { useCallback, useRef, useState } from "react";
import { useTRPCClient } from "@/components/trpc";
import { readError } from "@/components/ui/error-message";
import type { RedeemItem } from "@/server/domain/vouchers/schemas";
import type { RedemptionReceipt } from "@/server/domain/vouchers/types";

export type RedeemState =
  | { phase: "idle" }
  /** `again`: no answer came to an earlier try of the same request. */
  | { phase: "sending"; again: boolean }
  /** No answer came: redeemed or not, the same request asked again tells. */
  | { phase: "unclear" }
  | { phase: "refused"; error: unknown }
  | { phase: "done"; receipt: RedemptionReceipt };

const TIMEOUT_MS = 12_000;
const PAUSES_MS = [800, 2_500];

/**
 * Redeems once, however poor the line: every try of one request carries the same key, and the key is given up only
 * with an answer, or by whoever stands at the till.
 */
export function useRedeem() {
  const client = useTRPCClient();
  const [state, setState] = useState<RedeemState>({ phase: "idle" });
  const attempt = useRef<{ key: string; item: RedeemItem } | null>(null);

  const send = useCallback(async () => {
    const { current } = attempt;
    if (!current) return;
    for (let tries = 0; ; tries++) {
      setState({ phase: "sending", again: tries > 0 });
      try {
        const { result } = await client.redemptions.redeem.mutate(
          { ...current.item, idempotencyKey: current.key },
          { signal: AbortSignal.timeout(TIMEOUT_MS) },
        );
        attempt.current = null;
        setState({ phase: "done", receipt: result });
        return;
      } catch (error) {
        if (!isUnclear(error)) {
          attempt.current = null;
          setState({ phase: "refused", error });
          return;
        }
        const pause = PAUSES_MS[tries];
        if (pause === undefined) {
          setState({ phase: "unclear" });
          return;
        }
        await new Promise((resolve) => setTimeout(resolve, pause));
      }
    }
  }, [client]);

  const redeem = useCallback(
    (item: RedeemItem) => {
      if (attempt.current) return; // one at a time: a second press asks nothing new
      attempt.current = { key: newKey(), item };
      void send();
    },
    [send],
  );
  const reset = useCallback(() => {
    attempt.current = null;
    setState({ phase: "idle" });
  }, []);
  return { state, redeem, retry: send, reset };
}

/** No answer, or one that does not say whether it was booked. */
function isUnclear(error: unknown): boolean {
  const { code } = readError(error);
  return code === "OFFLINE" || code === "INTERNAL" || code === "IDEMPOTENCY_IN_PROGRESS";
}

/** `crypto.randomUUID` is missing on plain http, where a till in a shop's network may be. */
function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(18));
  return `till-${[...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}
