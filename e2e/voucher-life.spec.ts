import { expectAccessible, expectFitsWidth } from "./support/accessibility";
import { signedIn } from "./support/sign-in";
import { expect, test } from "./support/test";

/** A voucher's life in three hands: the operator makes and issues it, the holder shows it, the merchant takes it. */
test.use({ role: "operator" });

test("created and issued at a desk, shown by its holder, redeemed on a phone, refused the second time, undone", async ({
  page,
  browser,
  baseURL,
}) => {
  test.setTimeout(120_000);
  const name = `端到端 ${Date.now()}`;

  // the operator creates a campaign: 20 off, borne by brand, platform and merchant as the form proposes
  await page.goto("/campaigns/new");
  await page.getByLabel("活动名称").fill(name);
  await page.getByText("直接减去固定金额").click();
  await page.getByLabel("减免金额").fill("20");
  await page.getByLabel("品牌方", { exact: false }).first().click();
  await page.getByRole("option").first().click();
  await page.getByRole("button", { name: "创建活动" }).click();
  await page.waitForURL(/\/campaigns\/[0-9a-f-]{36}$/);
  await page.getByRole("button", { name: "启用", exact: true }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "启用" }).click();
  await expect(page.getByText("进行中").first()).toBeVisible();

  // … and issues one voucher
  await page.getByRole("button", { name: "发一张券" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "发券" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByText("请现在交给顾客")).toBeVisible();
  const code = (await dialog.getByText(/^[0-9A-Z]{4}(-[0-9A-Z]{4}){3}$/).textContent()) ?? "";
  expect(code).toMatch(/^[0-9A-Z]{4}(-[0-9A-Z]{4}){3}$/);
  const wallet = await dialog.getByRole("link", { name: "打开持券页面" }).getAttribute("href");
  expect(wallet).toBeTruthy();

  const phone = {
    viewport: { width: 360, height: 740 },
    isMobile: true,
    hasTouch: true,
    locale: "zh-CN",
    baseURL,
  };

  // the holder's page needs no sign-in, and tells the code
  const holder = await browser.newContext(phone);
  const card = await holder.newPage();
  await card.goto(wallet ?? "");
  await expect(card.getByText(code)).toBeVisible();
  await expect(card.getByText("立减 ¥20.00")).toBeVisible();
  await expectFitsWidth(card);
  await expectAccessible(card);

  // the merchant types it, with look-alikes, and an order below and above
  const shop = await browser.newContext({
    ...phone,
    storageState: await signedIn("merchant", baseURL ?? ""),
  });
  const till = await shop.newPage();
  await till.goto("/redeem");
  await till.getByLabel("券码").fill(code.toLowerCase().replaceAll("-", ""));
  await expect(till.getByText(name).first()).toBeVisible();
  await till.getByLabel("订单金额").fill("88.50");
  const confirm = till.getByRole("button", { name: /确认核销，优惠.*20\.00/ });
  await expect(confirm).toBeVisible();
  await expectFitsWidth(till);
  await confirm.click();
  await expect(till.getByRole("heading", { name: "核销成功" }).or(till.getByText("核销成功"))).toBeVisible();
  const reference = /RD-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}/.exec(
    (await till.locator("main").textContent()) ?? "",
  )?.[0];
  expect(reference).toBeTruthy();
  await expectAccessible(till);

  // used once is used
  await till.getByRole("button", { name: "核销下一张" }).click();
  await till.getByLabel("券码").fill(code);
  await expect(till.getByText(/已(被)?核销|已使用/).first()).toBeVisible();

  // a typing error is told from an unknown code
  const typo = code.slice(0, -1) + (code.endsWith("0") ? "1" : "0");
  await till.goto("/redeem");
  await till.getByLabel("券码").fill(typo);
  await expect(till.getByText(/输错|有误|打错/).first()).toBeVisible();

  // undone within the time the tenant allows: the voucher is the holder's again
  await till.goto("/redeem");
  await till.getByRole("button", { name: /撤销/ }).first().click();
  await till.getByRole("alertdialog").getByRole("button", { name: "撤销核销" }).click();
  await expect(till.getByText("已冲正").first()).toBeVisible();
  await card.reload();
  await expect(card.getByText(code)).toBeVisible();

  // the operator reads both in the audit log, and the chain holds
  await page.goto("/audit");
  await page.getByRole("button", { name: "校验哈希链" }).click();
  await expect(page.getByText(/已重新计算全部/).first()).toBeVisible({ timeout: 30_000 });
  await Promise.all([holder.close(), shop.close()]);
});
