import { E2E_SHOP } from "../db/seed/e2e-shop";
import { expectAccessible, expectFitsWidth } from "./support/accessibility";
import { signedIn } from "./support/sign-in";
import { expect, test } from "./support/test";

/** An order of card-keys in two hands: a distributor buys from its wallet, support replaces a card that is dead. */
test.use({ role: "distributor" });

const SECRET = /E2E-\d{4}-\d{6}/;

test("ordered by wallet, reported as dead, replaced by support", async ({ page, browser, baseURL }) => {
  test.setTimeout(300_000);
  // the distributor chooses two cards and pays at once
  await page.goto("/orders/new");
  const catalogue = page.getByRole("region", { name: "搜索商品" });
  await expect(
    catalogue.getByRole("listitem").filter({ hasText: E2E_SHOP.soldOut.name }).getByText("售罄"),
  ).toBeVisible();
  await catalogue.getByLabel(`${E2E_SHOP.card.name} 的数量`).fill("2");
  await expect(page.getByText(/付款后可用/)).toBeVisible();
  await expectFitsWidth(page);
  await expectAccessible(page);
  await page.getByRole("button", { name: /下单并用钱包支付.*27\.00/ }).click();
  await expect(page.getByRole("heading", { name: "已发卡" })).toBeVisible();
  await expect(page.getByRole("button", { name: "复制领取链接" })).toBeVisible();
  await page.getByRole("link", { name: "打开订单" }).click();
  await page.waitForURL(/\/orders\/[0-9a-f-]{36}$/);
  const reference = (await page.getByRole("heading", { level: 1 }).textContent()) ?? "";
  expect(reference).toMatch(/^ORD-/);

  // looks at one of them: audited, and gone with the dialog
  expect(await page.content()).not.toMatch(SECRET);
  await page.getByRole("button", { name: "查看卡密", exact: true }).first().click();
  const reveal = page.getByRole("dialog");
  await expect(reveal.getByText(/审计日志/)).toBeVisible();
  await reveal.getByRole("button", { name: "我需要查看" }).click();
  await expect(reveal.getByText(SECRET)).toBeVisible();
  await expectAccessible(page);
  await reveal.getByRole("button", { name: "关闭" }).click();
  await expect(reveal).toBeHidden();
  expect(await page.content()).not.toMatch(SECRET);

  // … and reports it
  await page.getByRole("button", { name: "报告无效" }).click();
  const report = page.getByRole("alertdialog");
  await report.getByLabel("出了什么问题").fill("兑换时提示已被使用");
  await report.getByRole("button", { name: "提交报告" }).click();
  await expect(page.getByText("待核实")).toBeVisible();
  await expectFitsWidth(page);
  await expectAccessible(page);

  // support finds it in the queue and replaces it
  const desk = await browser.newContext({
    locale: "zh-CN",
    baseURL,
    storageState: await signedIn("support", baseURL ?? ""),
  });
  const support = await desk.newPage();
  await support.goto("/orders");
  await support.getByRole("button", { name: "被报告无效" }).click();
  await expect(support.getByText(reference).first()).toBeVisible();
  await expectAccessible(support);
  await support.getByRole("link", { name: reference }).first().click();
  await support.waitForURL(/\/orders\/[0-9a-f-]{36}$/);
  await support.getByRole("button", { name: "确认无效并补发" }).click();
  const confirm = support.getByRole("alertdialog");
  await expect(confirm.getByText(/成本从供应商冲回/)).toBeVisible();
  await confirm.getByRole("button", { name: "作废并补发" }).click();
  await expect(confirm).toBeHidden();
  await expect(support.getByText("已补发替换")).toBeVisible();
  await expect(support.getByText("作废并补发").first()).toBeVisible();

  // a refund says beforehand what goes back to whom
  await support.getByRole("button", { name: "退款", exact: true }).click();
  const refund = support.getByRole("alertdialog");
  await refund.getByText("按卡密").click();
  await refund.getByRole("checkbox").first().check();
  await expect(refund.getByText(/^供应商货款/)).toBeVisible();
  await refund.getByLabel("原因").fill("买家不需要了");
  await expectAccessible(support);
  await refund.getByRole("button", { name: /退款.*13\.50/ }).click();
  await expect(refund).toBeHidden();
  await expect(support.getByText("退款入账")).toBeVisible();
  await expectFitsWidth(support);
  await expectAccessible(support);

  // each step leads to what it posted
  await support.getByRole("button", { name: "分账明细" }).first().click();
  await expect(support.getByRole("dialog").getByText("平台毛利").first()).toBeVisible();

  // the distributor has a working card again
  await page.reload();
  await expect(page.getByText(/替换尾号|替换先前一张/)).toBeVisible();
  await desk.close();
});
