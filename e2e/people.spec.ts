import type { Browser, Page } from "@playwright/test";
import { totpCode, totpStep } from "../server/core/totp";
import { expectAccessible } from "./support/accessibility";
import { signInOf } from "./support/sign-in";
import { expect, test } from "./support/test";

/** How people come in, prove themselves and are shut out; what the audit log keeps of it. */

const PASSWORD = "a phrase of my own";

test.describe("before sign-in", () => {
  test("a wrong sign-in tells nothing of the account; the right one goes on", async ({ page }) => {
    const { email, password } = signInOf("support");
    const said = async (address: string, secret: string) => {
      await page.goto("/sign-in?next=/redemptions");
      await enter(page, address, secret);
      const alert = page.getByRole("alert").filter({ hasText: "邮箱" });
      await expect(alert).toBeVisible();
      return alert.textContent();
    };
    const wrong = await said(email, "not the password");
    expect(await said("nobody@example.test", "not the password")).toBe(wrong);
    await expectAccessible(page);
    await enter(page, email, password);
    await expect(page).toHaveURL(/\/redemptions$/);
  });

  test("a page of the portal asks for sign-in; a link that does not work says so", async ({ page }) => {
    await page.goto("/parties");
    await expect(page).toHaveURL(/\/sign-in/);
    await page.goto("/invite/none.AAAA");
    await expect(page.getByRole("heading", { name: "链接无效" })).toBeVisible();
    await expectAccessible(page);
  });
});

test.describe("an operator", () => {
  test.use({ role: "operator" });

  test("invites a person, who sets a password and a second factor, and is shut out again", async ({
    page,
    browser,
    baseURL,
  }) => {
    test.setTimeout(180_000);
    const email = `colleague-${Date.now()}@example.test`;
    const link = await invite(page, email);

    const own = await join(browser, baseURL ?? "", link);
    const { secret, recoveryCode } = await setUpSecondFactor(own);

    const other = await anotherBrowser(browser, baseURL ?? "");
    await other.goto("/sign-in");
    await enter(other, email, PASSWORD);
    await other.getByLabel("验证码").fill(totpCode(secret, totpStep(new Date()) - 40));
    await other.getByRole("button", { name: "验证并登录" }).click();
    await expect(other.getByRole("alert").filter({ hasText: "验证码" })).toBeVisible();
    await other.getByLabel("验证码").fill(recoveryCode);
    await other.getByRole("button", { name: "验证并登录" }).click();
    await expect(other).not.toHaveURL(/sign-in/);

    await own.goto("/account");
    await own.getByRole("button", { name: "结束其他所有登录" }).click();
    await own.getByRole("alertdialog").getByRole("button", { name: "结束其他所有登录" }).click();
    await expect(own.getByText("已结束 1 个登录")).toBeVisible();
    await other.goto("/account");
    await expect(other).toHaveURL(/\/sign-in/);

    await page.goto(`/users?q=${encodeURIComponent(email)}`);
    await page.getByRole("button", { name: /的操作/ }).click();
    await page.getByRole("menuitem", { name: "停用" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "停用" }).click();
    await expect(page.getByText("已停用").first()).toBeVisible();
    await own.goto("/account");
    await expect(own).toHaveURL(/\/sign-in/);
    await own.context().close();
    await other.context().close();
  });

  test("reads a bank account, and the audit log keeps it, its chain unbroken", async ({ page }) => {
    await page.goto("/parties");
    await page.getByRole("button", { name: "新建参与方" }).first().click();
    const form = page.getByRole("dialog");
    await form.getByLabel("名称").fill(`新店 ${Date.now()}`);
    await expectAccessible(page);
    await form.getByRole("button", { name: "创建" }).click();
    await expect(page).toHaveURL(/\/parties\/[0-9a-f-]{36}/);

    await page.getByRole("tab", { name: "银行账户" }).click();
    await page.getByRole("button", { name: "填写账户" }).click();
    await form.getByLabel("开户银行").fill("招商银行");
    await form.getByLabel("户名").fill("新店有限公司");
    await form.getByLabel("账号").fill("6222 0201 2345 6789 012");
    await form.getByRole("button", { name: "保存账户" }).click();
    await expect(page.getByText("尾号 9012")).toBeVisible();
    await page.getByRole("button", { name: "查看完整账号" }).click();
    await expect(page.getByText("6222 0201 2345 6789 012")).toBeVisible();

    await page.goto("/audit");
    await page.getByRole("button", { name: "party.bank_account_read" }).first().click();
    const entry = page.getByRole("dialog");
    await expect(entry.getByText("9012", { exact: true })).toBeVisible();
    await expect(entry).not.toContainText("6222 0201");
    await expect(entry).not.toContainText("62220201");
    await expectAccessible(page);
    await entry.getByRole("button", { name: "关闭" }).click();
    await page.getByRole("button", { name: "校验哈希链" }).click();
    await expect(page.getByText("哈希链完整")).toBeVisible();
  });

  test("makes an API key, which works until it is revoked", async ({ page, request }) => {
    const name = `till ${Date.now()}`;
    await page.goto("/api-keys");
    await page.getByRole("button", { name: "新建密钥" }).first().click();
    const form = page.getByRole("dialog");
    await form.getByLabel("名称").fill(name);
    await form.getByRole("checkbox", { name: /campaigns:read/ }).check();
    await form.getByRole("button", { name: "创建密钥" }).click();
    const key = await page.getByRole("dialog").getByRole("textbox", { name: "密钥" }).inputValue();
    await page.getByRole("button", { name: "我已保存" }).click();
    const call = () => request.get("/api/v1/campaigns", { headers: { authorization: `Bearer ${key}` } });
    expect((await call()).status()).toBe(200);

    await page.goto(`/api-keys?q=${encodeURIComponent(name)}`);
    await expect(page.getByText(name)).toBeVisible();
    expect(await page.content()).not.toContain(key);
    await page.getByRole("button", { name: "吊销" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "吊销密钥" }).click();
    await expect(page.getByText("已吊销").first()).toBeVisible();
    await expect.poll(async () => (await call()).status(), { timeout: 20_000 }).toBe(401);
  });
});

/** As of somebody else, signed in nowhere. */
async function anotherBrowser(browser: Browser, baseURL: string): Promise<Page> {
  const context = await browser.newContext({
    baseURL,
    locale: "zh-CN",
    storageState: { cookies: [], origins: [] },
  });
  return context.newPage();
}

async function enter(page: Page, email: string, password: string): Promise<void> {
  await page.getByLabel("邮箱").fill(email);
  await page.getByLabel("密码").fill(password);
  await page.getByRole("button", { name: "登录", exact: true }).click();
}

async function invite(page: Page, email: string): Promise<string> {
  await page.goto("/users");
  await page.getByRole("button", { name: "邀请用户" }).click();
  const form = page.getByRole("dialog");
  await form.getByLabel("邮箱").fill(email);
  await form.getByLabel("姓名").fill("新同事");
  await expectAccessible(page);
  await form.getByRole("button", { name: "生成链接" }).click();
  const link = await page.getByRole("textbox", { name: "链接" }).inputValue();
  await page.getByRole("button", { name: "完成" }).click();
  await expect(page.getByText(email)).toBeVisible();
  return new URL(link).pathname;
}

async function join(browser: Browser, baseURL: string, link: string): Promise<Page> {
  const page = await anotherBrowser(browser, baseURL);
  await page.goto(link);
  await page.getByLabel("新密码").fill(PASSWORD);
  await page.getByLabel("再输入一次").fill("something else");
  await page.getByRole("button", { name: "设置密码并登录" }).click();
  await expect(page.getByText("两次输入的密码不一致。").first()).toBeVisible();
  await expectAccessible(page);
  await page.getByLabel("再输入一次").fill(PASSWORD);
  await page.getByRole("button", { name: "设置密码并登录" }).click();
  await expect(page).not.toHaveURL(/invite/);
  return page;
}

async function setUpSecondFactor(page: Page): Promise<{ secret: Buffer; recoveryCode: string }> {
  await page.goto("/account");
  await page.getByRole("button", { name: "启用两步验证" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("当前密码").fill(PASSWORD);
  await dialog.getByRole("button", { name: "继续" }).click();
  await expect(dialog.getByRole("img", { name: /二维码/ })).toBeVisible();
  await expectAccessible(page);
  const secret = fromBase32(((await dialog.locator("code").textContent()) ?? "").replaceAll(/\s/g, ""));
  await dialog.getByLabel("6 位数字").fill(totpCode(secret, totpStep(new Date())));
  await dialog.getByRole("button", { name: "确认并启用" }).click();
  const codes = page.getByRole("dialog").getByRole("listitem");
  await expect(codes).toHaveCount(10);
  const recoveryCode = (await codes.first().textContent()) ?? "";
  await page.getByRole("button", { name: "我已保存" }).click();
  await expect(page.getByText("已启用", { exact: true })).toBeVisible();
  return { secret, recoveryCode };
}

function fromBase32(text: string): Buffer {
  const bits = [...text].map((c) =>
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(c).toString(2).padStart(5, "0"),
  );
  return Buffer.from((bits.join("").match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}
