import { chooseLocale, LOCALE_COOKIE, type Locale } from "@/components/i18n/config";
import { messagesOf } from "@/components/i18n/messages";
import { type Ctx, partyScopeKind } from "@/server/core/context";
import { type CsvColumn, csvResponse } from "@/server/core/csv";
import { DomainError } from "@/server/core/errors";
import { isId, referenceOf } from "@/server/core/ids";
import { formatAmount } from "@/server/core/money";
import { exportAudit } from "../domain/audit";
import { endOfLocalDate, startOfLocalDate } from "../domain/calendar";
import { eachBatch, eachStock } from "../domain/cards";
import { listBatchesInput, listStockInput } from "../domain/cards/schemas";
import { exportReplay, getReplay } from "../domain/clearing";
import { replayPartiesInput } from "../domain/clearing/replay-schemas";
import { eachReject, getImport } from "../domain/imports";
import { exportOrders } from "../domain/orders";
import { orderFilter } from "../domain/orders/schemas";
import { exportParties, exportUsers } from "../domain/parties";
import { eachCommission } from "../domain/reports";
import { commissionFilters } from "../domain/reports/schemas";
import { eachStatement, eachStatementTransfer, getStatement } from "../domain/settlement";
import { statementFilters } from "../domain/settlement/schemas";
import { exportRedemptions, issuedCodesCsv, listCampaigns, listVouchers } from "../domain/vouchers";
import { listCampaignsInput, listVouchersInput, redemptionFilter } from "../domain/vouchers/schemas";

/**
 * Views as CSV, streamed from the generators of the domain and without a cap: the same filters as the list, read
 * from the address. The file's name tells the filters, its headers the time zone.
 */

type Column = keyof typeof import("@/components/i18n/zh-CN/exports").default.columns;
type Cell = ReturnType<CsvColumn<never>["value"]>;

interface Export<Row> {
  /** Read from the address: `a,b` for those in `many`. */
  many?: readonly string[];
  rows(ctx: Ctx, query: Record<string, unknown>): Promise<AsyncIterable<Row>> | AsyncIterable<Row>;
  /** What stands in the file's name for the view, beside the filters. */
  subject?(ctx: Ctx, query: Record<string, unknown>): Promise<string>;
  columns: readonly [Column, (row: Row) => Cell, "number"?][];
  /** Of the columns, those that are not for the reader. */
  without?(ctx: Ctx): readonly Column[];
}

function define<Row>(definition: Export<Row>): Export<unknown> {
  return definition as Export<unknown>;
}

const text = (value: unknown) => (typeof value === "string" ? value : "");

export const EXPORTS: Readonly<Record<string, Export<unknown>>> = {
  parties: define({
    rows: exportParties,
    columns: [
      ["number", (r) => r.number],
      ["kind", (r) => r.kind],
      ["name", (r) => r.name],
      ["externalId", (r) => r.externalId],
      ["status", (r) => r.status],
      ["contact", (r) => r.contact],
      ["bankName", (r) => r.bankName],
      ["bankHolder", (r) => r.bankAccountHolder],
      ["bankTail", (r) => r.bankAccountTail],
      ["createdAt", (r) => r.createdAt],
      ["id", (r) => r.id],
    ],
  }),

  users: define({
    rows: exportUsers,
    columns: [
      ["name", (r) => r.name],
      ["email", (r) => r.email],
      ["role", (r) => r.role],
      ["status", (r) => r.status],
      ["partyNumber", (r) => r.partyNumber],
      ["party", (r) => r.partyName],
      ["secondFactor", (r) => r.secondFactor],
      ["lastSignInAt", (r) => r.lastSignInAt],
      ["createdAt", (r) => r.createdAt],
      ["id", (r) => r.id],
    ],
  }),

  stock: define({
    rows: (ctx, query) =>
      eachStock(ctx, listStockInput.parse({ ...searched(query), low: query.low === "yes" || undefined })),
    columns: [
      ["productNumber", (r) => r.number],
      ["product", (r) => r.name],
      ["status", (r) => r.status],
      ["supplier", (r) => r.supplierName],
      ["currency", (r) => r.currency],
      ["face", (r) => formatAmount(r.face, r.currency), "number"],
      ["imported", (r) => r.imported],
      ["available", (r) => r.available],
      ["reserved", (r) => r.reserved],
      ["delivered", (r) => r.delivered],
      ["dead", (r) => r.dead],
      ["expired", (r) => r.expired],
      ["lowStockAt", (r) => r.lowStockAt],
      ["daysLeft", (r) => r.daysLeft],
      ["id", (r) => r.productId],
    ],
  }),

  batches: define({
    rows: (ctx, query) => eachBatch(ctx, listBatchesInput.parse(searched(query))),
    columns: [
      ["number", (r) => r.number],
      ["productNumber", (r) => r.productNumber],
      ["product", (r) => r.productName],
      ["supplier", (r) => r.supplierName],
      ["currency", (r) => r.currency],
      ["cost", (r) => formatAmount(r.cost, r.currency), "number"],
      ["imported", (r) => r.imported],
      ["available", (r) => r.available],
      ["reserved", (r) => r.reserved],
      ["delivered", (r) => r.delivered],
      ["dead", (r) => r.dead],
      ["expired", (r) => r.expired],
      ["validTo", (r) => r.expiresAt],
      ["createdAt", (r) => r.createdAt],
      ["id", (r) => r.id],
    ],
  }),

  audit: define({
    rows: exportAudit,
    columns: [
      ["seq", (r) => r.seq],
      ["at", (r) => r.at],
      ["actorKind", (r) => r.actorKind],
      ["actor", (r) => r.actorName],
      ["action", (r) => r.action],
      ["subjectKind", (r) => r.subjectKind],
      ["subject", (r) => r.subjectId],
      ["data", (r) => JSON.stringify(r.data)],
      ["request", (r) => r.requestId],
      ["ip", (r) => r.ip],
    ],
  }),

  statements: define({
    many: ["states"],
    rows: (ctx, query) => eachStatement(ctx, statementFilters.parse(searched(query))),
    columns: [
      ["number", (r) => r.number],
      ["partyNumber", (r) => r.party.number],
      ["party", (r) => r.party.name],
      ["account", (r) => r.kind],
      ["state", (r) => r.state],
      ["dueAfter", (r) => r.dueAfter],
      ["dueThrough", (r) => r.dueThrough],
      ["transfers", (r) => r.transferCount],
      ["currency", (r) => r.currency],
      ["total", (r) => formatAmount(r.total, r.currency), "number"],
      ["paidAt", (r) => r.paidAt],
      ["paidRef", (r) => r.paidRef],
      ["id", (r) => r.id],
    ],
  }),

  "statement-lines": define({
    subject: async (ctx, query) => (await getStatement(ctx, text(query.statementId))).number,
    rows: async (ctx, query) => linesOf(await getStatement(ctx, text(query.statementId))),
    columns: [
      ["number", ({ statement }) => statement.number],
      ["partyNumber", ({ statement }) => statement.party.number],
      ["party", ({ statement }) => statement.party.name],
      ["dueAfter", ({ statement }) => statement.dueAfter],
      ["dueThrough", ({ statement }) => statement.dueThrough],
      ["leg", ({ line }) => line.leg],
      ["transfers", ({ line }) => line.count],
      ["currency", ({ statement }) => statement.currency],
      ["amount", ({ statement, line }) => formatAmount(line.amount, statement.currency), "number"],
    ],
  }),

  "statement-transfers": define({
    subject: async (ctx, query) => (await getStatement(ctx, text(query.statementId))).number,
    async rows(ctx, query) {
      const { currency } = await getStatement(ctx, text(query.statementId));
      const leg = text(query.leg) || undefined;
      return withCurrency(
        await eachStatementTransfer(ctx, { statementId: text(query.statementId), leg }),
        currency,
      );
    },
    columns: [
      ["tradedAt", ({ row }) => row.tradedAt],
      ["postedAt", ({ row }) => row.postedAt],
      ["dueAt", ({ row }) => row.dueAt],
      ["reference", ({ row }) => row.reference],
      ["kind", ({ row }) => row.tradeKind],
      ["leg", ({ row }) => row.leg],
      ["currency", ({ currency }) => currency],
      ["amount", ({ row, currency }) => formatAmount(row.amount, currency), "number"],
      ["merchant", ({ row }) => row.merchant],
      ["campaign", ({ row }) => row.campaign],
      ["product", ({ row }) => row.product],
      ["orderRef", ({ row }) => row.orderRef],
      ["trade", ({ row }) => row.tradeId],
      ["id", ({ row }) => row.id],
    ],
  }),

  commissions: define({
    rows: (ctx, query) => eachCommission(ctx, commissionFilters.parse(searched(query))),
    columns: [
      ["tradedAt", (r) => r.tradedAt],
      ["dueAt", (r) => r.dueAt],
      ["reference", (r) => r.reference],
      ["kind", (r) => r.kind],
      ["leg", (r) => r.leg],
      ["productNumber", (r) => r.product?.number],
      ["product", (r) => r.product?.name],
      ["seller", (r) => r.seller?.name],
      ["orderRef", (r) => r.order?.reference],
      ["currency", (r) => r.currency],
      ["paid", (r) => formatAmount(r.paid, r.currency), "number"],
      ["amount", (r) => formatAmount(r.amount, r.currency), "number"],
      ["trade", (r) => r.tradeId],
      ["id", (r) => r.id],
    ],
  }),

  redemptions: define({
    rows: (ctx, query) => exportRedemptions(ctx, redemptionFilter.parse(withInstants(ctx, searched(query)))),
    columns: [
      ["reference", (r) => r.reference],
      ["redeemedAt", (r) => r.tradedAt],
      ["bookedAt", (r) => r.postedAt],
      ["merchant", (r) => r.merchantName],
      ["campaign", (r) => r.campaignName],
      ["voucher", (r) => r.voucherReference],
      ["orderRef", (r) => r.orderRef],
      ["currency", (r) => r.currency],
      ["orderAmount", (r) => formatAmount(r.gross, r.currency), "number"],
      ["discount", (r) => formatAmount(r.discount, r.currency), "number"],
      ["storedValue", (r) => formatAmount(r.storedValue, r.currency), "number"],
      ["paid", (r) => formatAmount(r.paid, r.currency), "number"],
      [
        "merchantDue",
        (r) => (r.merchantDue === null ? null : formatAmount(r.merchantDue, r.currency)),
        "number",
      ],
      ["ownCost", (r) => (r.ownCost === null ? null : formatAmount(r.ownCost, r.currency)), "number"],
      ["state", (r) => r.state],
      ["reversed", (r) => formatAmount(r.reversedAmount, r.currency), "number"],
      ["id", (r) => r.id],
    ],
    without: (ctx) => [partyScopeKind(ctx) === "brand" ? "merchantDue" : "ownCost"],
  }),

  orders: define({
    many: ["state"],
    rows: (ctx, query) => {
      const { reported, ...filters } = withInstants(ctx, searched(query));
      return exportOrders(ctx, orderFilter.parse({ ...filters, reported: reported === "true" || undefined }));
    },
    columns: [
      ["reference", (r) => r.reference],
      ["createdAt", (r) => r.createdAt],
      ["state", (r) => r.state],
      ["flag", (r) => r.flag],
      ["distributor", (r) => r.distributorName],
      ["orderSource", (r) => r.source],
      ["products", (r) => r.products.join(" / ")],
      ["quantity", (r) => r.quantity],
      ["delivered", (r) => r.delivered],
      ["currency", (r) => r.currency],
      ["total", (r) => formatAmount(r.total, r.currency), "number"],
      ["refunded", (r) => formatAmount(r.refunded, r.currency), "number"],
      ["channel", (r) => r.payment?.channelName ?? (r.payment ? "wallet" : null)],
      ["externalRef", (r) => r.externalRef],
      ["paidAt", (r) => r.paidAt],
      ["deliveredAt", (r) => r.deliveredAt],
      ["id", (r) => r.id],
    ],
  }),

  vouchers: define({
    many: ["status"],
    rows: (ctx, query) => pages(listVouchers, ctx, listVouchersInput.parse(searched(query))),
    columns: [
      ["reference", (r) => r.reference],
      ["campaign", (r) => r.campaignName],
      ["type", (r) => r.type],
      ["status", (r) => r.status],
      ["issuedAt", (r) => r.issuedAt],
      ["validFrom", (r) => r.validFrom],
      ["validTo", (r) => r.validTo],
      ["usesLeft", (r) => r.usesLeft],
      ["currency", (r) => r.currency],
      ["balance", (r) => (r.balance === null ? null : formatAmount(r.balance, r.currency)), "number"],
      ["customer", (r) => r.customerId],
      ["source", (r) => r.sourceId],
      ["redeemedAt", (r) => r.redeemedAt],
      ["merchant", (r) => r.redeemedBy?.name],
      ["id", (r) => r.id],
    ],
  }),

  campaigns: define({
    many: ["status", "type"],
    rows: (ctx, query) => pages(listCampaigns, ctx, listCampaignsInput.parse(searched(query))),
    columns: [
      ["number", (r) => r.number],
      ["name", (r) => r.name],
      ["type", (r) => r.type],
      ["status", (r) => r.status],
      ["brand", (r) => r.brandName],
      ["validFrom", (r) => r.validFrom],
      ["validTo", (r) => r.validTo],
      ["quota", (r) => r.quota],
      ["issued", (r) => r.issued],
      ["redeemed", (r) => r.redeemed],
      ["currency", (r) => r.currency],
      ["discount", (r) => formatAmount(r.discount, r.currency), "number"],
      ["createdAt", (r) => r.createdAt],
      ["id", (r) => r.id],
    ],
  }),

  replay: define({
    subject: async (ctx, query) => {
      const { number, version, from, to } = await getReplay(ctx, { id: text(query.replayId) });
      return `${number}_v${version}_${from}_${to}`;
    },
    rows: (ctx, { limit: _, cursor: __, ...query }) => exportReplay(ctx, replayPartiesInput.parse(query)),
    columns: [
      ["partyNumber", (r) => r.number],
      ["party", (r) => r.name],
      ["kind", (r) => r.kind],
      ["currency", (r) => r.currency],
      ["before", (r) => formatAmount(r.before, r.currency), "number"],
      ["after", (r) => formatAmount(r.after, r.currency), "number"],
      ["difference", (r) => formatAmount(r.difference, r.currency), "number"],
      ["trades", (r) => r.trades],
      ["changed", (r) => r.changed],
      ["id", (r) => r.partyId],
    ],
  }),

  "import-rejects": define({
    async rows(ctx, query) {
      await getImport(ctx, { id: text(query.importId) });
      return eachReject(ctx, text(query.importId));
    },
    columns: [
      ["line", (r) => r.line],
      ["codes", (r) => r.codes.join(" ")],
      ["raw", (r) => r.raw],
    ],
  }),
};

/** A table calls its search `q`; an address may hold anything, and what is no id is no filter. */
function searched(query: Record<string, unknown>): Record<string, unknown> {
  const filters = Object.entries(query).filter(([name, value]) => !name.endsWith("Id") || isId(text(value)));
  return { ...Object.fromEntries(filters), customerId: query.customerId, search: query.search ?? query.q };
}

/** Days of the tenant, both included, as the instants between which they lie. */
function withInstants(ctx: Ctx, query: Record<string, unknown>): Record<string, unknown> {
  const { from, to, ...rest } = query;
  for (const day of [from, to])
    if (day !== undefined && !DAY.test(String(day))) throw new DomainError("INPUT_INVALID", { path: "from" });
  const zone = ctx.tenant.timezone;
  return {
    ...rest,
    from: from === undefined ? undefined : startOfLocalDate(String(from), zone),
    to: to === undefined ? undefined : endOfLocalDate(String(to), zone),
  };
}
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** Every row of a list, page by page, in step with its reader. */
async function* pages<Input extends object, Row>(
  list: (ctx: Ctx, input: Input) => Promise<{ items: Row[]; nextCursor: string | null }>,
  ctx: Ctx,
  input: Input,
): AsyncGenerator<Row> {
  let cursor: string | null = null;
  do {
    const page: { items: Row[]; nextCursor: string | null } = await list(ctx, {
      ...input,
      cursor,
      limit: 200,
    });
    yield* page.items;
    cursor = page.nextCursor;
  } while (cursor);
}

async function* linesOf(statement: Awaited<ReturnType<typeof getStatement>>) {
  for (const line of statement.lines) yield { statement, line };
}

async function* withCurrency<Row>(rows: AsyncIterable<Row>, currency: string) {
  for await (const row of rows) yield { row, currency };
}

/** The download of a view. Refusals are thrown before the first byte. */
export async function exportResponse(ctx: Ctx, noun: string, req: Request): Promise<Response> {
  if (noun === "job-codes") return codesResponse(ctx, req);
  const definition = Object.hasOwn(EXPORTS, noun) ? EXPORTS[noun] : undefined;
  if (!definition) throw new DomainError("NOT_FOUND", { noun: "path" });
  const query = queryOf(req, definition.many ?? []);
  const { columns, files } = messagesOf(localeOf(req)).exports;
  const zone = ctx.tenant.timezone;
  const local = localTime(zone);
  const without = definition.without?.(ctx) ?? [];
  const rows = await begun(await definition.rows(ctx, query));
  const subject = definition.subject ? await definition.subject(ctx, query) : "";
  const name = [files[noun as keyof typeof files], subject, ...filterNames(query), zone.replaceAll("/", "-")]
    .filter(Boolean)
    .join("_");
  return csvResponse(
    name.slice(0, 160),
    definition.columns
      .filter(([column]) => !without.includes(column))
      .map(([column, value, number]) => ({
        header: columns[column].replace("{zone}", zone),
        number: number === "number",
        value: (row: unknown) => {
          const cell = value(row);
          return cell instanceof Date ? local(cell) : cell;
        },
      })),
    rows,
  );
}

/** The codes of a bulk issue; the domain writes their lines itself, and audits the download. */
async function codesResponse(ctx: Ctx, req: Request): Promise<Response> {
  const jobId = text(queryOf(req, []).jobId);
  if (!isId(jobId)) throw new DomainError("NOT_FOUND", { noun: "job" });
  const origin = process.env.NEXTAUTH_URL?.replace(/\/$/, "");
  const pieces = await issuedCodesCsv(ctx, { jobId, origin });
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { value, done } = await pieces.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    async cancel() {
      await pieces.return(undefined);
    },
  });
  const { "job-codes": name } = messagesOf(localeOf(req)).exports.files;
  const fileName = `${name}_${referenceOf("JB", jobId)}.csv`;
  return new Response(body, {
    headers: {
      "content-type": "text/csv; charset=utf-8",
      "content-disposition": `attachment; filename="codes.csv"; filename*=UTF-8''${encodeURIComponent(fileName)}`,
      "cache-control": "no-store",
    },
  });
}

/** What the table puts beside the filters, and what an address never filters by. */
const APART = new Set(["sort", "direction", "columns", "cursor", "limit", "size", "cols"]);

function queryOf(req: Request, many: readonly string[]): Record<string, unknown> {
  const query: Record<string, unknown> = {};
  for (const [name, value] of new URL(req.url).searchParams) {
    if (APART.has(name) || value === "") continue;
    query[name] = many.includes(name) ? value.split(",") : value;
  }
  return query;
}

function filterNames(query: Record<string, unknown>): string[] {
  return Object.entries(query)
    .filter(([name]) => !/Id$/.test(name))
    .map(([name, value]) => `${name}-${Array.isArray(value) ? value.join("+") : String(value)}`);
}

function localeOf(req: Request): Locale {
  const cookie = new RegExp(`(?:^|;\\s*)${LOCALE_COOKIE}=([^;]*)`).exec(req.headers.get("cookie") ?? "")?.[1];
  return chooseLocale(cookie, req.headers.get("accept-language"));
}

/** `2026-11-21 12:30:00` of the zone that the header names. */
function localTime(timeZone: string): (date: Date) => string {
  const format = new Intl.DateTimeFormat("sv-SE", {
    timeZone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  });
  return (date) => format.format(date);
}

/** Waits for the first row, so that a refusal is an answer and no broken download. */
async function begun<Row>(rows: AsyncIterable<Row>): Promise<AsyncIterable<Row>> {
  const iterator = rows[Symbol.asyncIterator]();
  let first: IteratorResult<Row> | null = await iterator.next();
  return {
    [Symbol.asyncIterator]: () => ({
      async next() {
        const given = first;
        first = null;
        return given ?? iterator.next();
      },
      async return() {
        await iterator.return?.();
        return { done: true, value: undefined };
      },
    }),
  };
}
