import { timingSafeEqual } from "node:crypto";
import { z } from "zod";
import type { Clock } from "@/server/core/context";
import { isCurrency } from "@/server/core/money";
import { alipayBill } from "../bills/alipay";
import { wechatBill } from "../bills/wechat";
import { CLOCK_TOLERANCE_SECONDS, SIGNATURE_HEADERS, signatureOf, signatureProblem } from "../signing";
import { Refusal, type SandboxBank } from "./bank";

/** The merchants' API: signed requests, signed answers. */
export interface ApiRequest {
  method: string;
  /** With its query, as it was signed. */
  path: string;
  headers: { get(name: string): string | null };
  body: string;
}

const amount = z.string().regex(/^[1-9]\d{0,18}$/);
const minor = z.string().regex(/^\d{1,19}$/);
const id = z.string().min(1).max(64);
const webAddress = z.url({ protocol: /^https?$/ }).max(2_000);
const createInput = z.object({
  paymentId: id,
  amount,
  currency: z.string().refine(isCurrency),
  subject: z.string().max(200),
  notifyUrl: webAddress,
  returnUrl: webAddress,
  expiresAt: z.iso.datetime(),
  fee: z.object({
    rate: z.string().regex(/^0(\.\d{1,6})?$/),
    min: minor.nullable(),
    max: minor.nullable(),
    refunded: z.boolean(),
  }),
});
const refundInput = z.object({
  refundId: id,
  paymentId: id,
  transactionId: id,
  amount: amount.transform(BigInt),
  reason: z.string().max(500),
});
export const behaviourInput = z
  .object({
    callbackDelayMs: z.number().int().min(0).max(3_600_000),
    callbackCopies: z.number().int().min(1).max(20),
    loseCallbacks: z.boolean(),
    refundFailures: z.number().int().min(0).max(100),
  })
  .partial();
const payInput = z.object({
  amount: amount.transform(BigInt).optional(),
  force: z.boolean().optional(),
  at: z.iso
    .datetime()
    .transform((text) => new Date(text))
    .optional(),
});
const merchantInput = z.object({ secret: z.string().min(16).max(200) });
const day = z.iso.date();

/** Nonces that were used within the time in which their signatures are good. */
export class Nonces {
  readonly #used = new Map<string, number>();
  /** False if it was used before. */
  take(nonce: string, now: Date): boolean {
    for (const [old, until] of this.#used) {
      if (until > now.getTime()) break;
      this.#used.delete(old);
    }
    if (this.#used.has(nonce)) return false;
    this.#used.set(nonce, now.getTime() + 2 * CLOCK_TOLERANCE_SECONDS * 1_000);
    return true;
  }
}

/** Who signed, after checking it. @throws Refusal MERCHANT_UNKNOWN · SIGNATURE_INVALID · CLOCK_SKEW · REPLAYED */
export function authenticate(bank: SandboxBank, nonces: Nonces, clock: Clock, request: ApiRequest): string {
  const merchantNo = request.headers.get(SIGNATURE_HEADERS.merchant) ?? "";
  const secret = bank.secretOf(merchantNo);
  if (!secret) throw new Refusal("MERCHANT_UNKNOWN", 401);
  const given = signatureOf(request.headers);
  const now = clock.now();
  const problem = signatureProblem(secret, `${request.method} ${request.path}`, request.body, given, now);
  if (problem) throw new Refusal(problem === "clock" ? "CLOCK_SKEW" : "SIGNATURE_INVALID", 401);
  if (!nonces.take(`${merchantNo}/${given.nonce}`, now)) throw new Refusal("REPLAYED", 401);
  return merchantNo;
}

/** Answers with an object, which goes as JSON, or with a file. */
export function answer(
  bank: SandboxBank,
  merchantNo: string,
  { method, path, body }: ApiRequest,
  cashierOf: (token: string) => string,
): object | Buffer {
  const [, , noun = "", one = "", verb = ""] = path.split("/").map(decodeURIComponent);
  const input = <T>(shape: z.ZodType<T>): T => read(shape, body);
  switch (`${method} ${noun}${one && "/…"}${verb && noun === "payments" ? `/${verb}` : ""}`) {
    case "POST payments": {
      const payment = bank.create({ ...input(createInput), merchantNo });
      return { cashierUrl: cashierOf(payment.token) };
    }
    case "GET payments/…": {
      const payment = bank.find(merchantNo, one);
      return {
        state: bank.stateOf(payment),
        payments: payment.paid.map((paid) => ({
          transactionId: paid.transactionId,
          amount: `${paid.amount}`,
          paidAt: paid.at.toISOString(),
        })),
      };
    }
    case "POST payments/…/close":
      bank.closePayment(bank.find(merchantNo, one));
      return {};
    case "POST payments/…/pay":
      bank.pay(bank.find(merchantNo, one), input(payInput));
      return {};
    case "POST payments/…/behaviour":
      bank.behave(bank.find(merchantNo, one), input(behaviourInput));
      return {};
    case "POST refunds":
      return bank.refund(merchantNo, input(refundInput));
    case "GET bills/…": {
      const parsed = day.safeParse(one);
      if (!parsed.success) throw new Refusal("DAY_INVALID", 400);
      const bill = bank.bill(merchantNo, parsed.data);
      if (verb === "wechat") return wechatBill(bill);
      if (verb === "alipay") return alipayBill(bill);
      throw new Refusal("FORMAT_UNKNOWN", 404);
    }
    default:
      throw new Refusal("NOT_FOUND", 404);
  }
}

/** `PUT /admin/merchants/<no>` by whoever knows the service's token, which lies in its folder. */
export function administer(
  bank: SandboxBank,
  token: string,
  { method, path, headers, body }: ApiRequest,
): object {
  const given = Buffer.from(headers.get("authorization") ?? "");
  const expected = Buffer.from(`Bearer ${token}`);
  if (given.length !== expected.length || !timingSafeEqual(given, expected))
    throw new Refusal("TOKEN_INVALID", 401);
  const match = /^\/admin\/merchants\/([\w.-]{1,64})$/.exec(path);
  if (method !== "PUT" || !match) throw new Refusal("NOT_FOUND", 404);
  bank.openMerchant(match[1] ?? "", read(merchantInput, body).secret);
  return {};
}

function read<T>(shape: z.ZodType<T>, body: string): T {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw new Refusal("BODY_MALFORMED", 400);
  }
  const parsed = shape.safeParse(value);
  if (!parsed.success) throw new Refusal("INPUT_INVALID", 400);
  return parsed.data;
}
