import type { Locator } from "@playwright/test";
import { E2E_SHOP } from "../db/seed/e2e-shop";
import { expectAccessible, expectFitsWidth } from "./support/accessibility";
import { expect, type Page, test } from "./support/test";

/** Any amount says how it came about, to those whom it concerns, down to the band and the rounding. */

const AGREES = "按当时的规则重新计算，与账上流水一致";
const explanation = (page: Page) => page.getByRole("dialog", { name: "金额说明" });

async function fitsAPhone(page: Page): Promise<void> {
  const size = page.viewportSize();
  await page.setViewportSize({ width: 360, height: 740 });
  await expectFitsWidth(page);
  const sheet = explanation(page);
  if ((await sheet.count()) > 0) {
    const excess = await sheet.evaluate((popup) =>
      Math.max(...[...popup.children].map(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)),
    );
    expect(excess, "the sheet is wider than the screen").toBeLessThanOrEqual(0);
  }
  await expectAccessible(page);
  if (size) await page.setViewportSize(size);
}

/** The amount of a fee in the newest statement that has one by the schedule: a channel's rule of its own has none. */
async function scheduledFee(page: Page): Promise<Locator> {
  for (let place = 0; place < 6; place++) {
    await page.goto("/statements");
    const statement = page.locator('main a[href^="/statements/"]').filter({ hasText: /ST-/ }).nth(place);
    await statement.press("Enter");
    await page.waitForURL(/\/statements\/[0-9a-f-]{36}/);
    const line = page.getByRole("table").first().getByRole("button", { name: "平台佣金" });
    await expect(page.getByRole("table").first().getByText("合计")).toBeVisible();
    if ((await line.count()) === 0) continue;
    await line.press("Enter");
    await expect(page.getByRole("heading", { name: "流水：平台佣金" })).toBeVisible();
    const rows = page.getByRole("region", { name: "流水：平台佣金" }).getByRole("row");
    await expect(rows.filter({ hasText: "平台佣金" }).first()).toBeVisible();
    // Until the line's own transfers are there, those of all lines are shown.
    await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
    const amount = rows
      .filter({ hasText: /拿铁立减6元|新人立减10元/ })
      .getByRole("button", { name: /^[−-]?¥/ })
      .first();
    if ((await amount.count()) > 0) return amount;
  }
  throw new Error("no statement has a fee by the schedule");
}

test.describe("a merchant", () => {
  test.use({ role: "merchant" });

  test("goes by keyboard from its statement to the band that made a fee", async ({ page }) => {
    const amount = await scheduledFee(page);
    await amount.press("Enter");
    const sheet = explanation(page);
    await expect(sheet.getByText(/费率方案 FS-\d+ 连锁茶咖月度量价 第 1 版/)).toBeVisible();
    await expect(sheet.getByText("方案指明该方")).toBeVisible();
    await expect(sheet.getByText(/累计交易额：此前 ¥.*含此笔 ¥/)).toBeVisible();
    const band = sheet.getByRole("table", { name: "各档位的计算" }).getByRole("row").nth(1);
    await expect(band).toContainText(/1\.[63]%/);
    await expect(sheet.getByText("先按当月累计交易额所在档位计收，月末多退少补。")).toBeVisible();
    await expect(
      sheet.getByText("只有它适用").or(sheet.getByText("范围最具体", { exact: false })),
    ).toBeVisible();
    await expect(sheet.getByText(AGREES)).toBeVisible();
    // what a brand gives is the brand's business with the house
    await expect(sheet.getByText("品牌补贴")).toHaveCount(0);
    await expect(sheet.getByRole("link", { name: /RULE|SR-|FS-/ })).toHaveCount(0);
    await expectAccessible(page);
    await page.keyboard.press("Escape");
    await expect(sheet).toHaveCount(0);
    await expect(amount).toBeFocused();

    await amount.press("Enter");
    await sheet.getByRole("link", { name: "查看整笔交易" }).press("Enter");
    await page.waitForURL(/\/redemptions\/[0-9a-f-]{36}/);
    await expect(page.getByRole("table", { name: "各档位的计算" })).toBeVisible();
    await expect(page.getByText("只显示与贵方有关的明细")).toBeVisible();
    await fitsAPhone(page);
  });

  test("reads its fee schedule in its terms, and where its month stands", async ({ page }) => {
    await page.goto("/terms");
    await expect(page.getByRole("heading", { name: "费率方案：平台佣金" }).first()).toBeVisible();
    await expect(page.getByRole("row", { name: /¥15,000\.00 及以上/ })).toContainText("1.3%");
    await expect(page.getByRole("progressbar", { name: "各档位的进度" })).toBeVisible();
    await expect(page.getByText(/满 ¥15,000\.00 后费率为 1\.3%/)).toBeVisible();
    await expect(page.getByText(/达到后全月少付 ¥/)).toBeVisible();
    await expect(page.getByRole("table", { name: "各档位的计算" }).first()).toBeVisible();
    await fitsAPhone(page);
    await page.goto("/overview");
    await expect(page.getByRole("progressbar", { name: "各档位的进度" })).toBeVisible();
    await fitsAPhone(page);
  });
});

test.describe("a distributor", () => {
  test.use({ role: "distributor" });

  test("goes by keyboard from a commission to the slices that made it", async ({ page }) => {
    await page.goto("/orders/new");
    await page
      .getByRole("region", { name: "搜索商品" })
      .getByLabel(`${E2E_SHOP.graduated.name} 的数量`)
      .fill("1");
    await page.getByRole("button", { name: /下单并用钱包支付.*13\.50/ }).press("Enter");
    await expect(page.getByRole("heading", { name: "已发卡" })).toBeVisible();

    await page.goto("/commission");
    const row = page.getByRole("row").filter({ hasText: E2E_SHOP.graduated.name }).first();
    const amount = row.getByRole("button", { name: /¥0\./ });
    await amount.press("Enter");
    const sheet = explanation(page);
    await expect(sheet.getByText(/流量卡阶梯佣金 第 1 版/)).toBeVisible();
    await expect(sheet.getByText("它指明了商品，范围最具体")).toBeVisible();
    await expect(sheet.getByRole("row", { name: /¥10\.00 起/ })).toContainText("2%");
    await expect(sheet.getByText(/当月费用此前 .*，含此笔/)).toBeVisible();
    // what the house pays for the card is the house's business
    await expect(sheet.getByText("供应商货款")).toHaveCount(0);
    await expect(sheet.getByText("11.00")).toHaveCount(0);
    await fitsAPhone(page);
    await sheet.getByRole("link", { name: "查看整笔交易" }).press("Enter");
    await page.waitForURL(/\/trades\/[0-9a-f-]{36}$/);
    await expect(page.getByText(AGREES)).toBeVisible();

    await page.goto("/terms");
    await expect(page.getByText("已在最后一档。").first()).toBeVisible();
    await expect(page.getByText("专为您设定")).toBeVisible();
    await fitsAPhone(page);
  });
});

test.describe("staff", () => {
  test.use({ role: "operator" });

  test("opens the rule and the schedule from an amount, and sees what is on its way", async ({ page }) => {
    await page.goto("/redemptions");
    // Other journeys redeem meanwhile, by campaigns and rules of their own.
    await page
      .getByRole("row")
      .filter({ hasText: /拿铁立减6元|新人立减10元/ })
      .getByRole("button", { name: /^[−-]?¥/ })
      .first()
      .press("Enter");
    const sheet = explanation(page);
    await expect(sheet.getByText(AGREES)).toBeVisible();
    await expect(sheet.getByText(/第 \d+ 版 · 待生效/).first()).toBeVisible();
    await expectAccessible(page);
    await sheet.locator('a[href^="/rules/"]').first().press("Enter");
    await page.waitForURL(/\/rules\/[0-9a-f-]{36}/);
  });

  test("sees a party's month on its page, in English, too", async ({ page }) => {
    await page.goto("/parties?q=晨屿咖啡");
    await page.locator('main a[href^="/parties/"]').first().click();
    await page.waitForURL(/\/parties\/[0-9a-f-]{36}/);
    await expect(page.getByRole("progressbar", { name: "各档位的进度" }).first()).toBeVisible();
    await fitsAPhone(page);
    await page.context().addCookies([{ name: "kq_locale", value: "en", url: page.url() }]);
    await page.reload();
    await expect(page.getByText(/more, and from ¥15,000\.00 the rate is 1\.3%/)).toBeVisible();
    await expectFitsWidth(page);
  });
});
