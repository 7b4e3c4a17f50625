import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { expect, test } from "vitest";
import { csvCell, csvResponse, csvText } from "./csv";

async function text<Row>(...args: Parameters<typeof csvText<Row>>): Promise<string> {
  let all = "";
  for await (const piece of csvText(...args)) all += piece;
  return all;
}

test("begins with a BOM, ends lines with CRLF, quotes what needs it", async () => {
  const rows = [{ name: '海底捞, "北京"', amount: "-12.30" }];
  const file = await text(
    [
      { header: "名称", value: (r) => r.name },
      { header: "金额", value: (r) => r.amount, number: true },
    ],
    rows,
  );
  expect(file).toBe('\uFEFF名称,金额\r\n"海底捞, ""北京""",-12.30\r\n');
});

test("formulas are not run", () => {
  for (const evil of ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", " =1", "|x", "%x", "＝1"])
    expect(csvCell(evil).replace(/^"/, "").startsWith("'"), evil).toBe(true);
  expect(csvCell("a=b")).toBe("a=b");
});

test("identifiers keep their digits, numbers stay numbers", () => {
  expect(csvCell("00123456789012345678")).toBe('"00123456789012345678\t"');
  expect(csvCell("12e34")).toBe('"12e34\t"');
  expect(csvCell(-5n)).toBe("-5");
  expect(csvCell("-5", true)).toBe("-5");
  expect(csvCell("=5", true)).toBe("'=5");
});

test("any text comes back from a reader, but for the mark in front or behind", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(fc.string({ unit: "binary" }), { minLength: 2, maxLength: 2 })),
      async (rows) => {
        const file = await text(
          [
            { header: "a", value: (r: string[]) => r[0] },
            { header: "b", value: (r: string[]) => r[1] },
          ],
          rows,
        );
        const read = parse(file, {
          bom: true,
          relaxColumnCount: true,
          skipEmptyLines: false,
          recordDelimiter: "\r\n",
        }) as string[][];
        const bare = read.slice(1).map((row) => row.map((cell) => cell.replace(/^'/, "").replace(/\t$/, "")));
        expect(bare).toEqual(rows.map((row) => row.map((cell) => cell.replace(/^'/, "").replace(/\t$/, ""))));
      },
    ),
    { numRuns: 200 },
  );
});

test("a download that is given up stops its source", async () => {
  let ended = false;
  async function* endless() {
    try {
      for (let i = 0; ; i++) yield { i: String(i).repeat(1000) };
    } finally {
      ended = true;
    }
  }
  const response = csvResponse("参与方", [{ header: "i", value: (r) => r.i }], endless());
  const reader = response.body?.getReader();
  await reader?.read();
  await reader?.cancel();
  expect(ended).toBe(true);
  expect(response.headers.get("content-disposition")).toContain("filename*=UTF-8''%E5%8F%82");
});
