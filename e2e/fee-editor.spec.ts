import { expectAccessible, expectFitsWidth } from "./support/accessibility";
import { signedIn } from "./support/sign-in";
import { expect, type Page, test } from "./support/test";

test.use({ role: "operator" });

/** Replaces what stands in the field that has the focus. */
async function retype(page: Page, text: string): Promise<void> {
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.insertText(text);
}

test("an operator writes a graduated schedule by keyboard alone, another person lets it pass", async ({
  page,
  browser,
  baseURL,
}) => {
  test.slow();
  await page.goto("/fees/new");
  const name = page.getByLabel("方案名称", { exact: false }).first();
  await name.press("a");
  await retype(page, "键盘写成的阶梯");
  // A leg of its own, so that no other journey is priced by it.
  await page.getByLabel("定价的明细").press("ControlOrMeta+a");
  await page.keyboard.type("fee.journey");

  // Rates as people say them; bands are split where the focus goes on.
  const band = (place: number) => page.getByRole("group", { name: `第 ${place} 档` });
  const rate = (place: number) => band(place).getByLabel("费率", { exact: true });
  const from = (place: number) => band(place).getByLabel("起点", { exact: true });
  await expect(page.getByText("填写完整后在这里看到曲线。")).toBeVisible();
  await rate(1).focus();
  await retype(page, "万");
  await expect(band(1).getByText("无法识别为费率", { exact: false })).toBeVisible();
  await retype(page, "３‰");
  await expect(band(1).getByText("识别为 0.3%")).toBeAttached();
  await page.getByRole("button", { name: "拆分第 1 档" }).press("Enter");
  await expect(from(2)).toBeFocused();
  await retype(page, "１００，０００");
  await rate(2).focus();
  await retype(page, "20bp");
  await expect(band(2).getByText("识别为 0.2%")).toBeAttached();
  await page.getByRole("button", { name: "拆分第 2 档" }).press("Enter");
  await expect(from(3)).toBeFocused();
  await retype(page, "500000");
  await rate(3).focus();
  await retype(page, "万分之五");
  await expect(band(2).getByText("至 ¥500,000.00")).toBeVisible();

  // The design's trade over an edge: 12.50.
  const sample = page.locator("section", { has: page.getByRole("heading", { name: "试算" }) });
  await expect(sample.getByText("¥12.50").first()).toBeVisible();
  await expect(page.getByRole("table", { name: /费率曲线/ })).toBeAttached();

  // A preset is tried and taken back.
  await page.getByRole("button", { name: "全量 0.6 / 0.5%" }).press("Enter");
  await expect(band(3)).toHaveCount(0);
  await expect(sample.getByText("¥105.00").first()).toBeVisible();
  await expect(sample.getByText("月末退还")).toBeVisible();
  await expect(sample.getByText(/[−-]¥99\.00/)).toBeVisible();
  await page.keyboard.press("ControlOrMeta+z");
  await expect(rate(3)).toHaveValue("0.05");
  await expect(sample.getByText("¥12.50").first()).toBeVisible();

  // A band that begins below the one before, and a schedule for nobody, are told at once.
  await from(3).focus();
  await retype(page, "50,000");
  await expect(band(3).getByText("必须高于上一档的起点")).toBeVisible();
  await page.keyboard.press("ControlOrMeta+z");
  await expect(from(3)).toHaveValue("500000.00");
  const everyone = page.getByRole("checkbox", { name: "全部商户" });
  await everyone.press("Space");
  await expect(page.getByText("没有适用对象").first()).toBeVisible();
  await everyone.press("Space");
  await expect(page.getByText("没有适用对象")).toHaveCount(0);
  await expect(page.getByText("草稿已保存")).toBeVisible();
  await expectFitsWidth(page);
  await expectAccessible(page);

  // A reload opens the draft as it was.
  await page.reload();
  await expect(page).toHaveURL(/\/fees\/[0-9a-f-]{36}\/edit$/);
  await expect(name).toHaveValue("键盘写成的阶梯");
  await expect(rate(3)).toHaveValue("0.05");
  await page.getByRole("button", { name: "提交审核" }).press("Enter");
  await expect(page).toHaveURL(/\/fees\/[0-9a-f-]{36}$/);
  await expect(page.getByText("待审核").first()).toBeVisible();
  await expect(page.getByRole("row", { name: /¥100,000\.00 至 ¥500,000\.00/ })).toBeVisible();
  await expectFitsWidth(page);
  await expectAccessible(page);
  const schedule = page.url();

  const finance = await browser.newContext({
    storageState: await signedIn("finance", baseURL ?? ""),
    baseURL,
  });
  try {
    const reviewer = await finance.newPage();
    await reviewer.goto(schedule);
    await reviewer.getByRole("button", { name: "批准" }).press("Enter");
    await reviewer.getByRole("alertdialog").getByRole("button", { name: "批准" }).press("Enter");
    await expect(reviewer.getByText("生效中").first()).toBeVisible();
  } finally {
    await finance.close();
  }

  await test.step("a further version begins with a month, and says what it changes", async () => {
    await page.goto(`${schedule}/edit`);
    await rate(1).focus();
    await retype(page, "0.25%");
    await expect(page.getByText("按月累计交易额，须从月初生效").first()).toBeVisible();
    await page.getByRole("button", { name: /^下月初/ }).press("Enter");
    await expect(page.getByText("按月累计交易额，须从月初生效")).toHaveCount(0);
    await page.getByRole("button", { name: "提交审核" }).press("Enter");
    await expect(page).toHaveURL(/\/fees\/[0-9a-f-]{36}$/);
    await expect(page.getByText(/0\.3% → 0\.25%/).first()).toBeVisible();
    await page.goto("/fees");
    const card = page.locator("section", { hasText: "键盘写成的阶梯" });
    await expect(card.getByText("第 2 版 · 待审核")).toBeVisible();
    await expect(card.getByText("全部商户")).toBeVisible();
  });

  await test.step("a rule's leg is priced by it", async () => {
    await page.goto("/rules/new");
    const commission = page.getByRole("group", { name: "平台佣金" });
    await commission.getByLabel("金额").selectOption({ label: "按费率方案" });
    const otherwise = commission.getByLabel("无方案时的费率");
    await otherwise.focus();
    await retype(page, "2");
    await commission.getByLabel("代码").focus();
    await retype(page, "fee.nobody");
    await expect(page.getByText("还没有为它定价的费率方案。")).toBeVisible();
    await retype(page, "fee.journey");
    const leg = page.getByRole("group", { name: "fee.journey" });
    await expect(leg.getByRole("link", { name: /键盘写成的阶梯/ })).toBeVisible();
    await page.getByRole("button", { name: "添加承担方" }).press("Enter");
    await expect(page.getByLabel("fee.journey的费率方案")).toHaveValue(/.+-.+/);
    await page.getByLabel("当月此前交易额").focus();
    await retype(page, "499,950");
    await expect(page.getByRole("row", { name: /¥500,000\.00 起 ¥50\.00 0\.05%/ })).toBeVisible();
    await expectFitsWidth(page);
    await expectAccessible(page);
    await page.getByRole("button", { name: "放弃草稿" }).press("Enter");
    const question = page.getByRole("alertdialog", { name: "放弃这份草稿？" });
    await question.getByRole("button", { name: "放弃草稿" }).press("Enter");
    await expect(page).toHaveURL(/\/rules$/);
  });

  await test.step("in English, on a narrow screen", async () => {
    const narrow = await browser.newContext({
      storageState: await signedIn("operator", baseURL ?? ""),
      baseURL,
      locale: "en-US",
      viewport: { width: 360, height: 740 },
    });
    try {
      const phone = await narrow.newPage();
      const pages = {
        "/fees": "Fee schedules",
        "/fees/new": "New fee schedule",
        [schedule]: "键盘写成的阶梯",
      };
      for (const [address, heading] of Object.entries(pages)) {
        await phone.goto(address);
        await expect(phone.getByRole("heading", { level: 1, name: heading })).toBeVisible();
        await expectFitsWidth(phone);
        await expectAccessible(phone);
      }
    } finally {
      await narrow.close();
    }
  });
});
