import fs from "node:fs";
import path from "node:path";
import { type Database, inTenant, rawSql } from "@/db/client";
import type { Ctx } from "@/server/core/context";
import { DomainError } from "@/server/core/errors";
import { formatAmount } from "@/server/core/money";
import { startOfLocalDate } from "@/server/domain/calendar";
import { createRule, listRules, redemptionRule } from "@/server/domain/clearing";
import { eachReject, getImport, saveMapping, startImport, storeFile } from "@/server/domain/imports";
import type { SalesMappingInput } from "@/server/domain/imports/schemas";
import { createTenant, findTenantId, loadTenant, systemCtx } from "@/server/domain/parties";
import { closeBooks, stateRun } from "@/server/domain/settlement";
import { importSales } from "@/server/jobs/handlers/import-sales";
import { runJob } from "@/server/jobs/run-job";
import type { Say } from "../say";
import type { Scenario, ScenarioSetting } from "../scenario";

/**
 * Real sales of 2017 (84.51° Complete Journey 2.0, CC0), cleared and settled in a tenant of their own: each line
 * with a manufacturer's coupon is a redemption at its store. Amounts in minor units of USD; a line is the physical
 * line of the file, the header being line 1. Running it again adds nothing and tells the same.
 */
export interface CompleteJourneyReport {
  lines: number;
  skipped: number;
  /** Lines of the file that stand in the books. */
  accepted: number;
  rejected: { line: number; codes: string[] }[];
  totals: { brand_receivable: number; merchant_payable: number; commission_revenue: number };
  /** What each merchant is due and each brand owes; both positive. */
  parties: { external_id: string; kind: string; amount: number }[];
  /** Of the year's closing. `total`: what the statements say is due, less what they say is owed. */
  statements: { count: number; total: number };
}

const SLUG = "complete-journey";
const TIME_ZONE = "America/New_York";
const RULE_NAME = "Manufacturer coupons";
const MAPPING_NAME = "Complete Journey sales";

export const MAPPING: SalesMappingInput = {
  delimiter: ",",
  currency: "USD",
  merchant: "store_id",
  brand: "manufacturer_id",
  orderRef: "basket_id",
  product: "product_id",
  // What the store receives for the line, coupon money included: the customer paid sales_value − coupon_disc.
  amount: { column: "sales_value", means: "received" },
  discounts: [
    { column: "coupon_disc", by: "brand" },
    { column: "coupon_match_disc", by: "merchant" },
  ],
  soldAt: { column: "sold_at", format: "yyyy-MM-dd HH:mm:ss", timeZone: TIME_ZONE },
  onlyAbove: "coupon_disc",
  collectedBy: "merchant",
  createParties: true,
};

/** `npm run scenario -- complete-journey --data DIR [--json]` */
const scenario: Scenario = async ({ db, owner, data, say }) => {
  if (!data) throw new Error("Which data? npm run scenario -- complete-journey --data DIR [--json]");
  const file = path.join(data, "sales.csv");
  if (!fs.existsSync(file)) throw new Error(`There is no ${file}.`);
  const report = await completeJourney({ db, owner, say }, file);
  return { json: report, text: inWords(report) };
};
export default scenario;

/** The owner makes the tenant; everything else is done as the application does it. `file`: the sales. */
export async function completeJourney(
  { db, owner, say }: Pick<ScenarioSetting, "db" | "owner" | "say">,
  file: string,
): Promise<CompleteJourneyReport> {
  const ctx = await openTenant(owner, db);
  await ensureRule(ctx);
  await saveMapping(ctx, { name: MAPPING_NAME, definition: MAPPING });
  const importId = await bringIn(ctx, file, say);
  // A year has come in a second: in a database that knows other tenants' rows alone, the planner would expect none of these.
  await owner.sql.unsafe("analyze accounts, parties, trades, transfers");
  say("Closing the year and stating every party …");
  await closeYear(ctx);
  return reportOf(ctx, importId);
}

async function openTenant(owner: Database, db: Database): Promise<Ctx> {
  const known = await findTenantId(db, SLUG);
  const tenant = known
    ? await loadTenant(db, known)
    : await createTenant(owner, {
        slug: SLUG,
        name: "Complete Journey",
        currency: "USD",
        timezone: TIME_ZONE,
        locale: "en",
      });
  return systemCtx(db, tenant, "scenario complete-journey");
}

async function ensureRule(ctx: Ctx): Promise<void> {
  const rules = await listRules(ctx);
  if (rules.some((rule) => rule.name === RULE_NAME)) return;
  await createRule(ctx, {
    name: RULE_NAME,
    scope: { tradeKind: "redemption" },
    effectiveFrom: startOfLocalDate("2017-01-01", TIME_ZONE),
    // The brand pays its part and 0.08 handling; the platform takes 1 % of the brand's part.
    definition: redemptionRule({
      commissionRate: "0.01",
      commissionBase: "funding:brand",
      funding: [{ party: "brand", share: "1" }],
      handling: { amount: "8", currency: "USD" },
    }),
  });
}

/** The portal's own way: upload, start, and the job; only that the job runs here and now. */
async function bringIn(ctx: Ctx, file: string, say: Say): Promise<string> {
  const stored = await storeFile(ctx, { name: path.basename(file), content: fs.createReadStream(file) });
  const { importId, jobId } = await startImport(ctx, { fileId: stored.id, mapping: MAPPING });
  say(`Importing ${stored.name} …`);
  await runJob(ctx, jobId, { "import-sales": importSales });
  const { error } = await getImport(ctx, { id: importId });
  if (error) throw new Error(`The import failed: ${error.code} ${JSON.stringify(error.params)}`);
  return importId;
}

async function closeYear(ctx: Ctx): Promise<void> {
  const through = startOfLocalDate("2018-01-01", TIME_ZONE);
  try {
    await closeBooks(ctx, { through });
  } catch (error) {
    if (!(error instanceof DomainError && error.code === "CLOSING_NOT_FORWARD")) throw error;
  }
  const open = await inTenant(
    ctx.db,
    ctx.tenant.id,
    (tx) => rawSql(tx)<{ id: string }[]>`
      select id from settlement_runs where tenant_id = ${ctx.tenant.id} and state = 'closed' order by id`,
  );
  for (const { id } of open) await stateRun(ctx, id);
}

async function reportOf(ctx: Ctx, importId: string): Promise<CompleteJourneyReport> {
  const { lines, skipped, accepted, repeated } = await getImport(ctx, { id: importId });
  const rejected: CompleteJourneyReport["rejected"] = [];
  for await (const { line, codes } of eachReject(ctx, importId)) rejected.push({ line, codes });
  return inTenant(ctx.db, ctx.tenant.id, async (tx) => {
    const sql = rawSql(tx);
    const tenantId = ctx.tenant.id;
    const balances = await sql<{ kind: string; owner: string; balance: bigint }[]>`
      select a.kind, p.kind as owner, sum(case when s.credit then s.amount else -s.amount end)::bigint as balance
      from (
        select credit_account_id as account_id, true as credit, amount from transfers where tenant_id = ${tenantId}
        union all
        select debit_account_id, false, amount from transfers where tenant_id = ${tenantId}) s
      join accounts a on a.tenant_id = ${tenantId} and a.id = s.account_id
      join parties p on p.tenant_id = ${tenantId} and p.id = a.party_id
      group by 1, 2`;
    const balance = (kind: string, owner: string) =>
      balances.find((row) => row.kind === kind && row.owner === owner)?.balance ?? 0n;
    const parties = await sql<{ external_id: string; kind: string; amount: bigint }[]>`
      select p.external_id, p.kind, sum(case when p.kind = 'brand' then -s.total else s.total end)::bigint as amount
      from statements s join parties p on p.tenant_id = ${tenantId} and p.id = s.party_id
      where s.tenant_id = ${tenantId} group by p.external_id, p.kind
      order by p.kind, length(p.external_id), p.external_id`;
    const [statements] = await sql<{ count: bigint; total: bigint }[]>`
      select count(*) as count, coalesce(sum(total), 0)::bigint as total from statements where tenant_id = ${tenantId}`;
    return {
      lines,
      skipped,
      accepted: accepted + repeated,
      rejected,
      totals: {
        brand_receivable: Number(-balance("receivable", "brand")),
        merchant_payable: Number(balance("payable", "merchant")),
        commission_revenue: Number(balance("commission_revenue", "platform")),
      },
      parties: parties.map((row) => ({ ...row, amount: Number(row.amount) })),
      statements: { count: Number(statements?.count ?? 0), total: Number(statements?.total ?? 0) },
    };
  });
}

function inWords(report: CompleteJourneyReport): string {
  const usd = (cents: number) => `${formatAmount(BigInt(cents), "USD")} USD`;
  const codes = new Map<string, number>();
  for (const { codes: of } of report.rejected)
    codes.set(of.join(" + "), (codes.get(of.join(" + ")) ?? 0) + 1);
  return [
    `${report.lines} lines: ${report.skipped} without a coupon, ${report.accepted} redemptions, ${report.rejected.length} rejected`,
    ...[...codes].map(([code, count]) => `  ${count} × ${code}`),
    `Brands owe ${usd(report.totals.brand_receivable)}, merchants are due ${usd(report.totals.merchant_payable)}, the platform earns ${usd(report.totals.commission_revenue)}.`,
    `${report.statements.count} statements for ${report.parties.length} parties.`,
  ].join("\n");
}
