import { createHash } from "node:crypto";
import { DomainError, type ErrorCode, isDomainError } from "@/server/core/errors";
import { parseAmount } from "@/server/core/money";
import type { CsvRecord } from "./csv-reader";
import { timeReader } from "./local-time";
import { IMPORT_FUNDERS, type ImportFunder, type SalesMapping } from "./schemas";

/** A line that is a redemption, read and sound in itself. Amounts in minor units. */
export interface SaleLine {
  record: CsvRecord;
  orderRef: string | null;
  merchant: string;
  /** Null where no brand bears anything. */
  brand: string | null;
  gross: bigint;
  discount: bigint;
  paid: bigint;
  /** Who bears the discount; parts of zero are left out. */
  funding: { by: ImportFunder; amount: bigint }[];
  soldAt: Date;
  /** Hash of what the line says. */
  key: Buffer;
}

export type LineReading =
  | { kind: "sale"; sale: SaleLine }
  | { kind: "skipped" }
  /** All that is wrong with it. */
  | { kind: "rejected"; record: CsvRecord; codes: ErrorCode[] };

/** Longest id or number taken from a file. */
const MAX_ID = 80;
/** A till's clock may be a little ahead of ours. */
const AHEAD_MS = 5 * 60_000;

/**
 * Compiles a mapping for the header of a file. Columns are found by name.
 * @throws DomainError FILE_COLUMN_MISSING, FILE_COLUMN_DUPLICATE naming the columns
 */
export function lineReader(
  mapping: SalesMapping,
  header: readonly string[],
  now: Date,
): (record: CsvRecord) => LineReading {
  const places = columnPlaces(mapping, header);
  const placeOf = (name: string) => places.get(name) ?? -1;
  const amountAt = placeOf(mapping.amount.column);
  const discountsAt = mapping.discounts.map(({ column, by }) => ({ at: placeOf(column), by }));
  const onlyAt = mapping.onlyAbove === null ? null : placeOf(mapping.onlyAbove);
  const merchantAt = placeOf(mapping.merchant);
  const brandAt = mapping.brand === null ? null : placeOf(mapping.brand);
  const orderAt = mapping.orderRef === null ? null : placeOf(mapping.orderRef);
  const productAt = mapping.product === null ? null : placeOf(mapping.product);
  const soldAtAt = placeOf(mapping.soldAt.column);
  const readTime = timeReader(mapping.soldAt.format, mapping.soldAt.timeZone);
  const latest = now.getTime() + AHEAD_MS;

  return (record) => {
    const { fields } = record;
    if (fields?.length !== header.length) return { kind: "rejected", record, codes: ["LINE_MALFORMED"] };
    const text = (at: number | null) => (at === null ? "" : (fields[at] ?? ""));
    const problems = new Set<ErrorCode>();
    const amount = (at: number): bigint => {
      const value = readAmount(text(at), mapping.currency);
      if (value === null) problems.add("AMOUNT_INVALID");
      return value ?? 0n;
    };

    // What a line says is read whether or not it is a redemption: one that cannot be read is never passed over.
    const value = amount(amountAt);
    const parts: Record<ImportFunder, bigint> = { brand: 0n, merchant: 0n, platform: 0n };
    let negative = value < 0n;
    for (const { at, by } of discountsAt) {
      const part = amount(at);
      if (part < 0n) negative = true;
      parts[by] += part;
    }
    const only = onlyAt === null ? null : amount(onlyAt);
    const soldAt = readTime(text(soldAtAt));
    if (!soldAt) problems.add("TIME_INVALID");

    const isSale = only === null || only > 0n;
    if (!isSale && problems.size === 0) return { kind: "skipped" };

    const { gross, discount, paid } = amountsOf(mapping, value, parts);
    const merchant = text(merchantAt).trim();
    const brand = text(brandAt).trim();
    const orderRef = text(orderAt).trim();
    const product = text(productAt).trim();
    if (isSale) {
      if (soldAt && soldAt.getTime() > latest) problems.add("CLOCK_SKEW");
      if (merchant === "") problems.add("MERCHANT_UNKNOWN");
      if (parts.brand > 0n && brand === "") problems.add("FUNDER_UNKNOWN");
      if ([merchant, brand, orderRef].some((one) => one.length > MAX_ID)) problems.add("LINE_MALFORMED");
      if (!problems.has("AMOUNT_INVALID")) {
        if (negative) problems.add("AMOUNT_INVALID");
        else if (paid < 0n) problems.add("DISCOUNT_EXCEEDS_ORDER");
      }
    }
    if (problems.size > 0 || !soldAt) return { kind: "rejected", record, codes: [...problems].sort() };

    const said = [
      mapping.currency,
      soldAt.toISOString(),
      orderRef,
      merchant,
      brand,
      product,
      value,
      ...IMPORT_FUNDERS.map((by) => parts[by]),
    ];
    return {
      kind: "sale",
      sale: {
        record,
        orderRef: orderRef || null,
        merchant,
        brand: parts.brand > 0n ? brand : null,
        gross,
        discount,
        paid,
        funding: IMPORT_FUNDERS.flatMap((by) => (parts[by] > 0n ? [{ by, amount: parts[by] }] : [])),
        soldAt,
        key: createHash("sha256").update(said.join("\u001f")).digest(),
      },
    };
  };
}

/** The same sale has the same reference, whatever file, order of lines or order of columns brings it. */
export function externalRefOf(sale: SaleLine, occurrence: number): string {
  return `sale:${sale.key.subarray(0, 16).toString("base64url")}:${occurrence}`;
}

function amountsOf(mapping: SalesMapping, value: bigint, parts: Record<ImportFunder, bigint>) {
  const discount = parts.brand + parts.merchant + parts.platform;
  switch (mapping.amount.means) {
    case "gross":
      return { gross: value, discount, paid: value - discount };
    case "received":
      return { gross: value + parts.merchant, discount, paid: value - parts.brand - parts.platform };
    case "paid":
      return { gross: value + discount, discount, paid: value };
  }
}

function readAmount(text: string, currency: string): bigint | null {
  try {
    return parseAmount(text, currency);
  } catch (error) {
    if (isDomainError(error)) return null;
    throw error;
  }
}

/** The header names a mapping speaks of. */
export function columnsOf(mapping: SalesMapping): string[] {
  const names = [
    mapping.merchant,
    mapping.brand,
    mapping.orderRef,
    mapping.product,
    mapping.amount.column,
    ...mapping.discounts.map((one) => one.column),
    mapping.soldAt.column,
    mapping.onlyAbove,
  ];
  return [...new Set(names.filter((name) => name !== null))];
}

function columnPlaces(mapping: SalesMapping, header: readonly string[]): Map<string, number> {
  const wanted = columnsOf(mapping);
  const missing = wanted.filter((name) => !header.includes(name));
  if (missing.length > 0) throw new DomainError("FILE_COLUMN_MISSING", { column: missing.join(", ") });
  const twice = wanted.filter((name) => header.indexOf(name) !== header.lastIndexOf(name));
  if (twice.length > 0) throw new DomainError("FILE_COLUMN_DUPLICATE", { column: twice.join(", ") });
  return new Map(wanted.map((name) => [name, header.indexOf(name)]));
}

/** The names of a header record. Throws FILE_EMPTY, LINE_MALFORMED. */
export function headerOf(record: CsvRecord | undefined): string[] {
  if (!record) throw new DomainError("FILE_EMPTY");
  if (!record.fields) throw new DomainError("LINE_MALFORMED", { line: record.line });
  return record.fields.map((name) => name.trim());
}
