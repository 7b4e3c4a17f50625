import { signedIn } from "./support/sign-in";
import { expect, test } from "./support/test";

/** The operator closes; the merchant opens its statement, down to the trace of one trade. */
test.describe.configure({ mode: "serial" });

test.describe("closing", () => {
  test.use({ role: "operator" });

  test("says beforehand what falls in, closes, and states every party", async ({ page }) => {
    await page.goto("/statements");
    await page.getByRole("button", { name: "关账", exact: true }).click();
    const dialog = page.getByRole("dialog");
    await expect(
      dialog.getByText("将生成的结算单").or(dialog.getByText("这段时间没有到期的款项")),
    ).toBeVisible();
    await dialog.getByRole("button", { name: "确认关账" }).click();
    await expect(page.getByText(/CL-\d+ 已完成/)).toBeVisible({ timeout: 30_000 });
    await page.goto("/statements/closings");
    await expect(page.getByText("已完成").first()).toBeVisible();
  });

  test("cannot close the same moment twice", async ({ page }) => {
    await page.goto("/statements");
    await page.getByRole("button", { name: "关账", exact: true }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText("今天 00:00").click();
    await expect(dialog.getByText("该时刻不晚于上次关账")).toBeVisible();
  });
});

test.describe("finance", () => {
  test.use({ role: "finance" });

  test("notes what the bank has paid, once its reference is there", async ({ page }) => {
    await page.goto("/statements?f.states=draft");
    await page.locator('main a[href^="/statements/"]').filter({ hasText: /ST-/ }).first().click();
    await page.getByRole("button", { name: /登记(出款|收款)/ }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "确认登记" }).click();
    await expect(dialog.getByRole("alert")).toContainText("银行流水号");
    await dialog.getByLabel("银行流水号").fill(`E2E-${Date.now()}`);
    await dialog.getByRole("button", { name: "确认登记" }).click();
    await expect(page.getByText(/已登记为付清/)).toBeVisible();
    await expect(dialog).toHaveCount(0);
  });
});

test.describe("the merchant", () => {
  test.use({ role: "merchant" });

  test("opens a statement, a line, a transfer, and reads how the amount came about", async ({ page }) => {
    await page.goto("/statements");
    await page.locator('main a[href^="/statements/"]').filter({ hasText: /ST-/ }).first().click();
    await page.waitForURL(/\/statements\/[0-9a-f-]{36}/);
    const lines = page.getByRole("table").first();
    await expect(lines.getByText("合计")).toBeVisible();

    const line = lines.getByRole("button").first();
    const leg = (await line.textContent()) ?? "";
    await line.click();
    await expect(page.getByRole("heading", { name: `流水：${leg}` })).toBeVisible();
    await page.locator('main a[href^="/redemptions/"]').first().click();
    await page.waitForURL(/\/redemptions\/[0-9a-f-]{36}/);

    await expect(page.getByText("按当时的规则重新计算，与账上流水一致")).toBeVisible();
    await expect(page.getByText("只显示与贵方有关的明细")).toBeVisible();
    // and back, to the same line of the same statement
    await page.goBack();
    await expect(page.getByRole("heading", { name: `流水：${leg}` })).toBeVisible();
  });

  test("does not see what is not its own", async ({ page, browser, baseURL }) => {
    const staff = await browser.newContext({
      baseURL,
      storageState: await signedIn("operator", baseURL ?? ""),
    });
    const operator = await staff.newPage();
    await operator.goto("/redemptions");
    const links = 'main a[href^="/redemptions/"]';
    await expect(operator.locator(links).first()).toBeVisible();
    const hrefs = await operator
      .locator(links)
      .evaluateAll((links) => links.map((link) => link.getAttribute("href") ?? ""));
    await staff.close();
    await page.goto("/redemptions");
    await expect(page.locator(links).first()).toBeVisible();
    const own = new Set(
      await page.locator(links).evaluateAll((links) => links.map((link) => link.getAttribute("href") ?? "")),
    );
    const foreign = hrefs.find((href) => !own.has(href));
    expect(foreign, "the operator sees another merchant's redemption").toBeTruthy();
    await page.goto(foreign ?? "");
    await expect(page.getByText("按当时的规则重新计算，与账上流水一致")).toHaveCount(0);
    await page.goto("/audit");
    await expect(page.getByText("您的账户没有这项权限（查看审计日志）")).toBeVisible();
  });
});
