import { expectAccessible, expectFitsWidth } from "./support/accessibility";
import { expect, test } from "./support/test";

test.use({ role: "operator" });

test("an operator replays a draft over past trades, and reads who wins, who loses, and why", async ({
  page,
}) => {
  test.slow();
  // A draft of the schedule that prices redemptions: another rate in its first band.
  await page.goto("/fees");
  await page
    .locator('main a[href^="/fees/"]:not([href$="/new"])', { hasText: "FS-0001" })
    .or(page.locator('main a[href^="/fees/"]:not([href$="/new"])').filter({ visible: true }))
    .first()
    .click();
  await page.waitForURL(/\/fees\/[0-9a-f-]{36}$/);
  const schedule = page.url();
  await page.goto(`${schedule}/edit`);
  await page.getByRole("group", { name: "第 1 档" }).getByLabel("费率", { exact: true }).focus();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.insertText("2.83%");
  await expect(page.getByText("草稿已保存")).toBeVisible();

  await page.goto(schedule);
  const panel = page.locator("section", { has: page.getByRole("heading", { name: "规则重演" }) });
  await panel.getByRole("button", { name: /交易日期/ }).click();
  await page.getByRole("button", { name: "最近 30 天" }).click();
  await panel.getByRole("button", { name: "开始重演" }).click();
  const newest = panel.getByRole("listitem").first();
  await expect(newest.getByText("已完成")).toBeVisible({ timeout: 60_000 });
  await expect(panel.getByText(/进行中|排队中/)).toHaveCount(0, { timeout: 60_000 });
  await expectFitsWidth(page);
  await expectAccessible(page);

  await newest.getByRole("link", { name: /版 · / }).click();
  await page.waitForURL(/\/replays\/[0-9a-f-]{36}/);
  await expect(page.getByText("有变化的交易")).toBeVisible();
  await expect(page.getByRole("heading", { name: "差额最大的参与方" })).toBeVisible();
  const parties = page.getByRole("table", { name: "各参与方重演前后" });
  await expect(parties.getByRole("row").nth(2)).toBeVisible();
  await page.getByRole("button", { name: "差额", exact: true }).click();
  await expect(page).toHaveURL(/sort=difference\.desc/);
  await page.evaluate(() => window.scrollTo(0, 0)); // nothing lies half under the bar of the page
  await expectFitsWidth(page);
  await expectAccessible(page);

  // It survives a reload, and is exported as it stands.
  await page.reload();
  await expect(parties.getByRole("row").nth(2)).toBeVisible();
  const href = await page.locator('a[href*="/api/export/replay"]').first().getAttribute("href");
  const file = await page.request.get(href ?? "");
  expect(file.status()).toBe(200);
  expect(await file.text()).toContain("变更前");

  // On a phone, too.
  await page.setViewportSize({ width: 360, height: 740 });
  await expectFitsWidth(page);
  await expectAccessible(page);
  await page.setViewportSize({ width: 1280, height: 800 });

  await parties.locator("tbody a").first().click();
  await page.waitForURL(/\/trades\?f\.partyId=/);
  const trades = page.getByRole("table", { name: "变化最大的交易" });
  await expect(trades.locator("tbody a").first()).toBeVisible();
  await expectAccessible(page);
  await trades.locator("tbody a").first().click();
  await page.waitForURL(/\/trades\/[0-9a-f-]{36}$/);
  await expect(page.getByRole("heading", { name: "按当时规则" }).first()).toBeVisible();
  await expect(page.getByText("2.83%", { exact: false }).first()).toBeVisible();
  await expectAccessible(page);
  await page.setViewportSize({ width: 360, height: 740 });
  await expectFitsWidth(page);
});
