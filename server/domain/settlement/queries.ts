import { type RawSql, rawSql } from "@/db/client";
import { type Ctx, partyScope, requirePermission, type TxCtx } from "@/server/core/context";
import { containing, decodeCursor, encodeCursor } from "@/server/core/cursor";
import { DomainError } from "@/server/core/errors";
import type { PartyKind } from "@/server/core/permissions";
import { withSnapshot } from "@/server/core/transaction";
import { tradeReference } from "../clearing";
import { withFallingDue } from "./falling-due";
import { type StatedKind, type StatementFilters, type StatementState, statementInput } from "./schemas";

export interface StatementRow {
  id: string;
  number: string;
  runId: string;
  runNumber: string;
  party: { id: string; number: string; name: string; kind: PartyKind };
  kind: StatedKind;
  currency: string;
  dueAfter: Date;
  dueThrough: Date;
  state: StatementState;
  /** Positive: the party is due it. Negative: it owes it. */
  total: bigint;
  transferCount: number;
  paidAt: Date | null;
  paidRef: string | null;
}

export interface StatementDetail extends StatementRow {
  lines: { leg: string; count: number; amount: bigint }[];
  payoutTradeId: string | null;
  createdAt: Date;
  /** Other statements of the account that were carried and that no payment has settled yet. */
  carried: { count: number; total: bigint };
  /** Where a payment would go; null for who may not see it. */
  bank: { name: string | null; holder: string | null; tail: string | null } | null;
}

export interface StatementTransfer {
  id: string;
  tradeId: string;
  reference: string;
  tradeKind: string;
  leg: string;
  /** Signed for the party. */
  amount: bigint;
  tradedAt: Date;
  postedAt: Date;
  dueAt: Date;
  merchant: string | null;
  campaign: string | null;
  /** Of a card sale. */
  product: string | null;
  orderRef: string | null;
}

export interface Run {
  id: string;
  number: string;
  dueAfter: Date;
  dueThrough: Date;
  state: "closed" | "stated";
  statements: number;
  /** Closed by the scheduled job, not by a person. */
  byItself: boolean;
  createdByName: string;
  createdAt: Date;
  statedAt: Date | null;
}

export interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

const date = (text: string) => new Date(text);
const dateOrNull = (text: string | null) => (text === null ? null : new Date(text));

interface StatementSql {
  id: string;
  number: string;
  run_id: string;
  run_number: string;
  party_id: string;
  party_number: string;
  party_name: string;
  party_kind: PartyKind;
  kind: StatedKind;
  currency: string;
  due_after: string;
  due_through: string;
  state: StatementState;
  total: bigint;
  transfer_count: bigint;
  paid_at: string | null;
  paid_ref: string | null;
}

function statementRow(row: StatementSql): StatementRow {
  return {
    id: row.id,
    number: row.number,
    runId: row.run_id,
    runNumber: row.run_number,
    party: { id: row.party_id, number: row.party_number, name: row.party_name, kind: row.party_kind },
    kind: row.kind,
    currency: row.currency,
    dueAfter: date(row.due_after),
    dueThrough: date(row.due_through),
    state: row.state,
    total: row.total,
    transferCount: Number(row.transfer_count),
    paidAt: dateOrNull(row.paid_at),
    paidRef: row.paid_ref,
  };
}

const COLUMNS = (sql: RawSql) => sql`
  s.id, s.number, s.run_id, r.number as run_number, s.party_id, p.number as party_number, p.name as party_name,
  p.kind as party_kind, a.kind, s.currency, s.due_after, s.due_through, s.state, s.total, s.transfer_count, s.paid_at, s.paid_ref`;
const JOINS = (sql: RawSql) => sql`
  join settlement_runs r on r.tenant_id = s.tenant_id and r.id = s.run_id
  join parties p on p.tenant_id = s.tenant_id and p.id = s.party_id
  join accounts a on a.tenant_id = s.tenant_id and a.id = s.account_id`;

function matching(ctx: TxCtx, f: StatementFilters) {
  const sql = rawSql(ctx.tx);
  const party = partyScope(ctx);
  const zone = ctx.tenant.timezone;
  return sql`s.tenant_id = ${ctx.tenant.id}
    ${party ? sql`and s.party_id = ${party}` : sql``}
    ${f.partyId ? sql`and s.party_id = ${f.partyId}` : sql``}
    ${f.kind ? sql`and a.kind = ${f.kind}` : sql``}
    ${f.states?.length ? sql`and s.state = any(${[...f.states]}::text[])` : sql``}
    ${f.runId ? sql`and s.run_id = ${f.runId}` : sql``}
    ${f.currency ? sql`and s.currency = ${f.currency}` : sql``}
    ${f.from ? sql`and s.due_through >= (${f.from}::date)::timestamp at time zone ${zone}` : sql``}
    ${f.to ? sql`and s.due_through < (${f.to}::date + 1)::timestamp at time zone ${zone}` : sql``}
    ${
      f.q
        ? sql`and (s.number ilike ${containing(f.q)} or p.name ilike ${containing(f.q)} or p.number ilike ${containing(f.q)})`
        : sql``
    }`;
}

/** Statements, the latest first. A party sees its own. */
export async function listStatements(
  ctx: Ctx,
  input: StatementFilters & { cursor?: string | null; limit: number },
): Promise<Page<StatementRow>> {
  requirePermission(ctx, "statement:read");
  const after = decodeCursor(input.cursor, ["time", "id"]);
  return withSnapshot(ctx, async (ctx) => {
    const sql = rawSql(ctx.tx);
    const rows = await sql<StatementSql[]>`
      select ${COLUMNS(sql)} from statements s ${JOINS(sql)}
      where ${matching(ctx, input)}
        ${after ? sql`and (s.due_through, s.id) < (${after[0]}::timestamptz, ${after[1]}::uuid)` : sql``}
      order by s.due_through desc, s.id desc limit ${input.limit + 1}`;
    const items = rows.slice(0, input.limit).map(statementRow);
    const last = items.at(-1);
    const more = rows.length > input.limit && last;
    return { items, nextCursor: more ? encodeCursor([last.dueThrough, last.id]) : null };
  });
}

/** Count and sums of what a filter matches, by currency, account kind and state. */
export async function sumStatements(
  ctx: Ctx,
  input: StatementFilters,
): Promise<{ currency: string; kind: StatedKind; state: StatementState; count: number; total: bigint }[]> {
  requirePermission(ctx, "statement:read");
  return withSnapshot(ctx, async (ctx) => {
    const sql = rawSql(ctx.tx);
    const rows = await sql<
      { currency: string; kind: StatedKind; state: StatementState; count: bigint; total: bigint }[]
    >`select s.currency, a.kind, s.state, count(*) as count, sum(s.total)::bigint as total
      from statements s ${JOINS(sql)} where ${matching(ctx, input)} group by 1, 2, 3 order by 1, 2, 3`;
    return rows.map((row) => ({ ...row, count: Number(row.count) }));
  });
}

/** One statement with its lines. Throws NOT_FOUND, also for another party's. */
export async function getStatement(ctx: Ctx, id: string): Promise<StatementDetail> {
  requirePermission(ctx, "statement:read");
  statementInput.parse({ id });
  return withSnapshot(ctx, async (ctx) => {
    const sql = rawSql(ctx.tx);
    const party = partyScope(ctx);
    const head = sql<
      (StatementSql & {
        payout_trade_id: string | null;
        created_at: string;
        bank_name: string | null;
        bank_account_holder: string | null;
        bank_account_tail: string | null;
      })[]
    >`select ${COLUMNS(sql)}, s.payout_trade_id, s.created_at, p.bank_name, p.bank_account_holder, p.bank_account_tail
      from statements s ${JOINS(sql)}
      where s.tenant_id = ${ctx.tenant.id} and s.id = ${id} ${party ? sql`and s.party_id = ${party}` : sql``}`;
    const lines = sql<{ leg: string; count: bigint; amount: bigint }[]>`
      select leg, count, amount from statement_lines where tenant_id = ${ctx.tenant.id} and statement_id = ${id}
      order by abs(amount) desc, leg`;
    const carried = sql<{ count: bigint; total: bigint | null }[]>`
      select count(*) as count, sum(o.total)::bigint as total
      from statements s join statements o on o.tenant_id = s.tenant_id and o.party_id = s.party_id
        and o.account_id = s.account_id and o.state = 'carried' and o.id <> s.id and o.total <> 0
      where s.tenant_id = ${ctx.tenant.id} and s.id = ${id}`;
    const [[row], lineRows, [open]] = await Promise.all([head, lines, carried]);
    if (!row) throw new DomainError("NOT_FOUND", { noun: "statement" });
    return {
      ...statementRow(row),
      lines: lineRows.map((line) => ({ ...line, count: Number(line.count) })),
      payoutTradeId: row.payout_trade_id,
      createdAt: date(row.created_at),
      carried: { count: Number(open?.count ?? 0), total: open?.total ?? 0n },
      bank: { name: row.bank_name, holder: row.bank_account_holder, tail: row.bank_account_tail },
    };
  });
}

interface TransferSql {
  id: string;
  trade_id: string;
  trade_kind: string;
  leg: string;
  amount: bigint;
  traded_at: string;
  posted_at: string;
  due_at: string;
  merchant: string | null;
  campaign: string | null;
  product: string | null;
  order_ref: string | null;
}

/**
 * The transfers a statement sums up, in the order in which they fell due. Two walks of an index, one for each
 * side of the account: a page costs the same wherever it lies.
 */
export async function listStatementTransfers(
  ctx: Ctx,
  input: { statementId: string; leg?: string; cursor?: string | null; limit: number },
): Promise<Page<StatementTransfer>> {
  requirePermission(ctx, "statement:read");
  const after = decodeCursor(input.cursor, ["time", "id"]);
  return withSnapshot(ctx, async (ctx) => {
    const sql = rawSql(ctx.tx);
    const tenantId = ctx.tenant.id;
    const party = partyScope(ctx);
    const [statement] = await sql<{ account_id: string; due_after: string; due_through: string }[]>`
      select account_id, due_after, due_through from statements
      where tenant_id = ${tenantId} and id = ${input.statementId} ${party ? sql`and party_id = ${party}` : sql``}`;
    if (!statement) throw new DomainError("NOT_FOUND", { noun: "statement" });
    const take = input.limit + 1;
    const side = (
      account: "credit_account_id" | "debit_account_id",
      due: "credit_due_at" | "debit_due_at",
    ) => sql`
      (select t.id, t.trade_id, t.leg, ${account === "credit_account_id" ? sql`t.amount` : sql`-t.amount`} as amount,
        t.traded_at, t.posted_at, t.${sql(due)} as due_at
      from transfers t
      where t.tenant_id = ${tenantId} and t.${sql(account)} = ${statement.account_id}
        and t.${sql(due)} > ${statement.due_after}::timestamptz and t.${sql(due)} <= ${statement.due_through}::timestamptz
        ${input.leg ? sql`and t.leg = ${input.leg}` : sql``}
        ${after ? sql`and (t.${sql(due)}, t.id) > (${after[0]}::timestamptz, ${after[1]}::uuid)` : sql``}
      order by t.${sql(due)}, t.id limit ${take})`;
    const rows = await sql<TransferSql[]>`
      select f.*, d.kind as trade_kind, d.order_ref, m.name as merchant, c.name as campaign, p.name as product
      from (
        select * from (${side("credit_account_id", "credit_due_at")} union all ${side("debit_account_id", "debit_due_at")}) both_sides
        order by due_at, id limit ${take}) f
      join trades d on d.tenant_id = ${tenantId} and d.id = f.trade_id
      left join parties m on m.tenant_id = ${tenantId} and m.id = d.merchant_id
      left join campaigns c on c.tenant_id = ${tenantId} and c.id = d.campaign_id
      left join products p on p.tenant_id = ${tenantId} and p.id = d.product_id
      order by f.due_at, f.id`;
    const items = rows.slice(0, input.limit).map((row) => ({
      id: row.id,
      tradeId: row.trade_id,
      reference: tradeReference(row.trade_kind, row.trade_id),
      tradeKind: row.trade_kind,
      leg: row.leg,
      amount: row.amount,
      tradedAt: date(row.traded_at),
      postedAt: date(row.posted_at),
      dueAt: date(row.due_at),
      merchant: row.merchant,
      campaign: row.campaign,
      product: row.product,
      orderRef: row.order_ref,
    }));
    const last = items.at(-1);
    const more = rows.length > input.limit && last;
    return { items, nextCursor: more ? encodeCursor([last.dueAt, last.id]) : null };
  });
}

interface RunSql {
  id: string;
  number: string;
  due_after: string;
  due_through: string;
  state: "closed" | "stated";
  statements: number;
  created_by: string | null;
  created_by_name: string;
  created_at: string;
  stated_at: string | null;
}

function runOf(row: RunSql): Run {
  return {
    id: row.id,
    number: row.number,
    dueAfter: date(row.due_after),
    dueThrough: date(row.due_through),
    state: row.state,
    statements: row.statements,
    byItself: row.created_by === null,
    createdByName: row.created_by_name,
    createdAt: date(row.created_at),
    statedAt: dateOrNull(row.stated_at),
  };
}

/** One closing: whether its statements are written yet. Throws NOT_FOUND. */
export async function getRun(ctx: Ctx, id: string): Promise<Run> {
  requirePermission(ctx, "statement:read");
  if (partyScope(ctx) !== null)
    throw new DomainError("PERMISSION_DENIED", { permission: "settlement:close" });
  return withSnapshot(ctx, async (ctx) => {
    const [row] = await rawSql(ctx.tx)<RunSql[]>`
      select id, number, due_after, due_through, state, statements, created_by, created_by_name, created_at, stated_at
      from settlement_runs where tenant_id = ${ctx.tenant.id} and id = ${id}`;
    if (!row) throw new DomainError("NOT_FOUND", { noun: "settlement_run" });
    return runOf(row);
  });
}

/** Closings, the latest first. For those who see the whole tenant. */
export async function listRuns(
  ctx: Ctx,
  input: { cursor?: string | null; limit: number },
): Promise<Page<Run>> {
  requirePermission(ctx, "statement:read");
  if (partyScope(ctx) !== null)
    throw new DomainError("PERMISSION_DENIED", { permission: "settlement:close" });
  const after = decodeCursor(input.cursor, ["time"]);
  return withSnapshot(ctx, async (ctx) => {
    const sql = rawSql(ctx.tx);
    const rows = await sql<RunSql[]>`
      select id, number, due_after, due_through, state, statements, created_by, created_by_name, created_at, stated_at
      from settlement_runs where tenant_id = ${ctx.tenant.id}
        ${after ? sql`and due_through < ${after[0]}::timestamptz` : sql``}
      order by due_through desc limit ${input.limit + 1}`;
    const items = rows.slice(0, input.limit).map(runOf);
    const last = items.at(-1);
    const more = rows.length > input.limit && last;
    return { items, nextCursor: more ? encodeCursor([last.dueThrough]) : null };
  });
}

export interface ClosingPreview {
  closedThrough: Date;
  through: Date;
  /** What would be stated, by currency and account kind. */
  falling: { currency: string; kind: StatedKind; parties: number; transfers: number; total: bigint }[];
}

/** What a closing up to `through` (now, by default) would state. */
export async function previewClosing(ctx: Ctx, input: { through?: Date } = {}): Promise<ClosingPreview> {
  requirePermission(ctx, "settlement:close");
  const through = input.through ?? ctx.clock.now();
  return withSnapshot(ctx, async (ctx) => {
    const sql = rawSql(ctx.tx);
    const [books] = await sql<{ closed_through: string }[]>`
      select closed_through from books where tenant_id = ${ctx.tenant.id}`;
    const closedThrough = books?.closed_through ?? new Date(0).toISOString();
    const rows = await withFallingDue(
      sql,
      ctx.tenant.id,
      closedThrough,
      through.toISOString(),
      (falling) => sql<
        { currency: string; kind: StatedKind; parties: bigint; transfers: bigint; total: bigint }[]
      >`select a.currency, a.kind, count(distinct a.party_id) as parties, sum(f.transfers)::bigint as transfers,
        sum(f.amount)::bigint as total
      from (${falling}) f
      join accounts a on a.tenant_id = ${ctx.tenant.id} and a.id = f.account_id
      group by 1, 2 order by 1, 2`,
    );
    return {
      closedThrough: date(closedThrough),
      through,
      falling: rows.map((r) => ({ ...r, parties: Number(r.parties), transfers: Number(r.transfers) })),
    };
  });
}

export interface Owing {
  party: { id: string; number: string; name: string; kind: PartyKind };
  currency: string;
  kind: StatedKind;
  statements: number;
  /** Stated and not paid; carried included, as it is nobody's gain. */
  open: bigint;
  oldest: Date;
}

/** Who owes whom: unpaid statements by party, the largest first. A party sees itself. */
export async function listOwing(ctx: Ctx, input: { limit: number }): Promise<Owing[]> {
  requirePermission(ctx, "statement:read");
  return withSnapshot(ctx, async (ctx) => {
    const sql = rawSql(ctx.tx);
    const party = partyScope(ctx);
    const rows = await sql<
      {
        id: string;
        number: string;
        name: string;
        party_kind: PartyKind;
        currency: string;
        kind: StatedKind;
        statements: bigint;
        open: bigint;
        oldest: string;
      }[]
    >`select p.id, p.number, p.name, p.kind as party_kind, o.currency, a.kind, o.statements, o.open, o.oldest
      from (
        select party_id, account_id, currency, count(*) as statements, sum(total)::bigint as open, min(due_through) as oldest
        from statements where tenant_id = ${ctx.tenant.id} and state in ('draft', 'approved', 'paying', 'carried')
          ${party ? sql`and party_id = ${party}` : sql``}
        group by 1, 2, 3) o
      join accounts a on a.tenant_id = ${ctx.tenant.id} and a.id = o.account_id
      join parties p on p.tenant_id = ${ctx.tenant.id} and p.id = o.party_id
      where o.open <> 0
      order by abs(o.open) desc, p.number limit ${input.limit}`;
    return rows.map((row) => ({
      party: { id: row.id, number: row.number, name: row.name, kind: row.party_kind },
      currency: row.currency,
      kind: row.kind,
      statements: Number(row.statements),
      open: row.open,
      oldest: date(row.oldest),
    }));
  });
}
