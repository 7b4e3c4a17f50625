import { expectAccessible, expectFitsWidth } from "./support/accessibility";
import { expect, test } from "./support/tabs";

/** Every page of every role: it opens, its console is quiet, axe finds nothing in either theme, nothing sticks out. */
const PAGES = {
  operator: [
    "/overview",
    "/redeem",
    "/campaigns",
    "/campaigns/new",
    "/vouchers",
    "/redemptions",
    "/orders",
    "/products",
    "/products/new",
    "/stock",
    "/stock/batches",
    "/stock/import",
    "/stock/imports",
    "/suppliers",
    "/prices",
    "/shop",
    "/commission",
    "/distributors",
    "/distributors/tiers",
    "/wallets",
    "/channels",
    "/channels/new",
    "/statements",
    "/statements/closings",
    "/statements/owing",
    "/rules",
    "/rules/new",
    "/rules/new?mode=simple",
    "/fees",
    "/fees/new",
    "/calendar",
    "/imports",
    "/parties",
    "/users",
    "/api-keys",
    "/audit",
    "/jobs",
    "/settings",
    "/account",
    "/api-docs",
  ],
  merchant: ["/overview", "/redemptions", "/statements", "/terms", "/users"],
  brand: ["/overview", "/campaigns", "/redemptions", "/statements"],
  supplier: ["/overview", "/products", "/stock", "/suppliers", "/statements"],
  distributor: [
    "/overview",
    "/terms",
    "/prices",
    "/shop",
    "/commission",
    "/distributors",
    "/statements",
    "/users",
    "/api-keys",
  ],
} as const;

// They have nothing to do with each other: each goes to whoever is free.
test.describe.configure({ mode: "parallel" });

for (const role of ["operator", "merchant", "brand", "supplier", "distributor"] as const) {
  test.describe(role, () => {
    test.use({ role });
    for (const path of PAGES[role]) {
      test(`${path} is accessible`, async ({ page }) => {
        await page.goto(path);
        await expect(page.locator("h1").first()).toBeVisible();
        await expectFitsWidth(page);
        await expectAccessible(page);
      });
    }
  });
}

test.describe("details", () => {
  test.use({ role: "operator" });
  for (const list of ["/campaigns", "/redemptions", "/statements", "/rules", "/fees", "/parties"]) {
    test(`the first of ${list} is accessible`, async ({ page }) => {
      await page.goto(list);
      const link = page
        .locator(`main a[href^="${list}/"]:not([href$="/new"])`)
        .filter({ visible: true })
        .first();
      await link.click();
      await page.waitForURL((url) => url.pathname.startsWith(`${list}/`));
      await expect(page.locator("h1").first()).toBeVisible();
      await expectFitsWidth(page);
      await expectAccessible(page);
    });
  }
});

test.describe("nobody", () => {
  test("is asked to sign in, accessibly, in the browser's language", async ({ page }) => {
    await page.goto("/statements");
    await expect(page).toHaveURL(/\/sign-in/);
    await expect(page.getByRole("heading", { name: "登录" })).toBeVisible();
    await expectAccessible(page);
  });
});

test.describe("in English", () => {
  test.use({ role: "operator", locale: "en-US" });
  test("the language switches at once", async ({ page }) => {
    await page.goto("/overview");
    await expect(page.locator("html")).toHaveAttribute("lang", /.+/);
    const before = await page.locator("html").getAttribute("lang");
    await page.getByRole("button", { name: before === "en" ? "简体中文" : "English" }).click();
    await expect(page.locator("html")).toHaveAttribute("lang", before === "en" ? "zh-CN" : "en");
    await expect(page.locator("h1").first()).toBeVisible();
  });
});
