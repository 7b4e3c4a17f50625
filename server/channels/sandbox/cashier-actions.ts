import type { Clock } from "@/server/core/context";
import { readAmountInput } from "@/server/core/money";
import type { ApiRequest } from "./api";
import { type PayOptions, Refusal, type SandboxBank } from "./bank";
import { cashierPage, unknownPage } from "./cashier";
import { cashierLocale } from "./cashier-texts";
import type { Behaviour, Payment } from "./state";

interface CashierAnswer {
  status: number;
  html: string;
  location?: string;
}

/** Shows the cashier, or does what one of its buttons says; then it is asked for again, so that reloading pays nothing twice. */
export function answerCashier(
  bank: SandboxBank,
  clock: Clock,
  { method, path, headers, body }: ApiRequest,
): CashierAnswer {
  const url = new URL(path, "http://cashier");
  const locale = cashierLocale(url.searchParams.get("lang"), headers.get("accept-language"));
  const payment = bank.findByToken(url.pathname.slice("/pay/".length));
  if (!payment) return { status: 404, html: unknownPage(locale) };
  const show = (status: number, problem?: string) => ({
    status,
    html: cashierPage({ payment, state: bank.stateOf(payment), locale, problem }),
  });
  if (method === "GET" || method === "HEAD") return show(200);
  if (method !== "POST") return show(405);
  try {
    act(bank, payment, new URLSearchParams(body), clock);
  } catch (error) {
    if (error instanceof Refusal) return show(error.status, error.code);
    throw error;
  }
  return { status: 303, html: "", location: `${url.pathname}?lang=${locale}` };
}

/** What a button of the cashier does. */
function act(bank: SandboxBank, payment: Payment, form: URLSearchParams, clock: Clock): void {
  const action = form.get("action");
  if (action === "pay") bank.pay(payment);
  else if (action === "cancel") bank.closePayment(payment);
  else if (action === "behave") bank.behave(payment, behaviourOf(form));
  else bank.pay(payment, { force: true, ...oddPayment(action, payment, form, clock.now()) });
}

/** The ways of paying that are for testers. */
function oddPayment(action: string | null, payment: Payment, form: URLSearchParams, now: Date): PayOptions {
  switch (action) {
    case "again":
      return {};
    case "late":
      return payment.expiresAt <= now ? {} : { at: new Date(payment.expiresAt.getTime() + 2_000) };
    case "wrong": {
      const amount = readAmountInput(form.get("amount") ?? "", payment.currency);
      if (amount === null || amount <= 0n) throw new Refusal("AMOUNT_INVALID", 400);
      return { amount };
    }
    case "later":
      return { at: new Date(now.getTime() + wholeIn(form, "seconds", 86_400) * 1_000) };
    default:
      throw new Refusal("INPUT_INVALID", 400);
  }
}

function behaviourOf(form: URLSearchParams): Behaviour {
  return {
    callbackDelayMs: wholeIn(form, "delay", 3_600) * 1_000,
    callbackCopies: Math.max(1, wholeIn(form, "copies", 20)),
    loseCallbacks: form.get("lost") === "1",
    refundFailures: wholeIn(form, "failures", 100),
  };
}

function wholeIn(form: URLSearchParams, name: string, max: number): number {
  const text = form.get(name) ?? "";
  if (!/^\d{1,6}$/.test(text) || Number(text) > max) throw new Refusal("INPUT_INVALID", 400);
  return Number(text);
}
