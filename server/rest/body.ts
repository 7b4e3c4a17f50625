import { DomainError } from "@/server/core/errors";
import { type ApiRequest, bytesOf } from "./exchange";

/** Deeper than any body of this API; JSON that nests further is refused before it is parsed. */
export const MAX_DEPTH = 16;

/**
 * The JSON of a request's body. It is counted while it streams in: one that is too large is refused without
 * being held. Numbers that are written with a fraction or an exponent become NaN, so that the schema names
 * their place: 100.00000000000000001 must not pass for 100.
 * @throws DomainError UNSUPPORTED_MEDIA_TYPE, BODY_TOO_LARGE, BODY_MALFORMED
 */
export async function readJson(req: ApiRequest, limit: number): Promise<unknown> {
  const type = req.headers.get("content-type") ?? "";
  if (!JSON_TYPE.test(type)) throw new DomainError("UNSUPPORTED_MEDIA_TYPE", { type: type.slice(0, 100) });
  const encoding = req.headers.get("content-encoding");
  if (encoding && encoding !== "identity") {
    throw new DomainError("UNSUPPORTED_MEDIA_TYPE", { type: encoding.slice(0, 100) });
  }
  const declared = Number(req.headers.get("content-length") ?? 0);
  if (declared > limit) throw new DomainError("BODY_TOO_LARGE", { limit });
  return parseJson(decode(await req.readBytes(limit)));
}

/** A body as it is, for who signs it byte by byte. @throws DomainError BODY_TOO_LARGE, BODY_MALFORMED */
export async function readText(req: Request, limit: number): Promise<string> {
  return decode(await bytesOf(req, limit));
}

const JSON_TYPE = /^application\/(?:[\w.+-]+\+)?json\s*(?:;\s*charset="?utf-?8"?\s*)?$/i;

const utf8 = new TextDecoder("utf-8", { fatal: true });

function decode(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new DomainError("BODY_MALFORMED", { reason: "not_utf8" });
  }
}

/** Exported for its tests. */
export function parseJson(text: string): unknown {
  if (text.trim() === "") throw new DomainError("BODY_MALFORMED", { reason: "empty" });
  const { depth, fractions } = scan(text);
  if (depth > MAX_DEPTH) throw new DomainError("BODY_MALFORMED", { reason: "too_deep", limit: MAX_DEPTH });
  try {
    return fractions ? JSON.parse(text, refuseFractions) : JSON.parse(text);
  } catch {
    throw new DomainError("BODY_MALFORMED", { reason: "not_json" });
  }
}

function refuseFractions(_key: string, value: unknown, context?: { source?: string }): unknown {
  return typeof value === "number" && context?.source && /[.eE]/.test(context.source) ? Number.NaN : value;
}

const QUOTE = 34;
const BACKSLASH = 92;

/** One pass over the text: how deep it nests, and whether a number outside of strings may not be an integer. */
function scan(text: string): { depth: number; fractions: boolean } {
  let depth = 0;
  let deepest = 0;
  let fractions = false;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    switch (c) {
      case QUOTE:
        i = endOfString(text, i);
        break;
      case 91: // [
      case 123: // {
        depth += 1;
        if (depth > deepest) deepest = depth;
        break;
      case 93:
      case 125:
        depth -= 1;
        break;
      case 46: // .
        fractions = true;
        break;
      case 69: // E
      case 101: {
        const before = text.charCodeAt(i - 1);
        if (before >= 48 && before <= 57) fractions = true;
        break;
      }
    }
  }
  return { depth: deepest, fractions };
}

/** Where the string ends that begins at `start`: at its quote, or with the text. */
function endOfString(text: string, start: number): number {
  for (let end = start; ; ) {
    end = text.indexOf('"', end + 1);
    if (end < 0) return text.length;
    let slashes = 0;
    while (text.charCodeAt(end - 1 - slashes) === BACKSLASH) slashes++;
    if (slashes % 2 === 0) return end;
  }
}
