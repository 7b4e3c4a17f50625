import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DomainError } from "@/server/core/errors";
import { CsvReader, type CsvRecord, guessDelimiter } from "./csv-reader";

/** Reads bytes in pieces of a size. */
function read(content: string | Uint8Array, delimiter = ",", size = 7): CsvRecord[] {
  const bytes = typeof content === "string" ? Buffer.from(content) : content;
  const reader = new CsvReader(delimiter);
  const records: CsvRecord[] = [];
  for (let at = 0; at < bytes.length; at += size) records.push(...reader.push(bytes.subarray(at, at + size)));
  return [...records, ...reader.end()];
}
const fields = (records: CsvRecord[]) => records.map((record) => record.fields);

describe("reading a CSV", () => {
  it("takes LF and CRLF, a byte-order mark, blank lines and no line feed at the end", () => {
    expect(read("\uFEFFa,b\r\n1,2\n\n\r\n3,4")).toEqual([
      { line: 1, fields: ["a", "b"], raw: "a,b" },
      { line: 2, fields: ["1", "2"], raw: "1,2" },
      { line: 5, fields: ["3", "4"], raw: "3,4" },
    ]);
  });

  it("takes quoted fields with delimiters, quotes and line feeds, and counts physical lines", () => {
    const records = read('a,b\n"1,5","say ""hi"""\n"two\nlines",x\n3,4\n');
    expect(fields(records)).toEqual([
      ["a", "b"],
      ["1,5", 'say "hi"'],
      ["two\nlines", "x"],
      ["3", "4"],
    ]);
    expect(records.map((record) => record.line)).toEqual([1, 2, 3, 5]);
    expect(records[2]?.raw).toBe('"two\nlines",x');
  });

  it("lets a broken quote cost its own line alone", () => {
    const records = read('a,b\n"never closed,1\n2,3\n5" pipe,4\n"x"y,5\n6,7\n');
    expect(records.map(({ line, fields }) => [line, fields])).toEqual([
      [1, ["a", "b"]],
      [2, null],
      [3, ["2", "3"]],
      [4, null],
      [5, null],
      [6, ["6", "7"]],
    ]);
  });

  it("gives up on a quote that stays open over too many lines, and reads those lines", () => {
    const many = Array.from({ length: 40 }, (_, i) => `${i},x`).join("\n");
    const records = read(`a,b\n"open,1\n${many}\n`);
    expect(records).toHaveLength(42);
    expect(records.filter((record) => record.fields === null).map((record) => record.line)).toEqual([2]);
  });

  it("refuses one line that is too long or holds a zero byte, and goes on behind it", () => {
    const records = read(`a,b\n${"x".repeat(200_000)},1\n2,3\n4\0,5\n6,7\n`, ",", 10_000);
    expect(records.map(({ line, fields }) => [line, fields])).toEqual([
      [1, ["a", "b"]],
      [2, null],
      [3, ["2", "3"]],
      [4, null],
      [5, ["6", "7"]],
    ]);
    expect(records[1]?.raw.length).toBeLessThan(1_100);
    expect(records[3]?.raw).toBe("4\u2400,5");
  });

  it("names line and byte of what is not UTF-8", () => {
    const gbk = Buffer.concat([Buffer.from("门店,b\n1,"), Buffer.from([0xc4, 0xe3]), Buffer.from("\n")]);
    for (const size of [1, 3, 1_000]) {
      let error: unknown;
      try {
        read(gbk, ",", size);
      } catch (thrown) {
        error = thrown;
      }
      expect(error).toBeInstanceOf(DomainError);
      expect(error).toMatchObject({ code: "FILE_NOT_UTF8", params: { line: 2, byte: 12 } });
    }
  });

  it("guesses the delimiter", () => {
    expect(guessDelimiter("a,b,c")).toBe(",");
    expect(guessDelimiter("a;b;c,d")).toBe(";");
    expect(guessDelimiter("a\tb")).toBe("\t");
  });

  it("reads back what was written, whatever the pieces", () => {
    const cell = fc.stringMatching(/^[^\0\r]{0,12}$/u);
    fc.assert(
      fc.property(
        fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 1, max: 40 }),
        (rows, size) => {
          const text = rows
            .map((row) => row.map((value) => `"${value.replaceAll('"', '""')}"`).join(","))
            .join("\n");
          expect(fields(read(text, ",", size))).toEqual(rows);
        },
      ),
    );
  });

  it("never throws and never loses a line of text", () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a,"\n]{0,20}$/)), (lines) => {
        const text = lines.join("\n");
        const records = read(text, ",", 5);
        const kept = records.flatMap(({ raw }) => raw.split("\n")).filter((line) => line !== "");
        expect(kept.sort()).toEqual(
          text
            .split("\n")
            .filter((line) => line !== "")
            .sort(),
        );
      }),
    );
  });
});
