import { E2E_SHOP } from "../db/seed/e2e-shop";
import { expectAccessible, expectFitsWidth } from "./support/accessibility";
import { expect, test } from "./support/test";

test.describe("an operator", () => {
  test.use({ role: "operator" });

  test("prices a product for a tier in place, and finds the distributor's terms", async ({ page }) => {
    await page.goto("/prices");
    const price = page.getByLabel(`${E2E_SHOP.soldOut.name} 对 银牌 的价格`).first();
    await price.fill("196.40");
    await expect(page.getByText("1 处修改未保存")).toBeVisible();
    await expectFitsWidth(page);
    await expectAccessible(page);
    await page.getByRole("button", { name: "保存价格" }).click();
    await expect(page.getByText("已保存 1 个价格")).toBeVisible();
    await page.reload();
    await expect(price).toHaveValue("196.40");

    await page.goto("/distributors");
    await page
      .getByRole("link")
      .filter({ hasText: "D-0001" })
      .or(page.locator("main tbody a"))
      .first()
      .click();
    await page.waitForURL(/\/distributors\/[0-9a-f-]{36}/);
    await page.getByRole("button", { name: "修改约定" }).click();
    const terms = page.getByRole("dialog");
    await expect(terms.getByLabel("等级")).toHaveValue("silver");
    await expectAccessible(page);
  });
});

test.describe("a distributor", () => {
  test.use({ role: "distributor" });

  test("sees what a sale brought, and how it came about", async ({ page }) => {
    await page.goto("/orders/new");
    const catalogue = page.getByRole("region", { name: "搜索商品" });
    await catalogue.getByLabel(`${E2E_SHOP.card.name} 的数量`).fill("1");
    await page.getByRole("button", { name: /下单并用钱包支付.*13\.50/ }).click();
    await expect(page.getByRole("heading", { name: "已发卡" })).toBeVisible();

    await page.goto("/commission");
    const row = page.getByRole("row").filter({ hasText: "佣金" }).filter({ hasText: "CS-" }).first();
    await expect(row).toContainText("0.14"); // 1 % of 13.50, half up
    await row.getByRole("link").first().click();
    await page.waitForURL(/\/trades\/[0-9a-f-]{36}$/);
    await expect(page.getByRole("heading", { level: 1 })).toContainText("CS-");
    await expect(page.getByText(/13\.50.*×.*1%.*0\.135/).first()).toBeVisible();
    // what the house pays for the card is the house's business
    await expect(page.getByText("供应商成本")).toHaveCount(0);
    await expect(page.getByText("11.00")).toHaveCount(0);
    await expectFitsWidth(page);
    await expectAccessible(page);

    await page.goto("/overview");
    await expect(page.getByText("待付给您")).toBeVisible();
    await expect(page.getByText("等级：银牌")).toBeVisible();
    await page.goto("/shop");
    await expect(page.getByText(`/s/`).first()).toContainText(E2E_SHOP.slug);
    await expect(page.getByRole("img", { name: "店铺链接的二维码" })).toBeVisible();
  });
});
