import { expectAccessible, expectFitsWidth } from "./support/accessibility";
import { expect, test } from "./support/tabs";

/** What a merchant sees on the phone at the till, 360 px wide. */
test.use({ role: "merchant" });

for (const path of ["/overview", "/redeem", "/redemptions", "/statements", "/account"]) {
  test(`${path} fits a phone and is accessible`, async ({ page }) => {
    await page.goto(path);
    await expect(page.locator("h1").first()).toBeVisible();
    await expectFitsWidth(page);
    await expectAccessible(page);
  });
}

test("a redemption's amounts stand in sight on a phone, none beyond its edge", async ({ page }) => {
  await page.goto("/redemptions");
  await page.locator('main a[href^="/redemptions/"]').first().click();
  await page.waitForURL(/\/redemptions\/[0-9a-f-]{36}/);
  await expect(page.getByText("应付给您")).toBeVisible();
  const transfers = page.locator("section", { has: page.getByRole("heading", { name: "记账流水" }) });
  await expect(transfers.getByText(/^¥/).first()).toBeVisible();
  const excess = await page
    .locator("section")
    .evaluateAll((all) => Math.max(...all.map((one) => one.scrollWidth - one.clientWidth)));
  expect(excess, "no table scrolls across").toBeLessThanOrEqual(0);
  await expectFitsWidth(page);
  await expectAccessible(page);
});
