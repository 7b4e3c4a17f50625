import { expectAccessible, expectFitsWidth } from "./support/accessibility";
import { expect, test } from "./support/test";

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
