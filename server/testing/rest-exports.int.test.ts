import { beforeAll, describe, expect, it } from "vitest";
import type { Ctx } from "@/server/core/context";
import { EXPORTS, exportResponse } from "@/server/rest/exports";
import { testDatabase } from "./database";
import { makeParty } from "./factories";
import { apiClient, makeRestWorld, type RestWorld } from "./rest";

let w: RestWorld;
let operator: Ctx;

beforeAll(async () => {
  w = await makeRestWorld(await testDatabase());
  operator = w.t.as("operator");
  await makeParty(w.t, "merchant", { name: "=HYPERLINK(1)" });
  const call = apiClient();
  const as = w.t.withKey(["vouchers:redeem"], w.merchant);
  for (const orderRef of ["000123", "+1"]) {
    const body = { code: await w.code(), orderAmount: 10_000, currency: "CNY", orderRef };
    expect((await call("POST", "/redemptions", { as, body })).status).toBe(201);
  }
});

async function csv(noun: string, query = "", as = operator, headers: Record<string, string> = {}) {
  const request = new Request(`http://localhost/api/export/${noun}?${query}`, { headers });
  const response = await exportResponse(as, noun, request);
  const bytes = new Uint8Array(await response.arrayBuffer());
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  return { response, bytes, text, lines: text.trimEnd().split("\r\n") };
}
const refusal = (work: Promise<unknown>) =>
  work.then(
    () => "accepted",
    (error) => (error as { code: string }).code,
  );

describe("views as CSV", () => {
  it("begins with a BOM and headers that name the time zone, in the reader's language", async () => {
    const en = await csv("redemptions", "", operator, { "accept-language": "en" });
    expect([...en.bytes.slice(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    expect(en.lines[0]).toContain("Redeemed at (Asia/Shanghai)");
    expect(en.response.headers.get("content-type")).toContain("text/csv");
    const zh = await csv("redemptions", "", operator, { cookie: "kq_locale=zh-CN" });
    expect(zh.lines[0]).toContain("核销时间（Asia/Shanghai）");
  });

  it("writes amounts with their decimals, times in the tenant's zone, ids as text, and no formula", async () => {
    const { lines } = await csv("redemptions");
    expect(lines).toHaveLength(3);
    expect(lines[1]).toContain(",100.00,20.00,0.00,80.00,94.08,");
    expect(lines[1]).toContain("2026-11-18 12:00:00");
    expect(lines.some((line) => line.includes('"000123\t"'))).toBe(true);
    expect(lines.some((line) => line.includes(",'+1,"))).toBe(true);
    const parties = await csv("parties", "kind=merchant");
    expect(parties.text).toContain("'=HYPERLINK(1)");
    expect(parties.lines).toHaveLength(4);
  });

  it("filters as the view does, and tells the filters in its name", async () => {
    const today = await csv("redemptions", "from=2026-11-18&to=2026-11-18&sort=x&columns=a");
    expect(today.lines).toHaveLength(3);
    expect(decodeURIComponent(today.response.headers.get("content-disposition") ?? "")).toContain(
      "from-2026-11-18_to-2026-11-18_Asia-Shanghai",
    );
    expect((await csv("redemptions", "from=2026-11-19&to=2026-11-19")).lines).toHaveLength(1);
    expect((await csv("vouchers", "status=redeemed&campaignId=none&jobId=x")).lines).toHaveLength(3);
    expect((await csv("vouchers", "customerId=nobody")).lines).toHaveLength(1);
    expect((await csv("campaigns", "q=nothing%20like%20it")).lines).toHaveLength(1);
  });

  it("exports every noun to an operator", async () => {
    const needsSubject = [
      "statement-lines",
      "statement-transfers",
      "import-rejects",
      "commissions",
      "replay",
    ];
    for (const noun of Object.keys(EXPORTS).filter((one) => !needsSubject.includes(one))) {
      const { response, lines } = await csv(noun);
      expect([noun, response.status, lines[0]?.startsWith("\uFEFF")]).toEqual([noun, 200, true]);
    }
    for (const noun of [...needsSubject, "nothing", "job-codes", "toString"])
      expect([noun, await refusal(csv(noun, "statementId=x"))]).not.toEqual([noun, "accepted"]);
  });

  it("shows a party its own rows, and refuses before the first byte", async () => {
    const own = await csv("redemptions", "", w.t.as("merchant", w.merchant));
    expect(own.lines).toHaveLength(3);
    expect(own.lines[0]).not.toContain("您承担");
    const brand = await csv("redemptions", "", w.t.as("brand", w.brand), { cookie: "kq_locale=zh-CN" });
    expect(brand.lines[0]).toContain("顾客实付,您承担,状态");
    expect(brand.lines[1]).toContain(",100.00,20.00,0.00,80.00,10.00,");
    const other = await csv("redemptions", "", w.t.as("merchant", w.otherMerchant));
    expect(other.lines).toHaveLength(1);
    expect(await refusal(csv("parties", "", w.t.as("merchant", w.merchant)))).toBe("PERMISSION_DENIED");
    expect(await refusal(csv("audit", "", w.t.as("merchant", w.merchant)))).toBe("PERMISSION_DENIED");
  });
});
