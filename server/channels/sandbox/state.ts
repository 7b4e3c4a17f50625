/** What the sandbox knows. Everything follows from its events, which the journal keeps; amounts are texts of minor units there. */

export interface Fee {
  rate: string;
  min: string | null;
  max: string | null;
  refunded: boolean;
}

/** How a payment shall misbehave, for testers. */
export interface Behaviour {
  /** Its callbacks are sent that much later. */
  callbackDelayMs: number;
  /** How often each callback is sent. */
  callbackCopies: number;
  /** Callbacks are never sent. */
  loseCallbacks: boolean;
  /** So many refunds fail from now on. */
  refundFailures: number;
}
export const BEHAVES: Behaviour = {
  callbackDelayMs: 0,
  callbackCopies: 1,
  loseCallbacks: false,
  refundFailures: 0,
};

export interface NewPayment {
  /** Names the payment at the cashier; nobody guesses it. */
  token: string;
  merchantNo: string;
  paymentId: string;
  amount: string;
  currency: string;
  subject: string;
  notifyUrl: string;
  returnUrl: string;
  expiresAt: string;
  createdAt: string;
  fee: Fee;
}

export type SandboxEvent =
  | { e: "merchant"; no: string; secret: string }
  | { e: "payment"; payment: NewPayment }
  | { e: "behaviour"; token: string; behaviour: Behaviour }
  | { e: "planned"; token: string; id: string; at: string; amount: string }
  | { e: "paid"; token: string; transactionId: string; amount: string; at: string; planned?: string }
  | { e: "closed"; token: string; at: string }
  | { e: "refund_failed"; token: string }
  | { e: "refunded"; token: string; refund: Refund }
  | { e: "callback"; token: string; transactionId: string; attempt: number; ok: boolean };

export interface Refund {
  refundId: string;
  channelRefundId: string;
  transactionId: string;
  amount: string;
  reason: string;
  at: string;
}

export interface Paid {
  transactionId: string;
  amount: bigint;
  at: Date;
  /** Callbacks tried, and whether one got through. */
  attempts: number;
  notified: boolean;
}

export interface Payment extends Omit<NewPayment, "amount" | "expiresAt"> {
  amount: bigint;
  expiresAt: Date;
  closed: boolean;
  behaviour: Behaviour;
  paid: Paid[];
  planned: Map<string, { at: Date; amount: bigint }>;
  refunds: Refund[];
}

export class SandboxState {
  readonly merchants = new Map<string, string>();
  readonly byToken = new Map<string, Payment>();
  readonly #byId = new Map<string, Payment>();
  readonly #refunds = new Map<string, { payment: Payment; refund: Refund }>();

  payment(merchantNo: string, paymentId: string): Payment | undefined {
    return this.#byId.get(`${merchantNo}/${paymentId}`);
  }
  refund(merchantNo: string, refundId: string): { payment: Payment; refund: Refund } | undefined {
    return this.#refunds.get(`${merchantNo}/${refundId}`);
  }

  apply(event: SandboxEvent): void {
    if (event.e === "merchant") {
      this.merchants.set(event.no, event.secret);
      return;
    }
    if (event.e === "payment") {
      this.#add(event.payment);
      return;
    }
    const payment = this.byToken.get(event.token);
    if (!payment) throw new Error(`the journal speaks of an unknown payment ${event.token}`);
    switch (event.e) {
      case "behaviour":
        payment.behaviour = event.behaviour;
        break;
      case "planned":
        payment.planned.set(event.id, { at: new Date(event.at), amount: BigInt(event.amount) });
        break;
      case "paid":
        if (event.planned) payment.planned.delete(event.planned);
        payment.paid.push({
          transactionId: event.transactionId,
          amount: BigInt(event.amount),
          at: new Date(event.at),
          attempts: 0,
          notified: false,
        });
        break;
      case "closed":
        payment.closed = true;
        break;
      case "refund_failed":
        payment.behaviour = { ...payment.behaviour, refundFailures: payment.behaviour.refundFailures - 1 };
        break;
      case "refunded":
        payment.refunds.push(event.refund);
        this.#refunds.set(`${payment.merchantNo}/${event.refund.refundId}`, {
          payment,
          refund: event.refund,
        });
        break;
      case "callback": {
        const paid = payment.paid.find((one) => one.transactionId === event.transactionId);
        if (paid) {
          paid.attempts = Math.max(paid.attempts, event.attempt);
          paid.notified ||= event.ok;
        }
      }
    }
  }

  #add(given: NewPayment): void {
    const payment: Payment = {
      ...given,
      amount: BigInt(given.amount),
      expiresAt: new Date(given.expiresAt),
      closed: false,
      behaviour: BEHAVES,
      paid: [],
      planned: new Map(),
      refunds: [],
    };
    this.byToken.set(payment.token, payment);
    this.#byId.set(`${payment.merchantNo}/${payment.paymentId}`, payment);
  }
}
