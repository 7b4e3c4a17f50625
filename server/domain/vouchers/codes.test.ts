import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  dynamicPayload,
  formatCode,
  generateCode,
  generateCodes,
  type ReadCode,
  readCode,
  readPresented,
} from "./codes";

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const code = fc.uint8Array({ minLength: 15, maxLength: 15 }).map((bytes) => generateCode(bytes));
const place = fc.nat(15);
const readsAs = (text: string, kind: ReadCode["kind"]) => expect(readCode(text).kind).toBe(kind);

describe("voucher codes", () => {
  it("are read back, however they are written", () => {
    fc.assert(
      fc.property(code, (c) => {
        expect(c).toMatch(/^[0-9A-HJKMNP-TV-Z]{16}$/);
        expect(formatCode(c)).toMatch(/^(\w{4}-){3}\w{4}$/);
        const alike = c.replaceAll("0", "o").replace("1", "l").replaceAll("1", "I");
        const wide = [...c].map((s) => String.fromCharCode(s.charCodeAt(0) + 0xfee0)).join("");
        for (const text of [
          c,
          formatCode(c),
          c.toLowerCase(),
          alike,
          wide,
          ` ${formatCode(c)}\n`,
          formatCode(c).replaceAll("-", "–"),
        ]) {
          expect(readCode(text)).toEqual({ kind: "code", code: c });
        }
      }),
    );
  });

  it("tell every single wrong character", () => {
    fc.assert(
      fc.property(code, (c) => {
        for (let i = 0; i < 16; i++) {
          for (const symbol of ALPHABET) {
            if (symbol !== c[i]) readsAs(c.slice(0, i) + symbol + c.slice(i + 1), "mistyped");
          }
        }
      }),
      { numRuns: 30 },
    );
  });

  it("tell every transposition, of neighbours or not", () => {
    fc.assert(
      fc.property(code, place, place, (c, i, j) => {
        const symbols = [...c];
        [symbols[i], symbols[j]] = [symbols[j] ?? "", symbols[i] ?? ""];
        readsAs(symbols.join(""), c[i] === c[j] ? "code" : "mistyped");
      }),
      { numRuns: 2000 },
    );
  });

  it("tell a character too many or too few", () => {
    fc.assert(
      fc.property(code, place, fc.constantFrom(...ALPHABET), (c, i, symbol) => {
        readsAs(c.slice(0, i) + c.slice(i + 1), "mistyped");
        readsAs(c.slice(0, i) + symbol + c.slice(i), "mistyped");
      }),
    );
  });

  it("tell a mistake from something else", () => {
    const c = generateCode(new Uint8Array(15).fill(7));
    readsAs(`U${c.slice(1)}`, "mistyped");
    for (const text of [
      "",
      "hello",
      "https://example.com/v",
      "12345678",
      "优惠券码优惠券码优惠券码优惠券码",
      "x".repeat(1000),
      "!!!!!!!!!!!!!!!!",
    ]) {
      readsAs(text, "not_a_code");
    }
  });

  it("never fail on any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 100 }), (text) => {
        const read = readCode(text);
        if (read.kind === "code") expect(readCode(read.code)).toEqual(read);
        readPresented(text);
      }),
    );
  });

  it("are made in bulk, each another", () => {
    const codes = generateCodes(10_000);
    expect(new Set(codes).size).toBe(10_000);
    for (const c of codes) readsAs(c, "code");
    expect(generateCodes(0)).toEqual([]);
    expect(() => generateCode(new Uint8Array(14))).toThrow(RangeError);
  });
});

describe("what a holder shows", () => {
  const c = generateCode(new Uint8Array(15).fill(19));
  it("is a static code, a rotating QR, or eight digits", () => {
    expect(readPresented(formatCode(c))).toEqual({ kind: "static", code: c });
    expect(readPresented(c)).toEqual({ kind: "static", code: c });
    expect(readPresented(`${c.slice(0, -1)}${c.endsWith("0") ? "1" : "0"}`)).toEqual({ kind: "mistyped" });
    expect(readPresented(dynamicPayload(c, "01234567"))).toEqual({
      kind: "dynamic",
      code: c,
      digits: "01234567",
    });
    expect(readPresented("0123 4567")).toEqual({ kind: "digits", digits: "01234567" });
    expect(readPresented(`${c}*0123`)).toEqual({ kind: "mistyped" });
    expect(readPresented(`${c}*01234567*1`)).toEqual({ kind: "not_a_code" });
    expect(readPresented(`${c.slice(1)}*01234567`)).toEqual({ kind: "mistyped" });
    expect(readPresented("hello")).toEqual({ kind: "not_a_code" });
  });
});
