import fs from "node:fs";
import path from "node:path";
import type { BrowserContext } from "@playwright/test";
import { TIME_SLUG } from "../db/seed/e2e-time";
import { expectAccessible, expectFitsWidth } from "./support/accessibility";
import { signedIn } from "./support/sign-in";
import { expect, type Page, test } from "./support/test";

/**
 * A fee from its first line to the merchant's question: written, replayed, approved by another person, in force at its
 * date. In a tenant whose clock this journey moves; English for who approves and who asks.
 */

const MERCHANT = "晨屿咖啡·徐家汇店";
const NAME = `徐家汇店新阶梯 ${Date.now() % 10_000}`;

/** How far the tenant's clock is ahead. */
function moveClock(hours: number): void {
  const file = path.join(process.env.KAQING_E2E_FOLDER ?? "", "clock.json");
  fs.writeFileSync(`${file}.new`, JSON.stringify({ [TIME_SLUG]: hours * 3_600_000 }));
  fs.renameSync(`${file}.new`, file); // the portal reads it meanwhile
}

test.afterAll(() => moveClock(0));

/** Pages that stay open would keep the focus from those of the next journey. */
const opened: BrowserContext[] = [];
test.afterEach(async () => {
  for (const context of opened.splice(0)) await context.close();
});

test("a graduated fee is written, replayed, approved, takes effect at its date, and is explained", async ({
  browser,
  baseURL,
}) => {
  test.setTimeout(240_000);
  const as = async (role: "operator" | "finance" | "merchant", locale: "zh-CN" | "en"): Promise<Page> => {
    const storageState = await signedIn(role, baseURL ?? "", TIME_SLUG);
    const context = await browser.newContext({ storageState, baseURL, locale });
    opened.push(context);
    const page = await context.newPage();
    page.setDefaultTimeout(15_000); // a field that is not there is told at once
    return page;
  };
  moveClock(0);
  const operator = await as("operator", "zh-CN");
  const till = await as("merchant", "en");
  const campaign = await openCampaign(operator);
  await redeem(till, await newVoucher(operator, campaign));

  await test.step("the operator writes it, for tomorrow and one merchant", async () => {
    await operator.goto("/fees/new");
    await operator.getByLabel("方案名称").first().fill(NAME);
    await operator.getByRole("button", { name: "分段 0.3 / 0.2 / 0.05%" }).press("Enter");
    await operator.getByRole("checkbox", { name: "全部商户" }).press("Space");
    await operator.getByLabel("指定商户").first().focus();
    await operator.keyboard.type("徐家汇");
    await expect(operator.getByRole("option", { name: MERCHANT })).toBeVisible();
    await operator.keyboard.press("ArrowDown");
    await operator.keyboard.press("Enter");
    const chosen = operator.getByRole("button", { name: `移除 ${MERCHANT}` });
    await expect(chosen).toBeVisible();
    await operator.keyboard.press("Escape");
    await expect(operator.getByRole("listbox")).toHaveCount(0);
    await operator.keyboard.press("Escape"); // takes no choice back
    await operator.getByLabel("生效日期").first().fill(dayFromNow(1));
    await expect(chosen).toBeVisible();
    await expect(operator.getByText("草稿已保存")).toBeVisible();
    await expectAccessible(operator);
    await operator.setViewportSize({ width: 360, height: 740 });
    await expectFitsWidth(operator);
    await operator.setViewportSize({ width: 1280, height: 800 });
  });
  const schedule = operator.url().replace(/\/edit$/, "");
  expect(schedule).toMatch(/\/fees\/[0-9a-f-]{36}$/);

  await test.step("… replays it over the days there were, beside the draft", async () => {
    const panel = operator.locator("section", {
      has: operator.getByRole("heading", { name: "规则重演" }),
    });
    await panel.getByRole("button", { name: /交易日期/ }).press("Enter");
    await operator.getByLabel("从", { exact: true }).fill(dayFromNow(-5));
    await operator.getByLabel("到", { exact: true }).fill(dayFromNow(0));
    await operator.keyboard.press("Escape");
    await panel.getByRole("button", { name: "开始重演" }).press("Enter");
    const replay = panel.getByRole("listitem").first();
    await expect(replay.getByText("已完成")).toBeVisible({ timeout: 60_000 });
    await replay.getByRole("link", { name: /第 1 版 · / }).press("Enter");
    await operator.waitForURL(/\/replays\/[0-9a-f-]{36}$/);
    await operator.getByRole("button", { name: "差额", exact: true }).press("Enter");
    await expect(operator).toHaveURL(/sort=difference\.desc/);
    const first = operator.getByRole("table", { name: "各参与方重演前后" }).locator("tbody tr").first();
    await expect(first).toContainText(MERCHANT);
    await expect(first).toContainText(/\+¥\d/); // it would have kept more
    await expectFitsWidth(operator);
    await expectAccessible(operator);
  });

  await test.step("… and submits it", async () => {
    await operator.goto(`${schedule}/edit`);
    await expect(operator.getByText(MERCHANT).first()).toBeVisible();
    await operator.getByRole("button", { name: "提交审核" }).press("Enter");
    await expect(operator).toHaveURL(schedule);
    await expect(operator.getByText("待审核").first()).toBeVisible();
    await expect(operator.getByText("按自然月累计（Asia/Shanghai）。")).toBeVisible();
  });

  await test.step("finance finds it, and lets it pass for its day", async () => {
    const finance = await as("finance", "en");
    await finance.goto("/overview");
    await finance.getByRole("button", { name: "Quick find" }).press("Enter");
    const search = finance.getByRole("combobox");
    await search.fill(NAME);
    await finance.getByRole("option", { name: NAME }).first().waitFor();
    await search.press("Enter");
    await finance.waitForURL(schedule);
    await finance.getByRole("button", { name: "Approve" }).press("Enter");
    await finance.getByRole("alertdialog").getByRole("button", { name: "Approve" }).press("Enter");
    await expect(finance.getByText("Scheduled").first()).toBeVisible();
    await expectFitsWidth(finance);
    await expectAccessible(finance);
    await finance.context().close();
  });

  await test.step("today the merchant still pays what it paid", async () => {
    const explained = await explanation(till, await redeem(till, await newVoucher(operator, campaign)));
    expect(explained).toContain("连锁茶咖月度量价");
    expect(explained).not.toContain(NAME);
  });

  await test.step("tomorrow it is in force, and the merchant reads why it pays what it pays", async () => {
    moveClock(36);
    await operator.goto(schedule);
    await expect(operator.getByText("生效中").first()).toBeVisible();
    const explained = await explanation(till, await redeem(till, await newVoucher(operator, campaign)));
    expect(explained).toContain(NAME);
    expect(explained).toContain("0.3%");
    expect(explained).toContain("version 1");
  });
});

/** A day of the tenant's zone: "2026-11-23". */
function dayFromNow(days: number): string {
  return new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Shanghai" }).format(
    Date.now() + days * 86_400_000,
  );
}

/** Opens a campaign for all merchants; its page. */
async function openCampaign(page: Page): Promise<string> {
  await page.goto("/campaigns/new");
  await page.getByLabel("活动名称").fill(`费率 ${Date.now()}`);
  await page.getByText("直接减去固定金额").click();
  await page.getByLabel("减免金额").fill("20");
  await page.getByLabel("品牌方", { exact: false }).first().click();
  await page.getByRole("option").first().click();
  await page.getByRole("button", { name: "创建活动" }).press("Enter");
  await page.waitForURL(/\/campaigns\/[0-9a-f-]{36}$/);
  await page.getByRole("button", { name: "启用", exact: true }).press("Enter");
  await page.getByRole("alertdialog").getByRole("button", { name: "启用" }).press("Enter");
  await expect(page.getByText("进行中").first()).toBeVisible();
  return page.url();
}

async function newVoucher(page: Page, campaign: string): Promise<string> {
  await page.goto(campaign);
  await page.getByRole("button", { name: "发一张券" }).press("Enter");
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "发券" }).press("Enter");
  return (await dialog.getByText(/^[0-9A-Z]{4}(-[0-9A-Z]{4}){3}$/).textContent()) ?? "";
}

/** An order of ¥1,000 at the till; its reference. */
async function redeem(till: Page, code: string): Promise<string> {
  await till.goto("/redeem");
  await till.getByLabel("Voucher code").fill(code);
  await till.getByLabel("Order amount").fill("1000");
  await till.getByRole("button", { name: "Redeem: ¥20.00 off" }).press("Enter");
  return (
    (await till
      .getByRole("definition")
      .getByText(/^RD(-[0-9A-Z]{4})+$/)
      .first()
      .textContent()) ?? ""
  );
}

/** What a redemption's amount says of itself, to the merchant. */
async function explanation(till: Page, reference: string): Promise<string> {
  await till.goto("/redemptions");
  await till.getByRole("main").getByRole("link", { name: reference }).first().press("Enter");
  await till.waitForURL(/\/redemptions\/[0-9a-f-]{36}/);
  await till
    .getByRole("main")
    .getByRole("button", { name: /^[−-]?¥/ })
    .first()
    .press("Enter");
  const sheet = till.getByRole("dialog", { name: "How this amount came about" });
  await expect(sheet.getByText(/FS-\d+/).first()).toBeVisible();
  await expectAccessible(till);
  return (await sheet.textContent()) ?? "";
}
