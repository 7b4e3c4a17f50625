import { expectAccessible, expectFitsWidth } from "./support/accessibility";
import { signedIn } from "./support/sign-in";
import { expect, test } from "./support/test";

test.use({ role: "operator" });

test("an operator writes a rule by keyboard alone, another person lets it pass", async ({
  page,
  browser,
  baseURL,
}) => {
  test.slow();
  await page.goto("/rules/new");
  const name = page.getByLabel("规则名称", { exact: false }).first();
  await name.press("a");
  await page.keyboard.press("Backspace");
  await page.keyboard.type("键盘写成的规则");

  // Below every other general rule, so that no other journey is cleared by it.
  const priority = page.getByLabel("优先级", { exact: true });
  await priority.press("ControlOrMeta+a");
  await page.keyboard.type("-10");
  await expect(page.getByText("优先级 0 最高")).toBeVisible();

  const commission = page.getByRole("group", { name: "平台佣金" });
  const rate = commission.getByLabel("费率", { exact: true });
  await rate.focus();
  await page.keyboard.insertText("万");
  await expect(commission.getByText("无法识别为费率", { exact: false })).toBeVisible();
  await rate.press("ControlOrMeta+a");
  await page.keyboard.insertText("百分之二");
  await expect(commission.getByText("识别为 2%")).toBeAttached();

  // The sample is the design's order: 100.00 with 20.00 off; nobody bears the discount yet.
  await expect(page.getByText("这笔交易无法清分")).toBeVisible();
  const addBearer = page.getByRole("button", { name: "添加承担方" });
  await addBearer.press("Enter");
  const share = page.getByLabel("品牌方的比例");
  await share.press("ControlOrMeta+a");
  await page.keyboard.type("50");
  await addBearer.press("Enter");
  await expect(page.getByText("合计 100%")).toBeVisible();
  const nets = page
    .getByRole("region", { name: "试算" })
    .or(page.locator("section", { hasText: "各方净额" }));
  await expect(nets.getByText("¥98.00").first()).toBeVisible();

  // A leg comes, moves up with the focus on it, and is taken back.
  await page.getByRole("button", { name: "添加明细" }).press("Enter");
  const extra = page.getByRole("group", { name: "fee.extra_1" });
  const code = extra.getByLabel("代码");
  await expect(code).toBeFocused();
  await expect(extra.getByText("请填写").first()).toBeVisible();
  const rows = page.locator("[data-leg]");
  const placeOf = async () => (await rows.allInnerTexts()).findIndex((text) => text.includes("fee.extra_1"));
  const before = await placeOf();
  await page.keyboard.press("Alt+ArrowUp");
  await expect(code).toBeFocused();
  await expect.poll(placeOf).toBe(before - 1);
  await expect(page.getByText(`fee.extra_1 已移到第 ${before} 行`, { exact: false })).toBeAttached();
  await page.keyboard.press("ControlOrMeta+z");
  await expect.poll(placeOf).toBe(before);
  await page.keyboard.press("ControlOrMeta+z");
  await expect(extra).toHaveCount(0);
  await expect(page.getByText("草稿已保存")).toBeVisible();
  await expect(page.getByRole("heading", { name: "规则重演" })).toBeVisible();
  await expectFitsWidth(page);
  await expectAccessible(page);

  // A reload opens the draft as it was.
  await page.reload();
  await expect(page).toHaveURL(/\/rules\/[0-9a-f-]{36}\/edit$/);
  await expect(page.getByLabel("规则名称", { exact: false }).first()).toHaveValue("键盘写成的规则");
  await page.getByRole("button", { name: "提交审核" }).press("Enter");
  await expect(page).toHaveURL(/\/rules\/[0-9a-f-]{36}$/);
  await expect(page.getByText("待审核").first()).toBeVisible();
  await expectAccessible(page);

  const finance = await browser.newContext({
    storageState: await signedIn("finance", baseURL ?? ""),
    baseURL,
  });
  try {
    const reviewer = await finance.newPage();
    await reviewer.goto(page.url());
    await reviewer.getByRole("button", { name: "批准" }).press("Enter");
    await reviewer.getByRole("alertdialog").getByRole("button", { name: "批准" }).press("Enter");
    await expect(reviewer.getByText("生效中").first()).toBeVisible();
  } finally {
    await finance.close();
  }
});

test("two who write the same draft lose nothing: the second sees the first's, or keeps the own", async ({
  page,
  context,
}) => {
  const note = (of: typeof page) => of.getByLabel("说明", { exact: false }).first();
  await page.goto("/rules/new");
  await page.getByLabel("规则名称", { exact: false }).first().fill("两人同写的规则");
  await expect(page.getByText("草稿已保存")).toBeVisible();
  await expect(page).toHaveURL(/\/rules\/[0-9a-f-]{36}\/edit$/);
  const other = await context.newPage();
  await other.goto(page.url());
  await note(other).fill("对方的说明");
  await expect(other.getByText("草稿已保存")).toBeVisible();

  await note(page).fill("我的说明");
  const told = page.getByRole("alert").filter({ hasText: "这份草稿刚刚在别处改过" });
  await expect(told.getByText("您的改动还在这个页面上", { exact: false })).toBeVisible();
  await expectAccessible(page);
  const opened = context.waitForEvent("page");
  await told.getByRole("link", { name: "查看已保存的草稿" }).press("Enter");
  const theirs = await opened;
  await expect(note(theirs)).toHaveValue("对方的说明");
  await theirs.close();
  await told.getByRole("button", { name: "保留我的" }).press("Enter");
  await page.getByRole("alertdialog").getByRole("button", { name: "保留我的" }).press("Enter");
  await expect(told).toHaveCount(0);
  await expect(page.getByText("草稿已保存")).toBeVisible();

  // Now it is the other who is late, and finds no draft any more.
  await page.getByRole("button", { name: "放弃草稿" }).press("Enter");
  await page.getByRole("alertdialog").getByRole("button", { name: "放弃草稿" }).press("Enter");
  await expect(page).toHaveURL(/\/rules$/);
  await note(other).fill("对方还在写");
  await other.getByRole("button", { name: "另存为新草稿" }).press("Enter");
  await expect(other.getByText("草稿已保存")).toBeVisible();
  await other.reload();
  await expect(note(other)).toHaveValue("对方还在写");
  await other.close();
});

test.describe("a merchant", () => {
  test.use({ role: "merchant" });

  test("reads its terms and calculates by them", async ({ page }) => {
    await page.goto("/terms");
    await expect(page.getByRole("heading", { name: "结算条款" })).toBeVisible();
    await expect(page.getByText("商户付给平台", { exact: false }).first()).toBeVisible();
    const order = page.getByLabel("订单金额");
    await order.press("ControlOrMeta+a");
    await page.keyboard.type("２００");
    await expect(page.getByText("您在收银台已收")).toBeVisible();
    await expectFitsWidth(page);
    await expectAccessible(page);
  });
});
