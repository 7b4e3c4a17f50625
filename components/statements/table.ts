import { anyText, defineTable, manyOf, oneOf } from "@/components/data-table/definition";
import { STATED_KINDS, type StatementState } from "@/server/domain/settlement/schemas";

/** What a statement can be by now, to filter by; nothing sets the other states yet. */
export const OFFERED_STATES = ["draft", "paid", "carried"] as const satisfies readonly StatementState[];

export const statementsTable = defineTable({
  id: "statements",
  filters: {
    partyId: anyText(),
    kind: oneOf(STATED_KINDS),
    states: manyOf(OFFERED_STATES),
    runId: anyText(),
  },
});

/** What the table shows, as the server is asked; an address may hold anything, and what is no id is no filter. */
export function statementsInput(query: ReturnType<typeof statementsTable.load>) {
  return { ...statementsFilter(query), cursor: query.cursor, limit: query.limit };
}

/** The same without the page. */
export function statementsFilter({
  filters,
  q,
  from,
  to,
}: Pick<ReturnType<typeof statementsTable.load>, "filters" | "q" | "from" | "to">) {
  return { q, from, to, ...filters, partyId: idOnly(filters.partyId), runId: idOnly(filters.runId) };
}

export const runsTable = defineTable({ id: "closings" });
export function runsInput({ cursor, limit }: ReturnType<typeof runsTable.load>) {
  return { cursor, limit };
}

/** Rows shown of who owes what; the largest amounts first. */
export const OWING_LIMIT = 200;

export const transfersTable = defineTable({ id: "statement-transfers", filters: { leg: anyText() } });
export function transfersInput(
  statementId: string,
  { cursor, limit, filters }: ReturnType<typeof transfersTable.load>,
) {
  return { statementId, cursor, limit, leg: filters.leg };
}

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const idOnly = (text: string | undefined) => (text && ID.test(text) ? text : undefined);
