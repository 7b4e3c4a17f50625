import { randomBytes, randomInt } from "node:crypto";
import path from "node:path";
import type { Clock } from "@/server/core/context";
import { type Bill, type BillRow, billDay, feeOfPayment, feeOfRefund, type ServiceFee } from "../bills/rows";
import { Callbacks } from "./callbacks";
import { openJournal } from "./journal";
import { type Behaviour, type Fee, type NewPayment, type Paid, type Payment, SandboxState } from "./state";

/** What the sandbox refuses, by a word that its API answers. */
export class Refusal extends Error {
  constructor(
    readonly code: string,
    readonly status = 422,
  ) {
    super(code);
  }
}

export interface PayOptions {
  /** Another amount than was asked for. */
  amount?: bigint;
  /** Pays although it is paid, closed or expired. */
  force?: boolean;
  /** Pays at that time, not now. */
  at?: Date;
}

/** Merchants, payments, refunds: the service without its transport. Every change is in the journal before it is so. */
export class SandboxBank {
  readonly #state = new SandboxState();
  readonly #journal;
  readonly #callbacks: Callbacks;
  readonly #plans = new Map<string, NodeJS.Timeout>();

  constructor(
    folder: string,
    private readonly clock: Clock,
  ) {
    this.#journal = openJournal(
      path.join(folder, "journal.ndjson"),
      (event: Parameters<SandboxState["apply"]>[0]) => this.#state.apply(event),
    );
    this.#callbacks = new Callbacks(
      clock,
      (no) => this.#state.merchants.get(no),
      (payment, paid, attempt, ok) =>
        this.#note({ e: "callback", token: payment.token, transactionId: paid.transactionId, attempt, ok }),
    );
    this.#resume();
  }

  close(): void {
    this.#callbacks.stop();
    for (const timer of this.#plans.values()) clearTimeout(timer);
    this.#journal.close();
  }

  #note(event: Parameters<SandboxState["apply"]>[0]): void {
    this.#journal.append(event);
    this.#state.apply(event);
  }

  /** What a stopped process left to do. */
  #resume(): void {
    for (const payment of this.#state.byToken.values()) {
      for (const paid of payment.paid) this.#callbacks.announce(payment, paid);
      for (const id of payment.planned.keys()) this.#plan(payment, id);
    }
  }

  // ── merchants ──

  secretOf(merchantNo: string): string | undefined {
    return this.#state.merchants.get(merchantNo);
  }

  openMerchant(no: string, secret: string): void {
    if (this.#state.merchants.get(no) !== secret) this.#note({ e: "merchant", no, secret });
  }

  // ── payments ──

  /** Idempotent by the merchant's payment id. */
  create(asked: Omit<NewPayment, "token" | "createdAt">): Payment {
    const known = this.#state.payment(asked.merchantNo, asked.paymentId);
    if (known) {
      if (known.amount !== BigInt(asked.amount) || known.currency !== asked.currency)
        throw new Refusal("PAYMENT_ID_REUSED", 409);
      return known;
    }
    const token = randomBytes(16).toString("base64url");
    this.#note({ e: "payment", payment: { ...asked, token, createdAt: this.clock.now().toISOString() } });
    return this.find(asked.merchantNo, asked.paymentId);
  }

  findByToken(token: string): Payment | undefined {
    return this.#state.byToken.get(token);
  }

  find(merchantNo: string, paymentId: string): Payment {
    const payment = this.#state.payment(merchantNo, paymentId);
    if (!payment) throw new Refusal("PAYMENT_UNKNOWN", 404);
    return payment;
  }

  stateOf(payment: Payment): "unpaid" | "paid" | "closed" {
    if (payment.paid.length > 0) return "paid";
    return payment.closed || payment.expiresAt <= this.clock.now() ? "closed" : "unpaid";
  }

  /** @throws Refusal ALREADY_PAID · PAYMENT_CLOSED, unless forced */
  pay(payment: Payment, { amount = payment.amount, force = false, at }: PayOptions = {}): void {
    if (at && at > this.clock.now()) {
      const id = randomBytes(8).toString("hex");
      this.#note({ e: "planned", token: payment.token, id, at: at.toISOString(), amount: `${amount}` });
      this.#plan(payment, id);
      return;
    }
    const state = this.stateOf(payment);
    if (!force && state !== "unpaid")
      throw new Refusal(state === "paid" ? "ALREADY_PAID" : "PAYMENT_CLOSED", 409);
    this.#paid(payment, amount);
  }

  #paid(payment: Payment, amount: bigint, planned?: string): void {
    const now = this.clock.now();
    const transactionId = numberOf("42", now);
    const at = now.toISOString();
    this.#note({ e: "paid", token: payment.token, transactionId, amount: `${amount}`, at, planned });
    const paid = payment.paid.at(-1);
    if (paid) this.#callbacks.announce(payment, paid);
  }

  #plan(payment: Payment, id: string): void {
    const plan = payment.planned.get(id);
    if (!plan) return;
    const wait = plan.at.getTime() - this.clock.now().getTime();
    // Node's timers reach 24 days.
    const timer = setTimeout(
      () => {
        this.#plans.delete(id);
        if (plan.at > this.clock.now()) this.#plan(payment, id);
        else this.#paid(payment, plan.amount, id);
      },
      Math.min(Math.max(wait, 1), 86_400_000),
    );
    this.#plans.set(id, timer);
  }

  closePayment(payment: Payment): void {
    if (payment.paid.length > 0) throw new Refusal("ALREADY_PAID", 409);
    if (!payment.closed)
      this.#note({ e: "closed", token: payment.token, at: this.clock.now().toISOString() });
  }

  behave(payment: Payment, changes: Partial<Behaviour>): void {
    const behaviour = { ...payment.behaviour, ...changes };
    this.#note({ e: "behaviour", token: payment.token, behaviour });
    if (changes.loseCallbacks === false)
      for (const paid of payment.paid) this.#callbacks.announce(payment, paid);
  }

  // ── refunds ──

  /** Idempotent by the merchant's refund id. One that fails leaves nothing, and may be asked for again. */
  refund(
    merchantNo: string,
    asked: { refundId: string; paymentId: string; transactionId: string; amount: bigint; reason: string },
  ): { state: "succeeded" | "failed"; channelRefundId: string; reason?: string } {
    const known = this.#state.refund(merchantNo, asked.refundId);
    if (known) {
      const same =
        known.payment.paymentId === asked.paymentId &&
        known.refund.transactionId === asked.transactionId &&
        known.refund.amount === `${asked.amount}`;
      if (!same) throw new Refusal("REFUND_ID_REUSED", 409);
      return { state: "succeeded", channelRefundId: known.refund.channelRefundId };
    }
    const payment = this.find(merchantNo, asked.paymentId);
    const paid = payment.paid.find((one) => one.transactionId === asked.transactionId);
    if (!paid) throw new Refusal("TRANSACTION_UNKNOWN", 404);
    if (refundedOf(payment, paid) + asked.amount > paid.amount) throw new Refusal("REFUND_EXCEEDS_PAYMENT");
    if (payment.behaviour.refundFailures > 0) {
      this.#note({ e: "refund_failed", token: payment.token });
      return { state: "failed", channelRefundId: "", reason: "SANDBOX_TOLD_TO_FAIL" };
    }
    const now = this.clock.now();
    const channelRefundId = numberOf("50", now);
    const { refundId, transactionId, reason } = asked;
    const amount = `${asked.amount}`;
    const refund = { refundId, channelRefundId, transactionId, amount, reason, at: now.toISOString() };
    this.#note({ e: "refunded", token: payment.token, refund });
    return { state: "succeeded", channelRefundId };
  }

  // ── bills ──

  bill(merchantNo: string, day: string): Bill {
    const rows: BillRow[] = [];
    for (const payment of this.#state.byToken.values()) {
      if (payment.merchantNo === merchantNo)
        rows.push(...rowsOf(payment).filter((row) => billDay(row.at) === day));
    }
    rows.sort((a, b) => a.at.getTime() - b.at.getTime() || (a.transactionId < b.transactionId ? -1 : 1));
    return { day, merchantNo, madeAt: this.clock.now(), rows };
  }
}

function refundedOf(payment: Payment, paid: Paid): bigint {
  return payment.refunds
    .filter((refund) => refund.transactionId === paid.transactionId)
    .reduce((total, refund) => total + BigInt(refund.amount), 0n);
}

function rowsOf(payment: Payment): BillRow[] {
  const terms = feeTerms(payment.fee);
  const { paymentId, currency, subject } = payment;
  const rows: BillRow[] = [];
  for (const paid of payment.paid) {
    const { transactionId } = paid;
    const fee = feeOfPayment(paid.amount, terms);
    const shared = {
      transactionId,
      paymentId,
      currency,
      subject,
      buyer: "sandbox-buyer",
      feeRate: terms.rate,
    };
    rows.push({ ...shared, kind: "payment", at: paid.at, amount: paid.amount, fee, refund: null });
    let before = 0n;
    for (const refund of payment.refunds) {
      if (refund.transactionId !== transactionId) continue;
      const amount = BigInt(refund.amount);
      const back = terms.refunded ? -feeOfRefund(fee, paid.amount, before, amount) : 0n;
      rows.push({ ...shared, kind: "refund", at: new Date(refund.at), amount, fee: back, refund });
      before += amount;
    }
  }
  return rows;
}

function feeTerms(fee: Fee): ServiceFee {
  const amount = (text: string | null) => (text === null ? null : BigInt(text));
  return { rate: fee.rate, min: amount(fee.min), max: amount(fee.max), refunded: fee.refunded };
}

/** Numbers as channels give them: 28 digits with the day within. */
function numberOf(prefix: string, now: Date): string {
  const digits = Array.from({ length: 18 }, () => randomInt(10)).join("");
  return `${prefix}${billDay(now).replaceAll("-", "")}${digits}`;
}
