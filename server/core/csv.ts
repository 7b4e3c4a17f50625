/**
 * CSV as spreadsheets take it: UTF-8 with BOM, CRLF, RFC 4180 quotes. A text that a spreadsheet would run as a
 * formula gets an apostrophe in front; an identifier that it would take for a number gets a tab behind, as the
 * bills of Chinese payment services have it, so that no digit is lost.
 */
export interface CsvColumn<Row> {
  header: string;
  /** A number is written as it is; a Date as ISO 8601; text is made safe. Amounts: `formatAmount`, with `number`. */
  value: (row: Row) => string | number | bigint | boolean | Date | null | undefined;
  /** The text is a decimal number of ours: written bare, negative ones too. */
  number?: boolean;
}

const BOM = "\uFEFF";
const DECIMAL = /^-?\d+(\.\d+)?$/;

export function csvLine(cells: readonly string[]): string {
  return `${cells.join(",")}\r\n`;
}

export function csvCell(value: ReturnType<CsvColumn<never>["value"]>, isNumber = false): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "number" || typeof value === "bigint" || typeof value === "boolean")
    return String(value);
  if (value instanceof Date) return value.toISOString();
  if (isNumber && DECIMAL.test(value)) return value;
  return quoted(harmless(value));
}

/** The file piece by piece, in step with its reader. */
export async function* csvText<Row>(
  columns: readonly CsvColumn<Row>[],
  rows: AsyncIterable<Row> | Iterable<Row>,
): AsyncGenerator<string> {
  let piece = BOM + csvLine(columns.map((column) => csvCell(column.header)));
  for await (const row of rows) {
    piece += csvLine(columns.map((column) => csvCell(column.value(row), column.number)));
    if (piece.length > 32_768) {
      yield piece;
      piece = "";
    }
  }
  if (piece) yield piece;
}

export function csvStream<Row>(
  columns: readonly CsvColumn<Row>[],
  rows: AsyncIterable<Row> | Iterable<Row>,
): ReadableStream<Uint8Array> {
  const pieces = csvText(columns, rows);
  const encoder = new TextEncoder();
  return new ReadableStream({
    async pull(controller) {
      const { value, done } = await pieces.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    async cancel() {
      await pieces.return(undefined);
    },
  });
}

/** A download. `name` without its ending. */
export function csvResponse<Row>(
  name: string,
  columns: readonly CsvColumn<Row>[],
  rows: AsyncIterable<Row> | Iterable<Row>,
): Response {
  const plain = name.replaceAll(/[^\w.-]+/g, "_");
  return new Response(csvStream(columns, rows), {
    headers: {
      "content-type": "text/csv; charset=utf-8",
      "content-disposition": `attachment; filename="${plain}.csv"; filename*=UTF-8''${encodeURIComponent(name)}.csv`,
      "cache-control": "no-store",
    },
  });
}

function harmless(text: string): string {
  if (/^\s*[=+\-@\t\r\n|%＝＋－＠]/.test(text)) return `'${text}`;
  if (/^\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text)) return `${text}\t`;
  return text;
}

function quoted(text: string): string {
  return /[",\r\n\t]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
