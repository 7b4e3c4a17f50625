import fs from "node:fs";
import { expectAccessible, expectFitsWidth } from "./support/accessibility";
import { expect, type Page, test } from "./support/test";

/** From a supplier's file to keys on sale: what goes in, what does not and why, and who looked at which key. */
test.use({ role: "operator" });

const stamp = Date.now();
const SECRET = `KQ${stamp}-AAAA`;
const KEYS = [
  "number,secret,expiry",
  `9${stamp}01,${SECRET},2031-12-31`,
  `9${stamp}02,KQ${stamp}-BBBB,`,
  `9${stamp}03,KQ${stamp}-CCCC,`,
  `9${stamp}02,KQ${stamp}-BBBB,`, // twice in the file
  `9${stamp}04,`, // a number without a secret
  `9${stamp}05,KQ${stamp}-DDDD,2020-01-01`, // expired long ago
].join("\n");

const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

test("a product is created, its keys are imported, the bad lines reported, and it goes on sale", async ({
  page,
}) => {
  test.setTimeout(240_000);
  const supplier = `端到端供货 ${stamp}`;
  const product = `端到端月卡 ${stamp}`;

  // whose keys they are
  await page.goto("/parties");
  await page.getByRole("button", { name: "新建参与方" }).first().click();
  const form = page.getByRole("dialog");
  await form.getByLabel("类型").selectOption("supplier");
  await form.getByLabel("名称").fill(supplier);
  await form.getByRole("button", { name: "创建" }).click();
  await page.waitForURL(/\/parties\/[0-9a-f-]{36}/);

  // the product, with a picture
  await page.goto("/products/new");
  await page.getByRole("button", { name: "创建商品" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "需要修改" })).toBeVisible();
  await page.getByLabel("名称").fill(product);
  await page.getByRole("combobox", { name: "供应商" }).fill(supplier);
  await page.getByRole("option", { name: supplier }).click();
  await page.getByLabel("面值").fill("30");
  await page.getByLabel("低库存提醒").fill("5");
  await page
    .getByLabel("商品图片", { exact: true })
    .and(page.locator("input"))
    .setInputFiles({ name: "card.png", mimeType: "image/png", buffer: PNG });
  await expect(page.getByText("保存商品时上传")).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "创建商品" }).click();
  await page.waitForURL(/\/products\/[0-9a-f-]{36}$/);
  const productPage = page.url();
  await expect(page.getByRole("heading", { name: product })).toBeVisible();
  await expect(page.getByText("已经无货")).toBeVisible();
  const picture = page.getByRole("img", { name: `${product}的图片` });
  await expect
    .poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth), { timeout: 15_000 })
    .toBeGreaterThan(0);
  await expectAccessible(page);

  // its keys: three good ones, one twice, one without a secret, one too late
  await page.getByRole("link", { name: "导入卡密" }).first().click();
  await page.waitForURL(/\/stock\/import\?product=/);
  await importFile(page);
  await expect(page.getByText("已完成")).toBeVisible({ timeout: 60_000 });
  const result = page.getByRole("region", { name: "导入结果" });
  await expect(result).toContainText(/行数\s*7\s*入库\s*3\s*拒绝\s*3/);
  const reasons = page.getByRole("list", { name: "拒绝原因" });
  await expect(reasons).toContainText("文件内重复 1");
  await expect(reasons).toContainText("缺少卡密 1");
  await expect(reasons).toContainText("已经过期 1");
  await page.reload();
  await expect(result).toContainText(/入库\s*3/);
  await expectFitsWidth(page);
  await expectAccessible(page);

  // the report names lines and reasons, and nothing of the keys
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "下载被拒绝的行" }).click(),
  ]);
  const report = fs.readFileSync(await download.path(), "utf8");
  expect(report).toContain("文件内重复");
  expect(report).toMatch(/^"?5"?,/m);
  expect(report).not.toContain(String(stamp));

  // on sale
  await page.getByRole("link", { name: "查看商品" }).click();
  await page.waitForURL(productPage);
  await page.getByRole("button", { name: "上架" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "上架" }).click();
  await expect(page.getByText("在售").first()).toBeVisible();
  await expect(page.getByText("库存偏低")).toBeVisible(); // 3 of the 5 at which to warn
  await page.setViewportSize({ width: 360, height: 740 });
  await expectFitsWidth(page);
  await expectAccessible(page);
  await page.setViewportSize({ width: 1280, height: 800 });

  // one key is looked at, and hidden again
  await page.getByRole("link", { name: /^CB-/ }).first().click();
  await page.waitForURL(/\/stock\/batches\/[0-9a-f-]{36}$/);
  await expectAccessible(page);
  expect(await page.content()).not.toContain(SECRET);
  await page
    .getByRole("row", { name: new RegExp(`${`${stamp}01`.slice(-4)}`) })
    .getByRole("button", { name: /查看卡密/ })
    .click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByText("审计日志")).toBeVisible();
  await dialog.getByRole("button", { name: "确认查看" }).click();
  await expect(dialog.getByText(SECRET)).toBeVisible();
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "隐藏" }).click();
  await expect(dialog.getByText(SECRET)).toHaveCount(0);
  await dialog.getByRole("button", { name: "关闭" }).click();
  await page.goto("/audit");
  await page.getByRole("button", { name: "card_key.revealed" }).first().click();
  await expect(page.getByRole("dialog")).not.toContainText(SECRET);

  // the same file again takes nothing in
  await page.goto(`/stock/import?product=${productPage.split("/").at(-1)}`);
  await importFile(page);
  await expect(page.getByText("已完成")).toBeVisible({ timeout: 60_000 });
  await expect(result).toContainText(/入库\s*0/);
  await expect(reasons).toContainText("库存中已有 4"); // the three, and the one that stands there twice

  // the job is among the others, and quick find knows the product
  await page.goto("/jobs");
  await expect(page.getByRole("link", { name: "导入卡密" }).first()).toBeVisible();
  await page.getByRole("button", { name: "打开快速查找" }).first().click();
  await page.getByRole("dialog").getByRole("combobox").fill(product);
  await page.getByRole("option", { name: product }).click();
  await page.waitForURL(productPage);
});

test("a supplier paid in advance has an account that tells what is left", async ({ page }) => {
  test.setTimeout(120_000);
  const supplier = `端到端预付 ${stamp}`;
  await page.goto("/parties");
  await page.getByRole("button", { name: "新建参与方" }).first().click();
  const party = page.getByRole("dialog");
  await party.getByLabel("类型").selectOption("supplier");
  await party.getByLabel("名称").fill(supplier);
  await party.getByRole("button", { name: "创建" }).click();
  await page.waitForURL(/\/parties\/[0-9a-f-]{36}/);

  await page.goto(`/suppliers?q=${encodeURIComponent(supplier)}`);
  await page.getByRole("link", { name: supplier }).click();
  await page.waitForURL(/\/suppliers\/[0-9a-f-]{36}$/);
  await expect(page.getByText("先货后款").first()).toBeVisible();

  await page.getByRole("button", { name: "修改" }).click();
  const terms = page.getByRole("dialog");
  await terms.getByText("款到发货").click();
  await terms.getByLabel("余额提醒线").fill("500");
  await expectAccessible(page);
  await terms.getByRole("button", { name: "保存" }).click();
  await expect(page.getByText("款到发货").first()).toBeVisible();

  await page.getByRole("button", { name: "登记预付款" }).click();
  const topUp = page.getByRole("dialog");
  await topUp.getByLabel("金额").fill("1,200.50");
  await topUp.getByLabel("银行流水号").fill(`E2E-${stamp}`);
  await expectAccessible(page);
  await topUp.getByRole("button", { name: "登记入账" }).click();
  await expect(page.getByText("已入账 ¥1,200.50")).toBeVisible();
  await expect(page.getByRole("img", { name: /剩余 ¥1,200\.50/ })).toBeVisible();
  await expect(page.getByRole("table", { name: "预付款记录" })).toContainText(`E2E-${stamp}`);
  await expectFitsWidth(page);
  await expectAccessible(page);

  // a bank reference is booked once
  await page.getByRole("button", { name: "登记预付款" }).click();
  await topUp.getByLabel("金额").fill("1");
  await topUp.getByLabel("银行流水号").fill(`E2E-${stamp}`);
  await topUp.getByRole("button", { name: "登记入账" }).click();
  await expect(topUp.getByRole("alert")).toContainText("流水号");
});

/** Fills the cost in, sends the file, starts. */
async function importFile(page: Page): Promise<void> {
  await page.getByLabel("每张成本").fill("22.50");
  await page
    .getByLabel("选择卡密文件", { exact: true })
    .and(page.locator("input"))
    .setInputFiles({ name: "keys.csv", mimeType: "text/csv", buffer: Buffer.from(KEYS) });
  await expect(page.getByText("第一行是列名")).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "开始导入" }).click();
  await page.waitForURL(/\/stock\/imports\/[0-9a-f-]{36}$/);
}
