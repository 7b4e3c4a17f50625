import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";

/**
 * How the sandbox and its merchants sign to each other: HMAC-SHA256 by the merchant's secret over what is called,
 * the time (unix seconds), a nonce and the body, line by line. `subject` is "POST /v1/payments" of a request, the
 * request's nonce of a response, and "callback" of a callback, so that none passes for another.
 */
export interface Signature {
  timestamp: string;
  nonce: string;
  signature: string;
}

export const SIGNATURE_HEADERS = {
  merchant: "x-sandbox-merchant",
  timestamp: "x-sandbox-timestamp",
  nonce: "x-sandbox-nonce",
  signature: "x-sandbox-signature",
} as const;

/** How far the clocks of both sides may differ. */
export const CLOCK_TOLERANCE_SECONDS = 300;

export function sign(secret: string, subject: string, body: string, now: Date): Signature {
  const timestamp = String(Math.floor(now.getTime() / 1000));
  const nonce = randomBytes(16).toString("hex");
  return { timestamp, nonce, signature: mac(secret, subject, timestamp, nonce, body).toString("base64") };
}

export type SignatureProblem = "missing" | "clock" | "signature";

/** Null if the signature is right and of now. The comparison takes the same time wherever they differ. */
export function signatureProblem(
  secret: string,
  subject: string,
  body: string,
  given: { timestamp: string | null; nonce: string | null; signature: string | null },
  now: Date,
): SignatureProblem | null {
  const { timestamp, nonce, signature } = given;
  if (!timestamp || !nonce || !signature) return "missing";
  if (!/^\d{1,12}$/.test(timestamp) || !/^[0-9a-f]{32}$/.test(nonce)) return "missing";
  const expected = mac(secret, subject, timestamp, nonce, body);
  const actual = Buffer.from(signature, "base64");
  if (actual.length !== expected.length || !timingSafeEqual(actual, expected)) return "signature";
  const apart = Math.abs(now.getTime() / 1000 - Number(timestamp));
  return apart > CLOCK_TOLERANCE_SECONDS ? "clock" : null;
}

export function signatureHeaders(merchantNo: string, signed: Signature): Record<string, string> {
  return {
    [SIGNATURE_HEADERS.merchant]: merchantNo,
    [SIGNATURE_HEADERS.timestamp]: signed.timestamp,
    [SIGNATURE_HEADERS.nonce]: signed.nonce,
    [SIGNATURE_HEADERS.signature]: signed.signature,
  };
}

export function signatureOf(headers: { get(name: string): string | null }) {
  return {
    timestamp: headers.get(SIGNATURE_HEADERS.timestamp),
    nonce: headers.get(SIGNATURE_HEADERS.nonce),
    signature: headers.get(SIGNATURE_HEADERS.signature),
  };
}

function mac(secret: string, subject: string, timestamp: string, nonce: string, body: string): Buffer {
  return createHmac("sha256", secret).update(`${subject}\n${timestamp}\n${nonce}\n${body}`).digest();
}
