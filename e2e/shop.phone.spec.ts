import { E2E_SHOP } from "../db/seed/e2e-shop";
import { expectAccessible, expectFitsWidth } from "./support/accessibility";
import { expect, test } from "./support/test";

/** A buyer on a phone: from a distributor's shop over the cashier of another origin to the cards. Nobody signs in. */
test.use({ expectedNoise: [/request to another host: http:\/\/[\w.]+:\d+\/(cashier|pay)/] });

const SECRET = /E2E-\d{4}-\d{6}/;

test("a buyer pays in the shop and picks the card up", async ({ page, baseURL }) => {
  test.setTimeout(300_000);
  await page.goto(`/s/e2e/${E2E_SHOP.slug}`);
  await expect(page.getByRole("heading", { level: 1, name: E2E_SHOP.title })).toBeVisible();
  const soldOut = page.getByRole("listitem").filter({ hasText: E2E_SHOP.soldOut.name });
  await expect(soldOut.getByText("已售罄")).toBeVisible();
  await expectFitsWidth(page);
  await expectAccessible(page);

  // chooses one, and orders
  await page.getByRole("button", { name: `购买 ${E2E_SHOP.card.name}` }).click();
  await page.getByRole("button", { name: "去结算" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("手机号或邮箱").fill("138");
  await dialog.getByRole("button", { name: /去支付.*14\.00/ }).click();
  await expect(dialog.getByText("请填写手机号码或邮箱地址，或留空")).toBeVisible();
  await dialog.getByLabel("手机号或邮箱").fill("13800138000");
  await expectAccessible(page);
  await dialog.getByRole("button", { name: /去支付.*14\.00/ }).click();

  // pays at the cashier, which is another origin, and comes back
  await page.waitForURL((url) => url.origin !== baseURL);
  await page.getByRole("button", { name: "确认付款" }).click();
  await page.getByRole("link", { name: "返回商家" }).click();
  await page.waitForURL((url) => url.origin === baseURL && url.pathname.startsWith("/p/e2e/"));
  await expect(page.getByRole("heading", { name: "卡密已送达" })).toBeVisible({ timeout: 30_000 });

  // nothing secret is on the page before the click, nor is it kept by anybody
  const answer = await page.request.get(page.url());
  expect(answer.headers()["cache-control"]).toContain("no-store");
  expect(await answer.text()).not.toMatch(SECRET);
  expect(await page.content()).not.toMatch(SECRET);
  await expect(page.locator("meta[name=robots]")).toHaveAttribute("content", /noindex/);
  await expectFitsWidth(page);
  await expectAccessible(page);

  // shown by a click, counted, and hidden again
  await page.getByRole("button", { name: "显示卡密" }).click();
  await expect(page.getByText(SECRET)).toBeVisible();
  await expect(page.getByText(new RegExp(`^${E2E_SHOP.card.numbers}\\d{5}$`))).toBeVisible();
  await expect(page.getByText(/已显示 1 次/)).toBeVisible();
  await expectFitsWidth(page);
  await expectAccessible(page);
  await page.getByRole("button", { name: "隐藏" }).click();
  await expect(page.getByText(SECRET)).toBeHidden();
  expect(await page.content()).not.toMatch(SECRET);

  // it does not work: support will look at it
  await page.getByRole("button", { name: "卡密无效？" }).click();
  const report = page.getByRole("alertdialog");
  await report.getByLabel("出了什么问题").fill("提示卡密错误");
  await report.getByRole("button", { name: "提交" }).click();
  await expect(page.getByText("已报告，正在核实")).toBeVisible();
});

test("a wrong link says nothing more, a shop that is none is closed", async ({ page }) => {
  await page.goto("/p/e2e/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
  await expect(page.getByRole("heading", { name: "链接无效" })).toBeVisible();
  await expectAccessible(page);
  await page.goto("/s/e2e/nobody-here");
  await expect(page.getByRole("heading", { name: "店铺已打烊" })).toBeVisible();
});
