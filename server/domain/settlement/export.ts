import { type Ctx, requirePermission } from "@/server/core/context";
import {
  getStatement,
  listStatements,
  listStatementTransfers,
  type StatementRow,
  type StatementTransfer,
} from "./queries";
import type { StatementFilters } from "./schemas";

const PIECE = 200;
const TRANSFERS_PIECE = 2_000;

/** Every statement a filter matches, page by page, in step with its reader. */
export async function* eachStatement(ctx: Ctx, filters: StatementFilters): AsyncGenerator<StatementRow> {
  requirePermission(ctx, "statement:read");
  let cursor: string | null = null;
  do {
    const page: { items: StatementRow[]; nextCursor: string | null } = await listStatements(ctx, {
      ...filters,
      cursor,
      limit: PIECE,
    });
    yield* page.items;
    cursor = page.nextCursor;
  } while (cursor);
}

/**
 * Every transfer of a statement, or of one line. What a statement states never changes, so the pages fit together.
 * Throws NOT_FOUND before the first row.
 */
export async function eachStatementTransfer(
  ctx: Ctx,
  input: { statementId: string; leg?: string },
): Promise<AsyncGenerator<StatementTransfer>> {
  await getStatement(ctx, input.statementId);
  return walk(ctx, input);
}

async function* walk(
  ctx: Ctx,
  input: { statementId: string; leg?: string },
): AsyncGenerator<StatementTransfer> {
  let cursor: string | null = null;
  do {
    const page: { items: StatementTransfer[]; nextCursor: string | null } = await listStatementTransfers(
      ctx,
      {
        ...input,
        cursor,
        limit: TRANSFERS_PIECE,
      },
    );
    yield* page.items;
    cursor = page.nextCursor;
  } while (cursor);
}
