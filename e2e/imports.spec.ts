import fs from "node:fs";
import { expectAccessible } from "./support/accessibility";
import { expect, test } from "./support/test";

test.use({ role: "operator" });

const HEADER = "订单号,门店编号,品牌编号,货号,订单金额,品牌补贴,门店让利,成交时间";
const SALES = [
  HEADER,
  "E1,MD1001,PP-dairy,X1,88.50,5.00,1.00,2026-11-02 12:00:00",
  "E2,MD1002,PP-dairy,X2,88.50,0,1.00,2026-11-02 12:01:00", // no discount of the brand: skipped
  "E3,MD1003,,X3,2.00,5.00,0,2026-11-02 12:02:00", // above the order, and nobody bears it
  "E4,MD1004,PP-dairy,X4,4.440892e-16,5.00,0,2026-11-02 12:03:00", // no amount
  "E5,MD1005,PP-dairy,X5,66.00,5.00,0,2026-11-02 12:04:00",
].join("\n");

test("past sales are uploaded, tried, imported once, and what was rejected comes back", async ({ page }) => {
  await page.goto("/imports");
  await page.getByRole("link", { name: "导入销售记录" }).first().click();
  const upload = page.getByLabel("选择 CSV 文件", { exact: true });
  await page.waitForLoadState("networkidle");

  const notUtf8 = Buffer.concat([Buffer.from(`${HEADER}\n`), Buffer.from([0xc4, 0xe3, 0x0a])]);
  await upload.setInputFiles({ name: "gbk.csv", mimeType: "text/csv", buffer: notUtf8 });
  await expect(page.getByRole("alert").filter({ hasText: "第 2 行" })).toBeVisible();

  await upload.setInputFiles({ name: "sales.csv", mimeType: "text/csv", buffer: Buffer.from(SALES) });
  await page.getByLabel("已保存的列映射").selectOption({ label: "门店销售日报" });
  await page.getByRole("button", { name: "试算前 20 行" }).click();
  const trial = page.getByRole("list", { name: "试算结果" });
  await expect(trial.getByText("可入账")).toHaveCount(2);
  await expect(trial.getByText("会被拒绝")).toHaveCount(2);
  await expect(trial.getByText("品牌补贴").first()).toBeVisible();
  await expectAccessible(page);

  await page.getByRole("button", { name: "开始导入" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "开始导入" }).click();
  await page.waitForURL(/\/imports\/[0-9a-f-]{36}$/);
  await expect(page.getByText("已完成")).toBeVisible({ timeout: 30_000 });
  const results = page.getByRole("region", { name: "结果" });
  await expect(results).toContainText(/行数\s*5\s*入账\s*2\s*跳过\s*1\s*重复\s*0\s*拒绝\s*2/);
  await expectAccessible(page);

  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "下载被拒绝的行" }).click(),
  ]);
  const rejected = fs.readFileSync(await download.path(), "utf8");
  expect(rejected).toContain("DISCOUNT_EXCEEDS_ORDER FUNDER_UNKNOWN");
  expect(rejected).toContain("AMOUNT_INVALID");

  // The same file again books nothing.
  await page.getByRole("link", { name: "再次导入这份文件" }).click();
  await page.getByLabel("已保存的列映射").selectOption({ label: "门店销售日报" });
  await page.getByRole("button", { name: "试算前 20 行" }).click();
  await expect(trial.getByText("已入账过")).toHaveCount(2);

  await page.goto("/jobs");
  await expect(page.getByRole("link", { name: "导入销售" }).first()).toBeVisible();
  await expectAccessible(page);
});
