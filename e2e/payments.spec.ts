import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import AxeBuilder from "@axe-core/playwright";
import { type Sandbox, startSandbox } from "../server/channels/sandbox/service";
import { expectFitsWidth } from "./support/accessibility";
import { expect, test } from "./support/test";

test.describe("an operator", () => {
  test.use({ role: "operator" });

  test("makes a channel and sees which one an amount takes", async ({ page }) => {
    const name = `测试渠道 ${Date.now()}`;
    await page.goto("/channels/new");
    await page.getByLabel("名称").fill(name);
    await page.getByLabel("费率").fill("0.1");
    // Amounts that no other journey pays: it must not take their payments.
    await page.getByLabel("下限").fill("7000");
    await page.getByLabel("上限").fill("8000");
    await page.getByRole("button", { name: "创建渠道" }).click();
    await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();

    await page.goto("/channels");
    const result = page.getByRole("list", { name: "比较结果" });
    await page.getByLabel("付款金额").fill("7,500");
    await expect(result.getByRole("listitem").filter({ hasText: name })).toContainText(
      /最便宜，选它|手续费相同/,
    );
    await page.getByLabel("付款金额").fill("8000.01");
    await expect(result.getByRole("listitem").filter({ hasText: name })).toContainText("超过单笔上限");

    await page.getByRole("link", { name }).first().click();
    await page.getByRole("switch", { name: "启用" }).click();
    await page.getByRole("button", { name: "保存" }).click();
    await expect(page.getByText("停用", { exact: true })).toBeVisible();
  });

  test("tops a wallet up once, and gives it credit", async ({ page }) => {
    await page.goto("/wallets");
    await page.locator('main a[href^="/wallets/"]').first().click();
    const reference = `E2E ${Date.now()}`;
    const record = async () => {
      await page.getByRole("button", { name: "充值入账" }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByLabel("到账金额").fill("1,234.50");
      await dialog.getByLabel("银行流水号").fill(reference);
      await dialog.getByRole("button", { name: "入账" }).click();
      return dialog;
    };
    await record();
    const row = page.getByRole("row").filter({ hasText: reference });
    await expect(row).toContainText("1,234.50");
    const again = await record();
    await expect(again).toContainText("已经入过账");
    await page.keyboard.press("Escape");

    await page.getByRole("button", { name: "授信额度" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("授信额度").fill("500");
    await dialog.getByRole("button", { name: "保存" }).click();
    await expect(page.getByText("授信额度已设为")).toBeVisible();
  });
});

test.describe("the sandbox's cashier", () => {
  let sandbox: Sandbox;
  let folder: string;
  test.use({ viewport: { width: 360, height: 740 }, expectedNoise: [/request to another host/] });
  test.beforeAll(async () => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "kaqing-cashier-"));
    sandbox = await startSandbox({ folder, token: "token", host: "127.0.0.1" });
    sandbox.bank.openMerchant("m", "a secret for the tests");
  });
  test.afterAll(async () => {
    await sandbox.stop();
    fs.rmSync(folder, { recursive: true, force: true });
  });

  for (const lang of ["zh-CN", "en"]) {
    test(`is accessible and takes a payment (${lang})`, async ({ page }) => {
      const { token } = sandbox.bank.create({
        merchantNo: "m",
        paymentId: `pay-${lang}`,
        amount: "9850",
        currency: "CNY",
        subject: "音乐会员月卡",
        notifyUrl: "http://127.0.0.1:9/",
        returnUrl: "http://127.0.0.1:9/back",
        expiresAt: new Date(Date.now() + 600_000).toISOString(),
        fee: { rate: "0.006", min: null, max: null, refunded: true },
      });
      await page.goto(`${sandbox.endpoint}/pay/${token}?lang=${lang}`);
      await page.locator("summary").click();
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme });
        await expectFitsWidth(page);
        const { violations } = await new AxeBuilder({ page }).analyze();
        expect(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(" ")).join()}`)).toEqual(
          [],
        );
      }
      await page.getByRole("button", { name: lang === "en" ? "Pay" : "确认付款", exact: true }).click();
      await expect(page.getByRole("status")).toContainText(lang === "en" ? "Paid" : "付款成功");
      expect(sandbox.bank.find("m", `pay-${lang}`).paid).toHaveLength(1);
    });
  }
});
