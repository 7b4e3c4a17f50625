import type { KeyLayout, KeyLineCode } from "./schemas";
import { MAX_NUMBER, MAX_SECRET } from "./schemas";

/**
 * Files of keys, taken apart line by line: any bytes give lines that are keys, nothing, or a reason. What could be
 * read in two ways is refused, never guessed.
 */

/** Characters of a line; more is one line that is too long, whatever its length. */
const MAX_LINE = 4_096;
const MAX_LINE_BYTES = 4 * MAX_LINE;
const LF = 0x0a;

export type KeyFileEncoding = "utf-8" | "gb18030";

/** A line's text without its line feed; null: too long. */
export type KeyLine = string | null;

/** Cuts a stream of bytes into lines. A line feed byte is one in UTF-8 and GB18030 alike, whatever stands around it. */
export class LineCutter {
  #carry: Buffer = Buffer.alloc(0);
  /** Inside a line that is too long, already handed on. */
  #passing = false;
  #isFirst = true;
  readonly #decoder: TextDecoder;

  constructor(encoding: KeyFileEncoding) {
    this.#decoder = new TextDecoder(encoding, { ignoreBOM: true });
  }

  push(bytes: Uint8Array): KeyLine[] {
    let piece = this.#carry.length > 0 ? Buffer.concat([this.#carry, bytes]) : Buffer.from(bytes);
    this.#carry = Buffer.alloc(0);
    if (this.#passing) {
      const end = piece.indexOf(LF);
      if (end < 0) return [];
      this.#passing = false;
      piece = piece.subarray(end + 1);
    }
    const last = piece.lastIndexOf(LF);
    const lines = last >= 0 ? this.#lines(piece.subarray(0, last)) : [];
    const rest = piece.subarray(last + 1);
    if (rest.length > MAX_LINE_BYTES) {
      this.#passing = true;
      this.#isFirst = false;
      lines.push(null);
    } else {
      this.#carry = Buffer.from(rest); // a copy, so that the piece can go
    }
    return lines;
  }

  end(): KeyLine[] {
    const rest = this.#carry;
    this.#carry = Buffer.alloc(0);
    return rest.length > 0 ? this.#lines(rest) : [];
  }

  /** Whole lines, the last one without its line feed. */
  #lines(bytes: Buffer): KeyLine[] {
    let texts = this.#decoder.decode(bytes).split("\n");
    // A decoder that takes a line feed into a broken character would lose a line.
    if (texts.length !== countLineFeeds(bytes) + 1) texts = this.#oneByOne(bytes);
    if (this.#isFirst) texts[0] = texts[0]?.replace(/^\uFEFF/, "") ?? "";
    this.#isFirst = false;
    return texts.map((text) => (text.length > MAX_LINE ? null : text));
  }

  #oneByOne(bytes: Buffer): string[] {
    const texts: string[] = [];
    for (let from = 0; from <= bytes.length; ) {
      const at = bytes.indexOf(LF, from);
      const end = at < 0 ? bytes.length : at;
      texts.push(this.#decoder.decode(bytes.subarray(from, end)).replaceAll("\n", "\uFFFD"));
      from = end + 1;
    }
    return texts;
  }
}

export function countLineFeeds(bytes: Uint8Array): number {
  let count = 0;
  for (let at = bytes.indexOf(LF); at >= 0; at = bytes.indexOf(LF, at + 1)) count += 1;
  return count;
}

export type KeyReading =
  | { kind: "key"; number: string; secret: string; expiresAt: Date | null }
  | { kind: "blank" }
  | { kind: "rejected"; code: KeyLineCode };

/** How a file is to be read. */
export interface KeyFormat {
  layout: KeyLayout;
  delimiter: "," | "\t";
  hasHeader: boolean;
}

const BLANK: KeyReading = { kind: "blank" };
const rejected = (code: KeyLineCode): KeyReading => ({ kind: "rejected", code });
const UNREADABLE = /[\p{Cc}\p{Cs}\uFFFD]/u;
/** What a spreadsheet makes of a long number. */
const MANGLED = /^\d(?:\.\d+)?E\+\d+$/i;

/**
 * A reader of lines in their order: it tells the header by its being first.
 * @param readExpiry null for what is no time
 */
export function keyLineReader(
  format: KeyFormat,
  options: { now: Date; expiresAt: Date | null; readExpiry: (text: string) => Date | null },
): (line: KeyLine) => KeyReading {
  let awaitsHeader = format.hasHeader;
  return (line) => {
    if (line === null) return rejected("TOO_LONG");
    const text = line.trim();
    if (text === "") return BLANK;
    if (awaitsHeader) {
      awaitsHeader = false;
      return BLANK;
    }
    const fields = fieldsOf(text, format);
    if (!fields || fields.length > 3) return rejected("MALFORMED");
    const [number = "", secret = "", expiry = ""] = fields;
    if (UNREADABLE.test(number) || UNREADABLE.test(secret) || MANGLED.test(number) || MANGLED.test(secret))
      return rejected("MALFORMED");
    if (secret === "") return rejected("SECRET_MISSING");
    if (number.length > MAX_NUMBER || secret.length > MAX_SECRET) return rejected("TOO_LONG");
    const expiresAt = expiry === "" ? options.expiresAt : options.readExpiry(expiry);
    if (expiry !== "" && !expiresAt) return rejected("EXPIRY_INVALID");
    if (expiresAt && expiresAt <= options.now) return rejected("EXPIRED");
    return { kind: "key", number, secret, expiresAt };
  };
}

/** Number, secret and perhaps expiry of a line, which is not blank; null if it cannot be told. */
function fieldsOf(text: string, { layout, delimiter }: KeyFormat): string[] | null {
  if (layout === "line") return ["", text];
  if (layout === "secret") {
    if (text.includes(",") || text.includes("\t")) return null;
    return ["", text];
  }
  const fields = cut(text, delimiter);
  if (!fields || fields.length < 2) return null;
  while (fields.length > 3 && fields.at(-1) === "") fields.pop();
  return fields;
}

/** Fields of one line, trimmed; quotes as in RFC 4180, but none that runs over the line. Null where they are broken. */
function cut(text: string, delimiter: string): string[] | null {
  if (!text.includes('"')) return text.split(delimiter).map((field) => field.trim());
  const fields: string[] = [];
  let at = 0;
  for (;;) {
    while (text[at] === " ") at += 1;
    if (text[at] === '"') {
      let value = "";
      at += 1;
      for (;;) {
        const quote = text.indexOf('"', at);
        if (quote < 0) return null;
        value += text.slice(at, quote);
        at = quote + 1;
        if (text[at] !== '"') break;
        value += '"';
        at += 1;
      }
      while (text[at] === " ") at += 1;
      fields.push(value.trim());
      if (at >= text.length) return fields;
      if (text[at] !== delimiter) return null;
      at += 1;
    } else {
      const end = text.indexOf(delimiter, at);
      const field = end < 0 ? text.slice(at) : text.slice(at, end);
      if (field.includes('"')) return null;
      fields.push(field.trim());
      if (end < 0) return fields;
      at = end + 1;
    }
  }
}

const HEADER_WORDS = new Set(
  [
    "number no no. card cardno card_no cardnumber card_number serial sn account id 卡号 序列号 账号 帐号 编号 号码",
    "secret pin password passwd pwd code key cardkey card_key cdkey cd-key token 卡密 密码 密钥 兑换码 激活码 秘钥",
    "expiry expires expire expiration expires_at expiresat valid_until validuntil 有效期 有效期至 到期 到期日 到期时间 过期时间 截止日期",
  ].flatMap((words) => words.split(" ")),
);

/** What a file looks like by its first lines. */
export function guessFormat(lines: readonly KeyLine[]): KeyFormat {
  const texts = lines.flatMap((line) => (line === null || line.trim() === "" ? [] : [line.trim()]));
  const having = (sign: string) => texts.filter((text) => text.includes(sign)).length;
  const delimiter = having("\t") > having(",") ? "\t" : ",";
  const [first = ""] = texts;
  const header = cut(first, delimiter)?.filter((field) => field !== "") ?? [];
  const hasHeader = header.length > 0 && header.every((field) => HEADER_WORDS.has(field.toLowerCase()));
  const data = hasHeader ? texts.slice(1) : texts;
  const pairs = data.filter((text) => text.includes(delimiter)).length;
  const layout = (data.length === 0 ? header.length > 1 : pairs * 2 >= data.length) ? "pair" : "secret";
  return { layout, delimiter, hasHeader };
}
