import { DomainError } from "@/server/core/errors";

/** One record of a file, as it stands there. */
export interface CsvRecord {
  /** Physical line on which it begins; the header is line 1. */
  line: number;
  /** Null if it cannot be taken apart: broken quotes, a control character, too long. */
  fields: string[] | null;
  raw: string;
}

/** A record may not be longer; a quoted field may not run over more lines. What does is malformed, alone. */
const MAX_RECORD_BYTES = 64 * 1024;
const MAX_RECORD_LINES = 20;
const LF = 0x0a;

/**
 * Takes a CSV apart as it streams by: RFC 4180 with any one-byte delimiter, LF or CRLF, a byte-order mark
 * tolerated. Written by hand because nothing may be lost: a broken quote costs its own line, where a general
 * parser would swallow the lines behind it. Blank lines are no records.
 * @throws DomainError FILE_NOT_UTF8 with the line and the byte (from 1)
 */
export class CsvReader {
  #carry: Uint8Array<ArrayBufferLike> = new Uint8Array(0);
  /** Bytes of complete lines that were taken in. */
  #offset = 0;
  #lines: string[] = [];
  /** Number of the first line in `#lines`. */
  #first = 1;
  /** Inside a line that is too long, already handed on: its bytes are passed over up to its line feed. */
  #passing = false;
  readonly #decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

  constructor(private readonly delimiter: string) {}

  push(bytes: Uint8Array): CsvRecord[] {
    let piece = this.#carry.length > 0 ? Buffer.concat([this.#carry, bytes]) : bytes;
    if (this.#passing) {
      const end = piece.indexOf(LF);
      if (end < 0) {
        this.#offset += piece.length;
        this.#carry = new Uint8Array(0);
        return [];
      }
      this.#passing = false;
      this.#offset += end + 1;
      piece = piece.subarray(end + 1);
    }
    const last = piece.lastIndexOf(LF);
    if (last >= 0) this.#take(piece.subarray(0, last + 1));
    this.#carry = piece.subarray(last + 1);
    if (this.#carry.length > MAX_RECORD_BYTES) {
      this.#lines.push(`${this.#decode(wholeCharacters(this.#carry.subarray(0, 1_000)))}${TOO_LONG}`);
      this.#passing = true;
      this.#offset += this.#carry.length;
      this.#carry = new Uint8Array(0);
    }
    return this.#records(false);
  }

  end(): CsvRecord[] {
    if (this.#carry.length > 0) this.#take(this.#carry);
    this.#carry = new Uint8Array(0);
    return this.#records(true);
  }

  #take(bytes: Uint8Array): void {
    const lines = this.#decode(bytes).split("\n");
    if (lines.at(-1) === "") lines.pop();
    this.#offset += bytes.length;
    for (const line of lines) this.#lines.push(line.endsWith("\r") ? line.slice(0, -1) : line);
    if (this.#first === 1 && this.#lines[0]?.startsWith("\uFEFF")) this.#lines[0] = this.#lines[0].slice(1);
  }

  #decode(bytes: Uint8Array): string {
    try {
      return this.#decoder.decode(bytes);
    } catch {
      const at = firstInvalidByte(bytes);
      const line = this.#first + this.#lines.length + countLineFeeds(bytes.subarray(0, at));
      throw new DomainError("FILE_NOT_UTF8", { line, byte: this.#offset + at + 1 });
    }
  }

  #records(final: boolean): CsvRecord[] {
    const records: CsvRecord[] = [];
    const lines = this.#lines;
    let at = 0;
    while (at < lines.length) {
      const text = lines[at] ?? "";
      const line = this.#first + at;
      if (text === "") {
        at += 1;
      } else if (text.length > MAX_RECORD_BYTES || text.includes("\0") || text.endsWith(TOO_LONG)) {
        records.push({ line, fields: null, raw: printable(text) });
        at += 1;
      } else if (!text.includes('"')) {
        records.push({ line, fields: text.split(this.delimiter), raw: text });
        at += 1;
      } else {
        const taken = takeQuoted(lines, at, this.delimiter);
        if (taken === "more" && !final) break;
        if (typeof taken === "string") {
          records.push({ line, fields: null, raw: text });
          at += 1;
        } else {
          records.push({ line, fields: taken.fields, raw: lines.slice(at, at + taken.lines).join("\n") });
          at += taken.lines;
        }
      }
    }
    this.#lines = lines.slice(at);
    this.#first += at;
    return records;
  }
}

/** Marks a line that was cut; no text of UTF-8 input can hold a lone surrogate. */
const TOO_LONG = "\uD800";

function printable(text: string): string {
  return text.slice(0, 1_000).replaceAll("\0", "\u2400").replace(TOO_LONG, "…");
}

/** Reads a whole stream, a batch of records a piece. */
export async function* readCsv(
  content: AsyncIterable<Uint8Array>,
  delimiter: string,
): AsyncGenerator<CsvRecord[]> {
  const reader = new CsvReader(delimiter);
  for await (const bytes of content) {
    const records = reader.push(bytes);
    if (records.length > 0) yield records;
  }
  const rest = reader.end();
  if (rest.length > 0) yield rest;
}

function takeQuoted(
  lines: readonly string[],
  start: number,
  delimiter: string,
): { fields: string[]; lines: number } | "malformed" | "more" {
  const fields: string[] = [];
  let used = 0;
  let text = lines[start] ?? "";
  let at = 0;
  let length = text.length;
  for (;;) {
    // at the beginning of a field
    if (text[at] !== '"') {
      const end = text.indexOf(delimiter, at);
      const field = end < 0 ? text.slice(at) : text.slice(at, end);
      if (field.includes('"')) return "malformed";
      fields.push(field);
      if (end < 0) return { fields, lines: used + 1 };
      at = end + 1;
      continue;
    }
    let value = "";
    at += 1;
    for (;;) {
      const quote = text.indexOf('"', at);
      if (quote < 0) {
        const next = lines[start + used + 1];
        if (used + 1 >= MAX_RECORD_LINES || length > MAX_RECORD_BYTES) return "malformed";
        if (next === undefined) return "more";
        if (next.includes("\0") || next.endsWith(TOO_LONG)) return "malformed";
        value += `${text.slice(at)}\n`;
        used += 1;
        text = next;
        length += next.length + 1;
        at = 0;
        continue;
      }
      value += text.slice(at, quote);
      at = quote + 1;
      if (text[at] !== '"') break;
      value += '"';
      at += 1;
    }
    fields.push(value);
    if (at === text.length) return { fields, lines: used + 1 };
    if (text[at] !== delimiter) return "malformed";
    at += 1;
  }
}

/** Cuts an unfinished character off the end. */
export function wholeCharacters(bytes: Uint8Array): Uint8Array {
  let end = bytes.length;
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) break;
    if (byte >= 0xc0) {
      const size = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      if (size > back) end = bytes.length - back;
      break;
    }
  }
  return bytes.subarray(0, end);
}

/** Index of the first byte that does not continue valid UTF-8. */
export function firstInvalidByte(bytes: Uint8Array): number {
  let i = 0;
  while (i < bytes.length) {
    const lead = bytes[i] ?? 0;
    const size = sizeOfCharacter(lead, bytes[i + 1] ?? 0);
    if (size === 0) return i;
    for (let k = 1; k < size; k++) if (((bytes[i + k] ?? 0) & 0xc0) !== 0x80) return i;
    i += size;
  }
  return bytes.length;
}

/** Bytes of the character that begins with `lead`; 0 if none does (overlong forms and surrogates included). */
function sizeOfCharacter(lead: number, second: number): number {
  if (lead < 0x80) return 1;
  if (lead < 0xc2) return 0;
  if (lead < 0xe0) return 2;
  if (lead < 0xf0) return (lead === 0xe0 && second < 0xa0) || (lead === 0xed && second > 0x9f) ? 0 : 3;
  if (lead < 0xf5) return (lead === 0xf0 && second < 0x90) || (lead === 0xf4 && second > 0x8f) ? 0 : 4;
  return 0;
}

export function countLineFeeds(bytes: Uint8Array): number {
  let count = 0;
  for (let at = bytes.indexOf(LF); at >= 0; at = bytes.indexOf(LF, at + 1)) count += 1;
  return count;
}

/** The delimiter a header line most likely uses. */
export function guessDelimiter(header: string): "," | ";" | "\t" | "|" {
  const candidates = [",", ";", "\t", "|"] as const;
  let best: (typeof candidates)[number] = ",";
  for (const one of candidates) {
    if (header.split(one).length > header.split(best).length) best = one;
  }
  return best;
}
