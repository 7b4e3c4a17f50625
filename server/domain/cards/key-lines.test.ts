import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { expiryReader } from "./expiry";
import { guessFormat, type KeyFormat, type KeyLine, keyLineReader, LineCutter } from "./key-lines";

const now = new Date("2026-11-18T04:00:00Z");
const PAIR: KeyFormat = { layout: "pair", delimiter: ",", hasHeader: false };
const SECRET: KeyFormat = { layout: "secret", delimiter: ",", hasHeader: false };

function read(lines: readonly KeyLine[], format: KeyFormat = PAIR) {
  const readLine = keyLineReader(format, {
    now,
    expiresAt: null,
    readExpiry: expiryReader("Asia/Shanghai"),
  });
  return lines.map(readLine);
}
const one = (line: string, format?: KeyFormat) => read([line], format)[0];

function cut(bytes: Uint8Array, encoding: "utf-8" | "gb18030", sizes: readonly number[] = [bytes.length]) {
  const cutter = new LineCutter(encoding);
  const lines: KeyLine[] = [];
  let at = 0;
  for (let i = 0; at < bytes.length; i++) {
    const size = Math.max(1, sizes[i % sizes.length] ?? 1);
    lines.push(...cutter.push(bytes.subarray(at, at + size)));
    at += size;
  }
  return [...lines, ...cutter.end()];
}
/** Characters that GB18030 writes in two bytes (as GBK does), one and four. */
const gbk = (text: string) => {
  const bytes: Record<string, number[]> = {
    卡: [0xbf, 0xa8],
    号: [0xba, 0xc5],
    密: [0xc3, 0xdc],
    镕: [0xe9, 0x46],
  };
  return Buffer.from([...text].flatMap((c) => bytes[c] ?? [c.charCodeAt(0)]));
};

describe("lines", () => {
  test("are the same however the file arrives", () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: "binary", maxLength: 20 }).map((s) => s.replaceAll("\n", "|"))),
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 }),
        fc.boolean(),
        (texts, sizes, mark) => {
          const bytes = Buffer.from(`${mark ? "\uFEFF" : ""}${texts.join("\n")}`);
          const lines = cut(bytes, "utf-8", sizes);
          expect(lines).toEqual(cut(bytes, "utf-8"));
          const read = bytes
            .toString("utf8")
            .replace(/^\uFEFF/, "")
            .split("\n");
          const whole = read.at(-1) === "" ? read.slice(0, -1) : read;
          // A mark alone is a first line that is blank.
          if (bytes.length > 3 || !mark) expect(lines).toEqual(whole);
        },
      ),
    );
  });

  test("any bytes give as many lines as they have, in either encoding", () => {
    const bytes = fc
      .uint8Array({ maxLength: 200 })
      .map((array) => array.map((byte, i) => (i % 7 === 3 && byte < 80 ? 0x0a : byte)));
    fc.assert(
      fc.property(bytes, fc.constantFrom("utf-8" as const, "gb18030" as const), (bytes, encoding) => {
        const feeds = bytes.filter((byte) => byte === 0x0a).length;
        const lines = cut(bytes, encoding, [13]);
        expect(lines).toHaveLength(feeds + (bytes.length > 0 && bytes.at(-1) !== 0x0a ? 1 : 0));
        for (const format of [PAIR, SECRET, { ...PAIR, layout: "line" as const }]) {
          for (const reading of read(lines, format)) {
            if (reading.kind !== "key") continue;
            expect(reading.secret).not.toBe("");
            expect(`${reading.number}${reading.secret}`).not.toMatch(/[\p{Cc}\uFFFD]/u);
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  test("of GBK are read as what they are, and a broken one costs itself alone", () => {
    const file = Buffer.concat([
      gbk("卡号,卡密\n"),
      gbk("镕1,密2\n"),
      Buffer.from([0x81]), // begins a character that the line feed breaks off
      gbk("\n3,4\n"),
    ]);
    for (const sizes of [[1], [2], [3], [100]]) {
      const lines = cut(file, "gb18030", sizes);
      expect(lines).toEqual(["卡号,卡密", "镕1,密2", "\uFFFD", "3,4"]);
    }
    const format = guessFormat(cut(file, "gb18030"));
    expect(format).toEqual({ ...PAIR, hasHeader: true });
    expect(read(cut(file, "gb18030"), format).map((r) => (r.kind === "key" ? r.number : r.kind))).toEqual([
      "blank",
      "镕1",
      "rejected",
      "3",
    ]);
  });

  test("that never end are passed over without being kept", () => {
    const long = Buffer.alloc(100_000, "x");
    const file = Buffer.concat([Buffer.from("1,a\n"), long, Buffer.from("\n2,b\n"), long]);
    expect(cut(file, "utf-8", [1_000])).toEqual(["1,a", null, "2,b", null]);
    expect(cut(file, "utf-8")).toEqual(["1,a", null, "2,b", null]);
    expect(read([null])).toEqual([{ kind: "rejected", code: "TOO_LONG" }]);
  });
});

describe("a line", () => {
  test("of whatever fields comes back as it was written", () => {
    const field = fc
      .string({ unit: "grapheme", minLength: 1, maxLength: 30 })
      .map((text) => text.replaceAll(/[\p{Cc}\p{Cs}\uFFFD]/gu, "").trim())
      .filter((text) => text !== "" && !/^\d(\.\d+)?E\+\d+$/i.test(text));
    const quoted = (text: string) => (/[",\t]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
    fc.assert(
      fc.property(field, field, fc.constantFrom("," as const, "\t" as const), (number, secret, delimiter) => {
        const reading = one([number, secret].map(quoted).join(delimiter), { ...PAIR, delimiter });
        expect(reading).toEqual({ kind: "key", number, secret, expiresAt: null });
      }),
    );
  });

  test.each<[string, string, string, string | null]>([
    ["1,a", "1", "a", null],
    [" 1 , a ", "1", "a", null],
    [",a", "", "a", null],
    ["1,a,", "1", "a", null],
    ["1,a,,,", "1", "a", null],
    ['"1,2","a""b"', "1,2", 'a"b', null],
    ["1,a,2026-12-31", "1", "a", "2026-12-31T16:00:00.000Z"],
    ["1,a,2026/12/31", "1", "a", "2026-12-31T16:00:00.000Z"],
    ["1,a,20261231", "1", "a", "2026-12-31T16:00:00.000Z"],
    ["1,a,2026年12月31日", "1", "a", "2026-12-31T16:00:00.000Z"],
    ["1,a,2026-12-31 23:59:59", "1", "a", "2026-12-31T15:59:59.000Z"],
    ["1,a,2026-12-31 01:30", "1", "a", "2026-12-30T17:30:00.000Z"],
    ["1,a,2026-12-31T23:59:59Z", "1", "a", "2026-12-31T23:59:59.000Z"],
    ["1,a,2026-12-31T00:00:00+08:00", "1", "a", "2026-12-30T16:00:00.000Z"],
  ])("%s is a key", (line, number, secret, expiresAt) => {
    expect(one(line)).toEqual({
      kind: "key",
      number,
      secret,
      expiresAt: expiresAt === null ? null : new Date(expiresAt),
    });
  });

  test.each([
    ["1", "MALFORMED"],
    ["1,a,2026-12-31,more", "MALFORMED"],
    ['"1,a', "MALFORMED"],
    ['1"2,a', "MALFORMED"],
    ["1,a\u0007", "MALFORMED"],
    ["1,a\uFFFD", "MALFORMED"],
    ["6.00123E+15,a", "MALFORMED"],
    ["1,", "SECRET_MISSING"],
    [`${"1".repeat(129)},a`, "TOO_LONG"],
    [`1,${"a".repeat(1_025)}`, "TOO_LONG"],
    ["1,a,soon", "EXPIRY_INVALID"],
    ["1,a,2026-02-30", "EXPIRY_INVALID"],
    ["1,a,2026-12-31 24:00", "EXPIRY_INVALID"],
    ["1,a,2026-13-01", "EXPIRY_INVALID"],
    ["1,a,2026-11-17", "EXPIRED"],
    ["1,a,2026-11-18T04:00:00Z", "EXPIRED"],
  ])("%s is refused: %s", (line, code) => {
    expect(one(line)).toEqual({ kind: "rejected", code });
  });

  test("today's date is good until the day ends", () => {
    expect(one("1,a,2026-11-18")).toMatchObject({ kind: "key", expiresAt: new Date("2026-11-18T16:00:00Z") });
  });

  test("of secrets alone holds no comma, unless every line is taken as it stands", () => {
    expect(one("abc", SECRET)).toEqual({ kind: "key", number: "", secret: "abc", expiresAt: null });
    expect(one("a,b", SECRET)).toEqual({ kind: "rejected", code: "MALFORMED" });
    expect(one("a,b", { ...SECRET, layout: "line" })).toMatchObject({ kind: "key", secret: "a,b" });
  });
});

describe("a file", () => {
  test.each<[string, string[], KeyFormat]>([
    ["pairs", ["1,a", "2,b"], PAIR],
    ["pairs under a header", ["卡号,卡密,有效期", "1,a,2027-01-01"], { ...PAIR, hasHeader: true }],
    ["tabs", ["1\ta,b", "2\tc"], { ...PAIR, delimiter: "\t" }],
    ["secrets", ["abc", "def"], SECRET],
    ["secrets under a header", ["卡密", "abc"], { ...SECRET, hasHeader: true }],
    ["one odd line first", ["?", "1,a", "2,b"], PAIR],
    ["one odd line among secrets", ["abc", "1,a", "def"], SECRET],
    ["nothing", [], SECRET],
  ])("of %s is known by its first lines", (_, lines, format) => {
    expect(guessFormat(lines)).toEqual(format);
  });
});
