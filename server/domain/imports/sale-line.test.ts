import { describe, expect, it } from "vitest";
import type { CsvRecord } from "./csv-reader";
import { timeReader } from "./local-time";
import { Occurrences } from "./occurrences";
import { externalRefOf, lineReader } from "./sale-line";
import { type SalesMappingInput, salesMapping } from "./schemas";

const HEADER = ["order", "store", "maker", "value", "coupon", "match", "sold"];
const MAPPING: SalesMappingInput = {
  currency: "USD",
  merchant: "store",
  brand: "maker",
  orderRef: "order",
  amount: { column: "value", means: "received" },
  discounts: [
    { column: "coupon", by: "brand" },
    { column: "match", by: "merchant" },
  ],
  soldAt: { column: "sold", format: "yyyy-MM-dd HH:mm:ss", timeZone: "America/New_York" },
  onlyAbove: "coupon",
  collectedBy: "merchant",
};
const NOW = new Date("2026-11-21T00:00:00Z");

function reading(line: string, mapping: Partial<SalesMappingInput> = {}, header = HEADER) {
  const read = lineReader(salesMapping.parse({ ...MAPPING, ...mapping }), header, NOW);
  const record: CsvRecord = { line: 2, fields: line.split(","), raw: line };
  return read(record);
}
function sale(line: string, mapping: Partial<SalesMappingInput> = {}) {
  const found = reading(line, mapping);
  if (found.kind !== "sale") throw new Error(`not a sale: ${JSON.stringify(found)}`);
  return found.sale;
}

describe("reading a line", () => {
  it("makes a redemption of it, whatever the amount means", () => {
    const line = "o1,367,69,4.50,1,0.50,2017-03-01 10:00:00";
    expect(sale(line)).toMatchObject({
      merchant: "367",
      brand: "69",
      orderRef: "o1",
      gross: 500n,
      discount: 150n,
      paid: 350n,
      soldAt: new Date("2017-03-01T15:00:00Z"),
      funding: [
        { by: "brand", amount: 100n },
        { by: "merchant", amount: 50n },
      ],
    });
    expect(sale(line, { amount: { column: "value", means: "gross" } })).toMatchObject({
      gross: 450n,
      paid: 300n,
    });
    expect(sale(line, { amount: { column: "value", means: "paid" } })).toMatchObject({
      gross: 600n,
      paid: 450n,
    });
  });

  it("skips what is no redemption, and rejects what cannot be read even so", () => {
    expect(reading("o1,367,,4.50,0,0,2017-03-01 10:00:00")).toEqual({ kind: "skipped" });
    expect(reading("o1,367,69,4.440892e-16,0,0,2017-03-01 10:00:00")).toMatchObject({
      kind: "rejected",
      codes: ["AMOUNT_INVALID"],
    });
  });

  it("tells all that is wrong", () => {
    const codes = (line: string) => {
      const found = reading(line);
      return found.kind === "rejected" ? found.codes : found.kind;
    };
    expect(codes("o1,367,,0,1,0,2017-03-01 10:00:00")).toEqual(["DISCOUNT_EXCEEDS_ORDER", "FUNDER_UNKNOWN"]);
    expect(codes("o1,367,69,0.99,1,0,2017-03-01 10:00:00")).toEqual(["DISCOUNT_EXCEEDS_ORDER"]);
    expect(codes("o1,367,69,1,1,5,2017-03-01 10:00:00")).toBe("sale"); // the store's own part comes on top
    expect(codes("o1,,69,x,1,,2017-02-30 10:00:00")).toEqual([
      "AMOUNT_INVALID",
      "MERCHANT_UNKNOWN",
      "TIME_INVALID",
    ]);
    expect(codes("o1,367,69,-5,1,0,2017-03-01 10:00:00")).toEqual(["AMOUNT_INVALID"]);
    expect(codes("o1,367,69,5,1,0,2027-03-01 10:00:00")).toEqual(["CLOCK_SKEW"]);
    expect(codes("o1,367,69,5,1,0")).toEqual(["LINE_MALFORMED"]);
    expect(codes("o1,367,69,1.005,1,0,2017-03-01 10:00:00")).toEqual(["AMOUNT_INVALID"]);
  });

  it("names the columns that a file of another shape lacks, or has twice", () => {
    const of = (header: string[]) => () => lineReader(salesMapping.parse(MAPPING), header, NOW);
    expect(of(["a", "b"])).toThrow(
      expect.objectContaining({
        code: "FILE_COLUMN_MISSING",
        params: { column: "store, maker, order, value, coupon, match, sold" },
      }),
    );
    expect(of([...HEADER, "coupon"])).toThrow(
      expect.objectContaining({ code: "FILE_COLUMN_DUPLICATE", params: { column: "coupon" } }),
    );
  });

  it("gives a sale one reference, whatever the order of columns", () => {
    const line = "o1,367,69,4.50,1,0.50,2017-03-01 10:00:00";
    const turned = reading("2017-03-01 10:00:00,0.5,1.00,4.5,69,367,o1", {}, [...HEADER].reverse());
    if (turned.kind !== "sale") throw new Error("not a sale");
    expect(externalRefOf(turned.sale, 1)).toBe(externalRefOf(sale(line), 1));
    expect(externalRefOf(sale(line), 2)).not.toBe(externalRefOf(sale(line), 1));
    expect(externalRefOf(sale(line.replace("o1", "o2")), 1)).not.toBe(externalRefOf(sale(line), 1));
  });
});

describe("local times", () => {
  const newYork = timeReader("yyyy-MM-dd HH:mm:ss", "America/New_York");
  it("knows summer time, the hour it leaves out and the hour it repeats", () => {
    expect(newYork("2017-01-15 12:00:00")?.toISOString()).toBe("2017-01-15T17:00:00.000Z");
    expect(newYork("2017-07-15 12:00:00")?.toISOString()).toBe("2017-07-15T16:00:00.000Z");
    expect(newYork("2017-03-12 01:59:59")?.toISOString()).toBe("2017-03-12T06:59:59.000Z");
    expect(newYork("2017-03-12 02:30:00")?.toISOString()).toBe("2017-03-12T07:30:00.000Z");
    expect(newYork("2017-03-12 03:00:00")?.toISOString()).toBe("2017-03-12T07:00:00.000Z");
    expect(newYork("2017-11-05 01:30:00")?.toISOString()).toBe("2017-11-05T05:30:00.000Z");
    expect(newYork("2017-11-05 02:00:00")?.toISOString()).toBe("2017-11-05T07:00:00.000Z");
  });
  it("takes no other shape and no day that does not exist", () => {
    for (const text of [
      "2017-02-29 00:00:00",
      "2017-1-1 00:00:00",
      "2017-01-01",
      "2017-01-01 24:00:00",
      " 2017-01-01 00:00:00",
    ]) {
      expect(newYork(text)).toBeNull();
    }
    expect(timeReader("yyyy/MM/dd HH:mm", "Asia/Shanghai")("2026/3/1 9:05")?.toISOString()).toBe(
      "2026-03-01T01:05:00.000Z",
    );
    expect(timeReader("iso", "UTC")("2026-03-01T09:05:00+08:00")?.toISOString()).toBe(
      "2026-03-01T01:05:00.000Z",
    );
    expect(timeReader("iso", "UTC")("2026-02-30T09:05:00Z")).toBeNull();
    expect(timeReader("unix", "UTC")("1700000000")?.toISOString()).toBe("2023-11-14T22:13:20.000Z");
  });
});

describe("counting what was seen", () => {
  it("counts each key by itself, over any number of them", () => {
    const seen = new Occurrences();
    const key = (i: number) => {
      const bytes = Buffer.alloc(32);
      bytes.writeUInt32LE(i % 5_000, 0); // like hashes, but many in one place
      bytes.writeUInt32LE(i, 8);
      return bytes;
    };
    for (let i = 0; i < 20_000; i++) expect(seen.count(key(i))).toBe(1);
    for (let i = 0; i < 20_000; i += 7) expect(seen.count(key(i))).toBe(2);
    expect(seen.count(key(1))).toBe(2);
  });
});
