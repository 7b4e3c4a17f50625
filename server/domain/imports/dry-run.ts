import type { z } from "zod";
import { rawSql } from "@/db/client";
import { actorId, type Ctx, requirePermission, type TxCtx } from "@/server/core/context";
import { DomainError, type ErrorCode } from "@/server/core/errors";
import { withTransaction } from "@/server/core/transaction";
import { openBooks } from "../ledger";
import { clearLines, type LineResult, type LineToClear } from "./clear-lines";
import { readCsv } from "./csv-reader";
import { fileContent, findFile } from "./files";
import { Occurrences } from "./occurrences";
import { externalRefOf, headerOf, type LineReading, lineReader, type SaleLine } from "./sale-line";
import { dryRunInput } from "./schemas";

export interface DryRunLeg {
  code: string;
  from: string;
  to: string;
  amount: bigint;
}
export interface DryRunLine {
  line: number;
  outcome: "accepted" | "repeated" | "rejected";
  codes: ErrorCode[];
  /** Null where the line cannot be read. */
  sale: {
    merchant: string;
    brand: string | null;
    orderRef: string | null;
    soldAt: Date;
    gross: bigint;
    discount: bigint;
    paid: bigint;
  } | null;
  /** The rule that cleared it. */
  rule: { number: string; name: string; version: number } | null;
  legs: DryRunLeg[];
}
export interface DryRun {
  currency: string;
  lines: DryRunLine[];
  /** Lines read to find these, and those of them that are no redemptions. */
  read: number;
  skipped: number;
  /** Parties that the import would open for these lines. */
  partiesToOpen: number;
  /** The file ended within what was read. */
  whole: boolean;
}

/** So many lines are looked through for redemptions. */
const MAX_READ = 100_000;

/**
 * What an import would do with the first redemptions of a file: read, cleared, and nothing kept.
 * @throws DomainError NOT_FOUND, FILE_EMPTY, FILE_COLUMN_MISSING, FILE_COLUMN_DUPLICATE, LINE_MALFORMED (the header)
 */
export async function dryRunImport(ctx: Ctx, input: z.input<typeof dryRunInput>): Promise<DryRun> {
  requirePermission(ctx, "import:write");
  const { fileId, mapping, rows } = dryRunInput.parse(input);
  await findFile(ctx, fileId);
  const sample = await readSample(ctx, fileId, mapping, rows);

  // What clearing opens (parties, accounts) goes with the transaction.
  const dry = new DryRunEnds();
  let found: { lines: DryRunLine[]; opened: number } | undefined;
  await withTransaction({ ...ctx, tx: undefined }, async (ctx) => {
    const books = await openBooks(ctx);
    const sales = sample.readings.flatMap((reading) => (reading.kind === "sale" ? [reading.line] : []));
    const { results, opened } = await clearLines(ctx, books, mapping, sales, actorId(ctx.actor));
    const names = await partyNames(ctx, results);
    let next = 0;
    const lines = sample.readings.map((reading): DryRunLine => {
      if (reading.kind === "rejected") return rejectedLine(reading.line, reading.codes);
      const result = results[next++];
      if (!result) throw new Error("a line without an answer");
      return shownLine(reading.line, result, names);
    });
    found = { lines, opened };
    throw dry;
  }).catch((error: unknown) => {
    if (error !== dry) throw error;
  });
  if (!found) throw new Error("the dry run ended without a result");
  const { read, skipped, whole } = sample;
  return {
    currency: mapping.currency,
    lines: found.lines,
    partiesToOpen: found.opened,
    read,
    skipped,
    whole,
  };
}

class DryRunEnds extends Error {}

type SampleReading =
  | { kind: "sale"; line: LineToClear }
  | { kind: "rejected"; line: number; codes: ErrorCode[] };

async function readSample(
  ctx: Ctx,
  fileId: string,
  mapping: z.output<typeof dryRunInput>["mapping"],
  rows: number,
): Promise<{ readings: SampleReading[]; read: number; skipped: number; whole: boolean }> {
  const seen = new Occurrences();
  const readings: SampleReading[] = [];
  let reader: ((record: Parameters<ReturnType<typeof lineReader>>[0]) => LineReading) | null = null;
  let read = 0;
  let skipped = 0;
  for await (const records of readCsv(fileContent(ctx, fileId), mapping.delimiter)) {
    for (const record of records) {
      if (!reader) {
        reader = lineReader(mapping, headerOf(record), ctx.clock.now());
        continue;
      }
      if (readings.length >= rows || read >= MAX_READ) return { readings, read, skipped, whole: false };
      const reading = reader(record);
      read += 1;
      if (reading.kind === "skipped") skipped += 1;
      else if (reading.kind === "rejected")
        readings.push({ kind: "rejected", line: record.line, codes: reading.codes });
      else {
        const externalRef = externalRefOf(reading.sale, seen.count(reading.sale.key));
        readings.push({ kind: "sale", line: { sale: reading.sale, externalRef } });
      }
    }
  }
  if (!reader) throw new DomainError("FILE_EMPTY");
  return { readings, read, skipped, whole: true };
}

function rejectedLine(line: number, codes: ErrorCode[]): DryRunLine {
  return { line, outcome: "rejected", codes, sale: null, rule: null, legs: [] };
}

function shownLine(
  { sale }: LineToClear,
  result: LineResult,
  names: ReadonlyMap<string, string>,
): DryRunLine {
  const shown = { line: sale.record.line, sale: shownSale(sale), rule: null, legs: [], codes: [] };
  if (result.kind === "repeated") return { ...shown, outcome: "repeated" };
  if (result.kind === "rejected") return { ...shown, outcome: "rejected", codes: result.codes };
  const { rule, transfers } = result.cleared;
  return {
    ...shown,
    outcome: "accepted",
    rule: rule && { number: rule.ruleNumber, name: rule.ruleName, version: rule.version },
    legs: transfers.map(({ leg, debit, credit, amount }) => ({
      code: leg,
      from: names.get(debit.partyId) ?? "",
      to: names.get(credit.partyId) ?? "",
      amount,
    })),
  };
}

function shownSale(sale: SaleLine): DryRunLine["sale"] {
  const { merchant, brand, orderRef, soldAt, gross, discount, paid } = sale;
  return { merchant, brand, orderRef, soldAt, gross, discount, paid };
}

async function partyNames(ctx: TxCtx, results: readonly LineResult[]): Promise<Map<string, string>> {
  const ids = new Set<string>();
  for (const result of results) {
    if (result.kind !== "accepted") continue;
    for (const { debit, credit } of result.cleared.transfers) ids.add(debit.partyId).add(credit.partyId);
  }
  const rows = await rawSql(ctx.tx)<{ id: string; name: string }[]>`
    select id, name from parties where tenant_id = ${ctx.tenant.id} and id = any(${[...ids]}::uuid[])`;
  return new Map(rows.map((row) => [row.id, row.name]));
}
