import type { Clock } from "@/server/core/context";
import { sign, signatureHeaders } from "../signing";
import type { Paid, Payment } from "./state";

/** Waits before each attempt, in milliseconds; after the last the channel gives up, and the merchant has to ask. */
const WAITS = [0, 1, 5, 15, 60, 300, 1_800, 3_600, 7_200, 14_400].map((seconds) => seconds * 1_000);
const TIMEOUT_MS = 10_000;
/** Sent at the same time. */
const AT_ONCE = 64;

/** Sends callbacks until the merchant answers 2xx. */
export class Callbacks {
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #waiting: (() => Promise<void>)[] = [];
  #busy = 0;
  #stopped = false;

  constructor(
    private readonly clock: Clock,
    private readonly secretOf: (merchantNo: string) => string | undefined,
    /** Notes an attempt in the journal. */
    private readonly attempted: (payment: Payment, paid: Paid, attempt: number, ok: boolean) => void,
  ) {}

  /** Tells the merchant of something paid, now or where a stopped process left off. */
  announce(payment: Payment, paid: Paid): void {
    const wait = WAITS[paid.attempts];
    if (this.#stopped || paid.notified || wait === undefined || payment.behaviour.loseCallbacks) return;
    const delay = paid.attempts === 0 ? payment.behaviour.callbackDelayMs : 0;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.#run(() => this.#attempt(payment, paid));
    }, wait + delay);
    this.#timers.add(timer);
  }

  stop(): void {
    this.#stopped = true;
    for (const timer of this.#timers) clearTimeout(timer);
  }

  #run(work: () => Promise<void>): void {
    if (this.#busy >= AT_ONCE) {
      this.#waiting.push(work);
      return;
    }
    this.#busy += 1;
    void work().finally(() => {
      this.#busy -= 1;
      const next = this.#waiting.shift();
      if (next && !this.#stopped) this.#run(next);
    });
  }

  async #attempt(payment: Payment, paid: Paid): Promise<void> {
    if (payment.behaviour.loseCallbacks) return;
    const copies = Array.from({ length: payment.behaviour.callbackCopies }, () => this.#send(payment, paid));
    const ok = (await Promise.all(copies)).some(Boolean);
    if (this.#stopped) return;
    this.attempted(payment, paid, paid.attempts + 1, ok);
    this.announce(payment, paid);
  }

  async #send(payment: Payment, paid: Paid): Promise<boolean> {
    const secret = this.secretOf(payment.merchantNo);
    if (!secret) return false;
    const body = JSON.stringify({ paymentId: payment.paymentId, transactionId: paid.transactionId });
    const signed = sign(secret, "callback", body, this.clock.now());
    try {
      const response = await fetch(payment.notifyUrl, {
        method: "POST",
        body,
        headers: { "content-type": "application/json", ...signatureHeaders(payment.merchantNo, signed) },
        redirect: "manual",
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      await response.body?.cancel();
      return response.ok;
    } catch {
      return false;
    }
  }
}
