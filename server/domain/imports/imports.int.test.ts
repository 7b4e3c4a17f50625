import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import type { Database } from "@/db/client";
import { importSales } from "@/server/jobs/handlers/import-sales";
import { runJob } from "@/server/jobs/run-job";
import { testDatabase } from "@/server/testing/database";
import { makeParty, makeTenant, type TestTenant } from "@/server/testing/factories";
import { createRule, explainTrade, redemptionRule } from "../clearing";
import { cancelJob, getJob } from "../outbox";
import { dryRunImport } from "./dry-run";
import { storeFile } from "./files";
import { inspectFile } from "./inspect-file";
import { deleteMapping, listMappings, saveMapping } from "./mappings";
import { eachReject, getImport, type ImportReject, listImports, listRejects } from "./queries";
import { type ImportCounts, runImport } from "./run-import";
import type { SalesMappingInput } from "./schemas";
import { startImport } from "./start-import";

const HEADER = "order,store,maker,item,value,coupon,match,sold";
const MAPPING: SalesMappingInput = {
  currency: "USD",
  merchant: "store",
  brand: "maker",
  orderRef: "order",
  product: "item",
  amount: { column: "value", means: "received" },
  discounts: [
    { column: "coupon", by: "brand" },
    { column: "match", by: "merchant" },
  ],
  soldAt: { column: "sold", format: "yyyy-MM-dd HH:mm:ss", timeZone: "America/New_York" },
  onlyAbove: "coupon",
  collectedBy: "merchant",
  createParties: true,
};
/** One of each kind; the header is line 1. */
const LINES = [
  "o1,367,69,a,4.50,1,0.50,2017-03-01 10:00:00", // 2: accepted
  "o1,367,,b,1.50,0,0,2017-03-01 10:00:00", // 3: skipped
  "o2,367,69,a,4.440892e-16,0,0,2017-03-02 10:00:00", // 4: AMOUNT_INVALID
  "o3,31,,c,0,1,0,2017-03-02 11:00:00", // 5: DISCOUNT_EXCEEDS_ORDER, FUNDER_UNKNOWN
  "o4,31,70,d,0.40,0.50,0,2017-03-02 12:00:00", // 6: DISCOUNT_EXCEEDS_ORDER
  "o5,31,70,d,3,0.55,0,2017-03-03 12:00:00", // 7: accepted
  "o5,31,70,d,3,0.55,0,2017-03-03 12:00:00", // 8: accepted, the like of it
  "o6,31,70", // 9: LINE_MALFORMED
  'o7,31,70,"open,3,0.55,0,2017-03-03 12:00:00', // 10: LINE_MALFORMED
  "o8,31,70,e,3,0.55,0,2017-03-04 12:00:00", // 11: accepted
];
const COUNTS: ImportCounts = { lines: 10, skipped: 1, accepted: 4, repeated: 0, rejected: 5 };

let db: Database;
let owner: Database;
let url: string;
beforeAll(async () => {
  ({ db, owner, url } = await testDatabase());
});

async function tenantWithRule(): Promise<TestTenant> {
  const t = await makeTenant(owner, db, { currency: "USD", timezone: "America/New_York" });
  await createRule(t.system, {
    name: "coupons",
    scope: { tradeKind: "redemption" },
    effectiveFrom: new Date("2017-01-01T05:00:00Z"),
    definition: redemptionRule({
      commissionRate: "0.01",
      commissionBase: "funding:brand",
      funding: [{ party: "brand", share: "1" }],
      handling: { amount: "8", currency: "USD" },
    }),
  });
  return t;
}

const text = (lines: readonly string[]) => `${[HEADER, ...lines].join("\n")}\n`;
async function* bytes(content: string | Uint8Array): AsyncGenerator<Uint8Array> {
  yield typeof content === "string" ? Buffer.from(content) : content;
}
async function upload(t: TestTenant, content: string | Uint8Array): Promise<string> {
  return (await storeFile(t.as("operator"), { name: "sales.csv", content: bytes(content) })).id;
}
async function start(t: TestTenant, lines: readonly string[], mapping = MAPPING): Promise<string> {
  const fileId = await upload(t, text(lines));
  return (await startImport(t.as("operator"), { fileId, mapping })).importId;
}
async function bringIn(t: TestTenant, lines: readonly string[], mapping = MAPPING): Promise<ImportCounts> {
  return runImport(t.system, await start(t, lines, mapping));
}
async function books(t: TestTenant) {
  const [row] = await owner.sql<{ trades: bigint; transfers: bigint; parties: bigint; accounts: bigint }[]>`
    select (select count(*) from trades where tenant_id = ${t.tenant.id}) as trades,
      (select count(*) from transfers where tenant_id = ${t.tenant.id}) as transfers,
      (select count(*) from parties where tenant_id = ${t.tenant.id}) as parties,
      (select count(*) from accounts where tenant_id = ${t.tenant.id}) as accounts`;
  return row;
}

describe("an import", () => {
  it("books what it can, keeps what it cannot with every reason, and loses nothing", async () => {
    const t = await tenantWithRule();
    const importId = await start(t, LINES);
    expect(await runImport(t.system, importId)).toEqual(COUNTS);

    const rejects: ImportReject[] = [];
    for await (const reject of eachReject(t.as("operator"), importId)) rejects.push(reject);
    expect(rejects.map(({ line, codes }) => [line, ...codes])).toEqual([
      [4, "AMOUNT_INVALID"],
      [5, "DISCOUNT_EXCEEDS_ORDER", "FUNDER_UNKNOWN"],
      [6, "DISCOUNT_EXCEEDS_ORDER"],
      [9, "LINE_MALFORMED"],
      [10, "LINE_MALFORMED"],
    ]);
    expect(rejects[2]?.raw).toBe(LINES[4]);
    const first = await listRejects(t.as("finance"), { importId, limit: 2 });
    expect(first.nextCursor).toBe("5");
    expect((await listRejects(t.as("finance"), { importId, limit: 2, cursor: "5" })).items[0]?.line).toBe(6);

    const legs = await owner.sql`
      select f.leg, d.kind as debit, c.kind as credit, f.amount, t.gross, t.discount, t.paid, t.order_ref
      from trades t join transfers f on f.tenant_id = t.tenant_id and f.trade_id = t.id
      join accounts d on d.tenant_id = t.tenant_id and d.id = f.debit_account_id
      join accounts c on c.tenant_id = t.tenant_id and c.id = f.credit_account_id
      where t.tenant_id = ${t.tenant.id} and t.order_ref = 'o1' order by f.id`;
    const facts = { gross: 500n, discount: 150n, paid: 350n, order_ref: "o1" };
    expect(legs).toEqual([
      { leg: "subsidy.brand", debit: "receivable", credit: "payable", amount: 100n, ...facts },
      { leg: "fee.handling", debit: "receivable", credit: "payable", amount: 8n, ...facts },
      { leg: "fee.commission", debit: "payable", credit: "commission_revenue", amount: 1n, ...facts },
    ]);
    // 0.55 × 1 % = 0.0055 → 0.01, half up
    const [fee] = await owner.sql`
      select sum(f.amount)::bigint as amount from transfers f where f.tenant_id = ${t.tenant.id} and f.leg = 'fee.commission'`;
    expect(fee?.amount).toBe(4n);
  });

  it("is explained like any other trade", async () => {
    const t = await tenantWithRule();
    await bringIn(t, LINES.slice(0, 1));
    const [trade] = await owner.sql<{ id: string }[]>`select id from trades where tenant_id = ${t.tenant.id}`;
    const explained = await explainTrade(t.as("operator"), trade?.id ?? "");
    expect(JSON.stringify(explained, (_, v) => (typeof v === "bigint" ? `${v}` : v))).toContain(
      "fee.handling",
    );
  });

  it("adds nothing the second time, in another order, or out of a longer file", async () => {
    const t = await tenantWithRule();
    await bringIn(t, LINES);
    const after = await books(t);
    expect(await bringIn(t, LINES)).toEqual({ ...COUNTS, accepted: 0, repeated: 4 });
    expect(await bringIn(t, [...LINES].reverse())).toEqual({ ...COUNTS, accepted: 0, repeated: 4 });
    expect(await books(t)).toEqual(after);
    const more = await bringIn(t, [...LINES, LINES[5] ?? "", "o9,31,70,e,3,0.55,0,2017-03-05 12:00:00"]);
    // a third like line is a third sale
    expect(more).toEqual({ lines: 12, skipped: 1, accepted: 2, repeated: 4, rejected: 5 });
  });

  it("runs as a job with progress, result and audit", async () => {
    const t = await tenantWithRule();
    const fileId = await upload(t, text(LINES));
    const operator = t.as("operator");
    const { importId, jobId } = await startImport(operator, { fileId, mapping: MAPPING });
    expect((await getImport(operator, { id: importId })).state).toBe("queued");
    await runJob(t.system, jobId, { "import-sales": importSales });
    const job = await getJob(operator, jobId);
    expect(job).toMatchObject({
      state: "done",
      progress: 10,
      total: 10,
      result: { importId, ...COUNTS },
    });
    expect(await getImport(operator, { id: importId })).toMatchObject({
      ...COUNTS,
      state: "done",
      fileName: "sales.csv",
    });
    expect((await listImports(operator, { limit: 10 })).items).toHaveLength(1);
    const actions = await owner.sql`
      select action, actor_kind from audit_log where tenant_id = ${t.tenant.id} and action like '%import%' order by seq`;
    expect(actions).toEqual([
      { action: "import.started", actor_kind: "user" },
      { action: "import.posted", actor_kind: "system" },
    ]);
    const actors = await owner.sql`select distinct actor_id from trades where tenant_id = ${t.tenant.id}`;
    expect(actors).toEqual([{ actor_id: operator.actor.kind === "user" ? operator.actor.userId : null }]);
  });

  it("stops where it is told to and goes on from there", async () => {
    const t = await tenantWithRule();
    const importId = await start(t, manyLines(200));
    const stop = new Error("stop");
    await expect(
      runImport(
        t.system,
        importId,
        async ({ lines }) => {
          if (lines >= 80) throw stop;
        },
        { lines: 40, sales: 40 },
      ),
    ).rejects.toBe(stop);
    expect(await getImport(t.system, { id: importId })).toMatchObject({ lines: 80, accepted: 64 });
    expect(await runImport(t.system, importId, undefined, { lines: 40, sales: 40 })).toEqual(MANY);
    expect(await runImport(t.system, importId)).toEqual(MANY);
    expect((await books(t))?.trades).toBe(160n);
  });

  it("is cancelled between two steps", async () => {
    const t = await tenantWithRule();
    const operator = t.as("operator");
    const fileId = await upload(t, text(LINES));
    const { jobId, importId } = await startImport(operator, { fileId, mapping: MAPPING });
    await runJob(t.system, jobId, {
      "import-sales": async (job) => {
        await cancelJob(operator, jobId);
        return importSales(job);
      },
    });
    expect((await getJob(operator, jobId)).state).toBe("cancelled");
    expect(await getImport(operator, { id: importId })).toMatchObject({ lines: 0, state: "cancelled" });
    expect((await books(t))?.trades).toBe(0n);
  });

  it("survives a killed process: what it had booked stands, the rest is booked once", async () => {
    const t = await tenantWithRule();
    const importId = await start(t, manyLines(2_000));
    const script = fileURLToPath(new URL("./test-import-process.ts", import.meta.url));
    const task = JSON.stringify({ url, tenantId: t.tenant.id, importId });
    const child = spawn(process.execPath, ["--import", "tsx", script, task], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let told = "";
    await new Promise<void>((resolve, reject) => {
      child.once("error", reject);
      child.once("exit", () => resolve());
      child.stdout.on("data", (piece: Buffer) => {
        told += piece.toString();
        if (told.split("\n").some((line) => Number(line) >= 200)) child.kill("SIGKILL");
      });
    });
    expect(child.signalCode).toBe("SIGKILL");
    const between = await getImport(t.system, { id: importId });
    expect(between.lines).toBeGreaterThanOrEqual(200);
    expect(between.lines).toBeLessThan(2_000);
    expect((await books(t))?.trades).toBe(BigInt(between.accepted));

    const done = await runImport(t.system, importId);
    expect(done).toEqual({ lines: 2_000, skipped: 200, accepted: 1_600, repeated: 0, rejected: 200 });
    expect((await books(t))?.trades).toBe(1_600n);
    const [twice] = await owner.sql`
      select count(*) as n from (select order_ref from trades where tenant_id = ${t.tenant.id} group by 1 having count(*) > 1) d`;
    expect(twice?.n).toBe(0n);
  });

  it("of the same sales at the same moment books each once", async () => {
    const t = await tenantWithRule();
    const ids = await Promise.all([1, 2, 3].map(() => start(t, manyLines(300))));
    const runs = await Promise.all(
      ids.map((id) => runImport(t.system, id, undefined, { lines: 50, sales: 50 })),
    );
    expect(runs.reduce((sum, run) => sum + run.accepted, 0)).toBe(240);
    for (const run of runs) expect(run.accepted + run.repeated).toBe(240);
  });

  it("refuses parties it does not know unless it may open them", async () => {
    const t = await tenantWithRule();
    await makeParty(t, "merchant", { externalId: "31" });
    const mapping = { ...MAPPING, createParties: false };
    const importId = await start(t, LINES, mapping);
    expect(await runImport(t.system, importId)).toMatchObject({ accepted: 0, rejected: 9 });
    const codes = Object.fromEntries(
      (await listRejects(t.system, { importId })).items.map(({ line, codes }) => [line, codes]),
    );
    expect(codes[2]).toEqual(["FUNDER_UNKNOWN", "MERCHANT_UNKNOWN"]);
    expect(codes[7]).toEqual(["FUNDER_UNKNOWN"]);
    await makeParty(t, "brand", { externalId: "70" });
    // once they are known, the same file brings what was rejected
    expect(await bringIn(t, LINES, mapping)).toMatchObject({ accepted: 3 });
  });

  it("rejects lines that no rule clears, each with the reason", async () => {
    const t = await makeTenant(owner, db, { currency: "USD", timezone: "America/New_York" });
    const importId = await start(t, LINES.slice(0, 1));
    expect(await runImport(t.system, importId)).toMatchObject({ accepted: 0, rejected: 1 });
    expect((await listRejects(t.system, { importId })).items[0]?.codes).toEqual(["RULE_NOT_FOUND"]);
  });
});

describe("a dry run", () => {
  it("shows what would be booked, and books nothing", async () => {
    const t = await tenantWithRule();
    const fileId = await upload(t, text(LINES));
    const before = await books(t);
    const run = await dryRunImport(t.as("operator"), { fileId, mapping: MAPPING, rows: 6 });
    expect(run).toMatchObject({ currency: "USD", read: 7, skipped: 1, partiesToOpen: 4, whole: false });
    expect(run.lines.map(({ line, outcome, codes }) => [line, outcome, ...codes])).toEqual([
      [2, "accepted"],
      [4, "rejected", "AMOUNT_INVALID"],
      [5, "rejected", "DISCOUNT_EXCEEDS_ORDER", "FUNDER_UNKNOWN"],
      [6, "rejected", "DISCOUNT_EXCEEDS_ORDER"],
      [7, "accepted"],
      [8, "accepted"],
    ]);
    expect(run.lines[0]).toMatchObject({
      sale: { merchant: "367", brand: "69", gross: 500n, discount: 150n, paid: 350n },
      rule: { name: "coupons", version: 1 },
      legs: [
        { code: "subsidy.brand", from: "69", to: "367", amount: 100n },
        { code: "fee.handling", from: "69", to: "367", amount: 8n },
        { code: "fee.commission", from: "367", to: t.tenant.name, amount: 1n },
      ],
    });
    expect(await books(t)).toEqual(before);

    await bringIn(t, LINES);
    const again = await dryRunImport(t.as("operator"), { fileId, mapping: MAPPING });
    expect(again.lines.filter((line) => line.outcome === "repeated")).toHaveLength(4);
    expect(again.whole).toBe(true);
  });
});

describe("bad files", () => {
  it("of another shape are refused, naming what is missing", async () => {
    const t = await tenantWithRule();
    const fileId = await upload(t, "a,b\n1,2\n");
    const refused = { code: "FILE_COLUMN_MISSING", params: { column: expect.stringContaining("store") } };
    await expect(startImport(t.as("operator"), { fileId, mapping: MAPPING })).rejects.toMatchObject(refused);
    await expect(dryRunImport(t.as("operator"), { fileId, mapping: MAPPING })).rejects.toMatchObject(refused);
    expect((await listImports(t.as("operator"), { limit: 10 })).items).toEqual([]);
  });

  it("that are not UTF-8 are refused with line and byte, and leave nothing", async () => {
    const t = await tenantWithRule();
    const gbk = Buffer.concat([Buffer.from(`${HEADER}\n`), Buffer.from([0xc4, 0xe3, 0x0a])]);
    await expect(upload(t, gbk)).rejects.toMatchObject({
      code: "FILE_NOT_UTF8",
      params: { line: 2, byte: HEADER.length + 2 },
    });
    await expect(upload(t, "")).rejects.toMatchObject({ code: "FILE_EMPTY" });
    const [left] = await owner.sql`select count(*) as n from file_chunks where tenant_id = ${t.tenant.id}`;
    expect(left?.n).toBe(0n);
  });

  it("with a header alone hold no lines", async () => {
    const t = await tenantWithRule();
    expect(await bringIn(t, [])).toEqual({ lines: 0, skipped: 0, accepted: 0, repeated: 0, rejected: 0 });
  });

  it("are shown as they stand", async () => {
    const t = await tenantWithRule();
    const fileId = await upload(t, "\uFEFFa;b;c\r\n1;2;3\r\n");
    expect(await inspectFile(t.as("operator"), { fileId })).toMatchObject({
      delimiter: ";",
      header: ["a", "b", "c"],
      rows: [{ line: 2, fields: ["1", "2", "3"] }],
    });
  });
});

describe("mappings and rights", () => {
  it("keeps a mapping under its name", async () => {
    const t = await tenantWithRule();
    const operator = t.as("operator");
    const id = await saveMapping(operator, { name: "till", definition: MAPPING });
    expect(await saveMapping(operator, { name: "till", definition: { ...MAPPING, onlyAbove: null } })).toBe(
      id,
    );
    expect(await listMappings(operator)).toMatchObject([
      { id, name: "till", definition: { onlyAbove: null } },
    ]);
    await deleteMapping(operator, { id });
    await expect(deleteMapping(operator, { id })).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  it("belongs to operators, and to one tenant", async () => {
    const t = await tenantWithRule();
    const other = await tenantWithRule();
    const fileId = await upload(t, text(LINES));
    const refused = { code: "PERMISSION_DENIED" };
    const merchant = t.as("merchant", { ...(await makeParty(t, "merchant")) });
    await expect(storeFile(merchant, { name: "x", content: bytes("a") })).rejects.toMatchObject(refused);
    await expect(startImport(t.as("finance"), { fileId, mapping: MAPPING })).rejects.toMatchObject(refused);
    await expect(listImports(merchant, { limit: 10 })).rejects.toMatchObject(refused);
    await expect(inspectFile(other.as("operator"), { fileId })).rejects.toMatchObject({ code: "NOT_FOUND" });
    const importId = await start(t, LINES);
    await expect(getImport(other.as("operator"), { id: importId })).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
  });
});

/** In tens: eight redemptions, one line without a coupon, one with a coupon above the sale. */
function manyLines(count: number, from = 0): string[] {
  return Array.from({ length: count }, (_, i) => {
    const n = from + i;
    const coupon = n % 10 === 8 ? "0" : n % 10 === 9 ? "9" : "0.50";
    return `m${n},${n % 7},${100 + (n % 5)},x,4.00,${coupon},0,2017-04-01 10:00:00`;
  });
}
const MANY: ImportCounts = { lines: 200, skipped: 20, accepted: 160, repeated: 0, rejected: 20 };
