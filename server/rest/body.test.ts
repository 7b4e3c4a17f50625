import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DomainError } from "@/server/core/errors";
import { parseJson, readJson } from "./body";
import { type ApiRequest, webRequest } from "./exchange";

const json = { "content-type": "application/json" };

function post(body: BodyInit | null, headers: Record<string, string> = json): ApiRequest {
  const init = { method: "POST", headers, body, duplex: "half" } as RequestInit;
  return webRequest(new Request("http://localhost/", init));
}

async function refusal(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return "accepted";
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return `${error.code} ${error.params.reason ?? ""}`.trim();
  }
}

describe("reading a body", () => {
  it("reads JSON", async () => {
    expect(await readJson(post('{"a":[1,"12.5",null,true]}'), 100)).toEqual({ a: [1, "12.5", null, true] });
    expect(await readJson(post("{}", { "content-type": "application/json; charset=UTF-8" }), 100)).toEqual(
      {},
    );
  });

  it("refuses what is not JSON, empty, cut off or not UTF-8", async () => {
    expect(await refusal(readJson(post("{"), 100))).toBe("BODY_MALFORMED not_json");
    expect(await refusal(readJson(post("{'a':1}"), 100))).toBe("BODY_MALFORMED not_json");
    expect(await refusal(readJson(post(" \n"), 100))).toBe("BODY_MALFORMED empty");
    expect(await refusal(readJson(post(null), 100))).toBe("BODY_MALFORMED empty");
    const gb18030 = new Uint8Array([0x22, 0xc4, 0xe3, 0xba, 0xc3, 0x22]);
    expect(await refusal(readJson(post(gb18030), 100))).toBe("BODY_MALFORMED not_utf8");
  });

  it("refuses other types and encodings of content", async () => {
    for (const type of [
      "text/plain",
      "application/x-www-form-urlencoded",
      "",
      "application/json; charset=gbk",
    ]) {
      expect(await refusal(readJson(post("{}", { "content-type": type }), 100))).toBe(
        "UNSUPPORTED_MEDIA_TYPE",
      );
    }
    expect(await refusal(readJson(post("{}", { ...json, "content-encoding": "gzip" }), 100))).toBe(
      "UNSUPPORTED_MEDIA_TYPE",
    );
  });

  it("stops reading at the limit, whatever the sender announced", async () => {
    let sent = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += 1_000;
        controller.enqueue(new Uint8Array(1_000).fill(0x20));
      },
    });
    expect(await refusal(readJson(post(endless), 10_000))).toBe("BODY_TOO_LARGE");
    expect(sent).toBeLessThan(20_000);
    expect(await refusal(readJson(post("1".repeat(200)), 100))).toBe("BODY_TOO_LARGE");
  });

  it("refuses deep nesting before parsing it", () => {
    expect(() => parseJson("[".repeat(500_000))).toThrow(/too_deep/);
    expect(() => parseJson(`${"[".repeat(17)}${"]".repeat(17)}`)).toThrow(/too_deep/);
    expect(parseJson(`${"[".repeat(16)}${"]".repeat(16)}`)).toBeDefined();
    expect(parseJson(`"${"[".repeat(100)}"`)).toBe("[".repeat(100));
  });

  it("lets no fraction pass for an integer", () => {
    expect(parseJson('{"a":100.00000000000000001,"b":1e3,"c":1E-2,"d":7}')).toEqual({
      a: Number.NaN,
      b: Number.NaN,
      c: Number.NaN,
      d: 7,
    });
    expect(parseJson('{"a":"1.5e3","b":true}')).toEqual({ a: "1.5e3", b: true });
  });

  it("knows where a string ends: brackets and points in it count for nothing, behind it they do", () => {
    for (const said of ['\\"', "\\\\", '\\\\\\"', "1.5[[[[[[[[[[[[[[[[[[", ""]) {
      expect(parseJson(`{"a":"${said}[.5","b":7}`)).toEqual(JSON.parse(`{"a":"${said}[.5","b":7}`));
      expect(parseJson(`{"a":"${said}","b":7.0}`)).toEqual({
        ...JSON.parse(`{"a":"${said}"}`),
        b: Number.NaN,
      });
      const deep = `{"a":"${said}","b":${"[".repeat(17)}${"]".repeat(17)}}`;
      expect(() => parseJson(deep)).toThrow(DomainError);
    }
  });

  it("agrees with JSON.parse on everything else", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5, noUnicodeString: false }), (value) => {
        const text = JSON.stringify(value, (_, v: unknown) =>
          typeof v === "number" ? Math.trunc(v % 1e9) : v,
        );
        expect(parseJson(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  it("answers any text with a value or a DomainError", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (text) => {
        try {
          parseJson(text);
        } catch (error) {
          expect(error).toBeInstanceOf(DomainError);
        }
      }),
    );
  });
});
