import { z } from "zod";
import { type Clock, systemClock } from "@/server/core/context";
import { DomainError, isDomainError } from "@/server/core/errors";
import { unzipOnly } from "./bills/zip";
import type {
  BillFormat,
  CallbackHeaders,
  ChannelPort,
  PaymentAsk,
  PaymentAtChannel,
  RefundAsk,
  RefundAtChannel,
} from "./port";
import { SIGNATURE_HEADERS, sign, signatureHeaders, signatureOf, signatureProblem } from "./signing";

export interface SandboxAccount {
  /** Where the service is, e.g. "http://127.0.0.1:4010". */
  endpoint: string;
  merchantNo: string;
  secret: string;
  /** What the service charges; it is told with each payment, as its own price list is ours to choose. */
  fee: SandboxFee;
  /** Of a service of our own: lets it open the account when it does not know it yet. */
  adminToken?: string | null;
}

export interface SandboxFee {
  rate: string;
  min: bigint | null;
  max: bigint | null;
  /** Given back with refunds. */
  refunded: boolean;
}

const TIMEOUT_MS = 10_000;
const BILL_TIMEOUT_MS = 60_000;
const MAX_ANSWER = 1024 * 1024;
const MAX_BILL = 64 * 1024 * 1024;

const created = z.object({ cashierUrl: z.url({ protocol: /^https?$/ }) });
const queried = z.object({
  state: z.enum(["unpaid", "paid", "closed"]),
  payments: z.array(
    z.object({
      transactionId: z.string().min(1).max(64),
      amount: z
        .string()
        .regex(/^[1-9]\d{0,18}$/)
        .transform(BigInt),
      paidAt: z.iso.datetime().transform((text) => new Date(text)),
    }),
  ),
});
const refunded = z.object({
  state: z.enum(["succeeded", "failed"]),
  channelRefundId: z.string().max(64),
  reason: z.string().max(200).optional(),
});
const notice = z.object({ paymentId: z.uuid(), transactionId: z.string().min(1).max(64) });
const refusal = z.object({ error: z.string().regex(/^[A-Z_]{1,60}$/) });

/** The port to the payment service that comes with Kaqing, over HTTP. */
export function sandboxPort(account: SandboxAccount, clock: Clock = systemClock): ChannelPort {
  const send = async (method: string, path: string, input: unknown, limits: Limits): Promise<Buffer> => {
    try {
      return await call(account, clock, method, path, input, limits);
    } catch (error) {
      const unknown = isDomainError(error) && error.params.reason === "MERCHANT_UNKNOWN";
      if (!unknown || !account.adminToken) throw error;
      await openAccount(account, account.adminToken);
      return call(account, clock, method, path, input, limits);
    }
  };
  async function ask<T>(method: string, path: string, input: unknown, shape: z.ZodType<T>): Promise<T> {
    const answer = await send(method, path, input, { max: MAX_ANSWER, timeout: TIMEOUT_MS });
    try {
      return shape.parse(JSON.parse(answer.toString("utf8")));
    } catch (cause) {
      throw new DomainError("CHANNEL_UNREACHABLE", {}, { cause });
    }
  }
  return {
    create: ({ amount, expiresAt, ...rest }: PaymentAsk) =>
      ask(
        "POST",
        "/v1/payments",
        { ...rest, amount: `${amount}`, expiresAt: expiresAt.toISOString(), fee: feeOf(account.fee) },
        created,
      ),
    query: (paymentId: string): Promise<PaymentAtChannel> =>
      ask("GET", `/v1/payments/${encodeURIComponent(paymentId)}`, null, queried),
    async close(paymentId: string) {
      await ask("POST", `/v1/payments/${encodeURIComponent(paymentId)}/close`, {}, z.object({}));
    },
    refund: ({ amount, ...rest }: RefundAsk): Promise<RefundAtChannel> =>
      ask("POST", "/v1/refunds", { ...rest, amount: `${amount}` }, refunded),
    parseCallback(headers: CallbackHeaders, body: string) {
      const problem =
        headers.get(SIGNATURE_HEADERS.merchant) !== account.merchantNo
          ? "merchant"
          : signatureProblem(account.secret, "callback", body, signatureOf(headers), clock.now());
      if (problem) throw new DomainError("CALLBACK_INVALID", { reason: problem });
      const parsed = notice.safeParse(jsonOrNull(body));
      if (!parsed.success) throw new DomainError("CALLBACK_INVALID", { reason: "body" });
      return parsed.data;
    },
    async downloadBill(day: string, format: BillFormat) {
      const path = `/v1/bills/${encodeURIComponent(day)}/${format}`;
      const limits = { max: MAX_BILL, timeout: BILL_TIMEOUT_MS };
      const file = await send("GET", path, null, limits);
      if (format === "wechat") return new TextDecoder().decode(file);
      const detail = unzipOnly(file, MAX_BILL).find((entry) => !entry.name.includes("汇总"));
      if (!detail) throw new DomainError("CHANNEL_UNREACHABLE", {});
      return new TextDecoder("gbk").decode(detail.data);
    },
  };
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

interface Limits {
  max: number;
  timeout: number;
}

const feeOf = ({ rate, min, max, refunded }: SandboxFee) => ({
  rate,
  min: min?.toString() ?? null,
  max: max?.toString() ?? null,
  refunded,
});

/** Makes our account known to a service of our own. Repeating changes nothing. */
async function openAccount({ endpoint, merchantNo, secret }: SandboxAccount, token: string): Promise<void> {
  try {
    const response = await fetch(new URL(`/admin/merchants/${encodeURIComponent(merchantNo)}`, endpoint), {
      method: "PUT",
      body: JSON.stringify({ secret }),
      headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
      redirect: "error",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    await readBounded(response, MAX_ANSWER);
    if (response.ok) return;
  } catch (cause) {
    throw new DomainError("CHANNEL_UNREACHABLE", {}, { cause });
  }
  throw new DomainError("CHANNEL_REFUSED", { reason: "ACCOUNT_REFUSED" });
}

/** A signed request; the answer is signed, too, over the request's nonce, so that nobody answers in the channel's place. */
async function call(
  account: SandboxAccount,
  clock: Clock,
  method: string,
  path: string,
  input: unknown,
  limits: Limits,
): Promise<Buffer> {
  const body = input === null ? "" : JSON.stringify(input);
  const signed = sign(account.secret, `${method} ${path}`, body, clock.now());
  let response: Response;
  let answer: Buffer;
  try {
    response = await fetch(new URL(path, account.endpoint), {
      method,
      body: input === null ? undefined : body,
      headers: { "content-type": "application/json", ...signatureHeaders(account.merchantNo, signed) },
      redirect: "error",
      signal: AbortSignal.timeout(limits.timeout),
    });
    answer = await readBounded(response, limits.max);
  } catch (cause) {
    throw new DomainError("CHANNEL_UNREACHABLE", {}, { cause });
  }
  if (response.status >= 500) throw new DomainError("CHANNEL_UNREACHABLE", { status: response.status });
  if (!response.ok) {
    const reason = refusal.safeParse(jsonOrNull(answer.toString("utf8"))).data?.error;
    if (reason === "PAYMENT_UNKNOWN") throw new DomainError("PAYMENT_UNKNOWN");
    throw new DomainError("CHANNEL_REFUSED", { reason: reason ?? String(response.status) });
  }
  const problem = signatureProblem(
    account.secret,
    `answer ${signed.nonce}`,
    answer.toString("base64"),
    signatureOf(response.headers),
    clock.now(),
  );
  if (problem) throw new DomainError("CHANNEL_UNREACHABLE", { reason: problem });
  return answer;
}

async function readBounded(response: Response, max: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.byteLength;
    if (length > max) throw new Error("the answer is too long");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
