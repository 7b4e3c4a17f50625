import { and, eq } from "drizzle-orm";
import { rawSql } from "@/db/client";
import { jobRuns, vouchers } from "@/db/schema";
import { type Ctx, requirePermission } from "@/server/core/context";
import { csvText } from "@/server/core/csv";
import { DomainError } from "@/server/core/errors";
import { referenceOf } from "@/server/core/ids";
import { withTransaction } from "@/server/core/transaction";
import { record } from "../audit";
import { formatCode } from "./codes";
import { openCode } from "./voucher-secrets";
import { walletPath } from "./wallet-token";

/** Shows a code again, to give it to its holder. Each time is audited. */
export async function revealCode(
  ctx: Ctx,
  input: { voucherId: string },
): Promise<{ code: string; walletPath: string }> {
  requirePermission(ctx, "voucher:reveal");
  return withTransaction(ctx, async (ctx) => {
    const [row] = await ctx.tx
      .select({ sealed: vouchers.codeSealed })
      .from(vouchers)
      .where(and(eq(vouchers.tenantId, ctx.tenant.id), eq(vouchers.id, input.voucherId)));
    if (!row) throw new DomainError("NOT_FOUND", { noun: "voucher" });
    await record(ctx, {
      action: "voucher.code_revealed",
      subject: { kind: "voucher", id: input.voucherId },
    });
    return {
      code: formatCode(openCode(ctx.tenant.id, input.voucherId, row.sealed)),
      walletPath: walletPath(ctx.tenant, input.voucherId),
    };
  });
}

const PAGE = 5_000;

/**
 * The codes of a bulk issue as CSV, piece by piece in step with its reader. Audited before the first one leaves.
 * @param origin begins the addresses of holders' pages, e.g. `https://kaqing.example`
 * @throws DomainError NOT_FOUND
 */
export async function issuedCodesCsv(
  ctx: Ctx,
  input: { jobId: string; origin?: string },
): Promise<AsyncGenerator<string>> {
  requirePermission(ctx, "voucher:reveal");
  await withTransaction(ctx, async (ctx) => {
    const [job] = await ctx.tx
      .select({ progress: jobRuns.progress, params: jobRuns.params })
      .from(jobRuns)
      .where(
        and(
          eq(jobRuns.tenantId, ctx.tenant.id),
          eq(jobRuns.id, input.jobId),
          eq(jobRuns.kind, "issue-vouchers"),
        ),
      );
    if (!job) throw new DomainError("NOT_FOUND", { noun: "job" });
    await record(ctx, {
      action: "voucher.codes_downloaded",
      subject: { kind: "job", id: input.jobId },
      data: { campaign: job.params.campaignId, count: job.progress },
    });
  });
  return csvText(
    [
      { header: "voucher", value: (row: IssuedCode) => row.reference },
      { header: "code", value: (row) => row.code },
      { header: "address", value: (row) => `${input.origin ?? ""}${row.path}` },
      { header: "valid_from", value: (row) => row.validFrom },
      { header: "valid_to", value: (row) => row.validTo },
    ],
    issuedCodes(ctx, input.jobId),
  );
}

interface IssuedCode {
  reference: string;
  code: string;
  path: string;
  validFrom: Date | null;
  validTo: Date | null;
}

async function* issuedCodes(ctx: Ctx, jobId: string): AsyncGenerator<IssuedCode> {
  let after = "00000000-0000-0000-0000-000000000000";
  for (;;) {
    const rows = await withTransaction(
      ctx,
      (ctx) => rawSql(ctx.tx)<
        { id: string; code_sealed: Buffer; valid_from: string | null; valid_to: string | null }[]
      >`
        select id, code_sealed, valid_from, valid_to from vouchers
        where tenant_id = ${ctx.tenant.id} and job_id = ${jobId} and id > ${after} order by id limit ${PAGE}`,
    );
    for (const row of rows) {
      yield {
        reference: referenceOf("VC", row.id),
        code: formatCode(openCode(ctx.tenant.id, row.id, row.code_sealed)),
        path: walletPath(ctx.tenant, row.id),
        validFrom: row.valid_from ? new Date(row.valid_from) : null,
        validTo: row.valid_to ? new Date(row.valid_to) : null,
      };
    }
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) return;
    after = last.id;
  }
}
