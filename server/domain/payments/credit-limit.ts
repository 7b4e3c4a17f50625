import { rawSql } from "@/db/client";
import { type Ctx, requirePermission } from "@/server/core/context";
import { DomainError } from "@/server/core/errors";
import { withTransaction } from "@/server/core/transaction";
import { record } from "../audit";
import { findAccounts } from "../ledger";
import { setCreditLimitInput } from "./schemas";
import { walletOf } from "./wallet";

/**
 * How far below zero a distributor's wallet may go: the floor of its account.
 * @throws DomainError NOT_FOUND · ACCOUNT_BELOW_FLOOR when the wallet already stands below the new limit
 */
export async function setCreditLimit(
  ctx: Ctx,
  input: { distributorId: string; creditLimit: bigint },
): Promise<void> {
  requirePermission(ctx, "wallet:top_up");
  const { distributorId, creditLimit } = setCreditLimitInput.parse(input);
  await withTransaction(ctx, async (ctx) => {
    const { currency } = await walletOf(ctx, distributorId);
    const wallet = { partyId: distributorId, kind: "wallet" as const };
    const { id } = (await findAccounts(ctx, currency, [wallet]))(wallet);
    const sql = rawSql(ctx.tx);
    // Postings change this row and check the floor behind it: whoever holds it, the other waits.
    await sql`
      insert into account_balances (tenant_id, account_id, debits, credits)
      values (${ctx.tenant.id}, ${id}, 0, 0) on conflict do nothing`;
    await sql`
      select 1 from account_balances where tenant_id = ${ctx.tenant.id} and account_id = ${id} for update`;
    const before = await walletOf(ctx, distributorId);
    if (before.creditLimit === creditLimit) return;
    if (before.balance < -creditLimit) {
      throw new DomainError("ACCOUNT_BELOW_FLOOR", {
        account: id,
        balance: before.balance.toString(),
        floor: (-creditLimit).toString(),
      });
    }
    await sql`
      update accounts set floor = ${(-creditLimit).toString()}::bigint
      where tenant_id = ${ctx.tenant.id} and id = ${id}`;
    await record(ctx, {
      action: "wallet.credit_limit_set",
      subject: { kind: "wallet", id: distributorId },
      partyId: distributorId,
      data: { currency, from: before.creditLimit, to: creditLimit },
    });
  });
}
