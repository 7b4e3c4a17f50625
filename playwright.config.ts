import { defineConfig } from "@playwright/test";
import { findChromium } from "./e2e/support/chromium";
import { prepareHouse } from "./e2e/support/house";

const chromium = await findChromium();
const house = await prepareHouse();
/** As a wide screen and as a merchant's phone: `*.phone.spec.ts` runs on the phone only, the others on the desktop. */
const PHONE = /\.phone\.spec\.ts$/;

export default defineConfig({
  testDir: "e2e",
  outputDir: "test-results",
  // For a machine that is busy with other things; nothing here waits for time to pass.
  timeout: 150_000,
  expect: { timeout: 15_000 },
  workers: 2,
  fullyParallel: false,
  forbidOnly: Boolean(process.env.CI),
  reporter: "list",
  use: {
    baseURL: house.origin,
    locale: "zh-CN",
    timezoneId: "Asia/Shanghai",
    // Pictures and copies of the page at every moment would cost as much as the journeys; of the failure there is a
    // picture and an outline. The trace names what was done, asked for and said.
    trace: { mode: "retain-on-failure", screenshots: false, snapshots: false },
    screenshot: "only-on-failure",
    launchOptions: chromium,
  },
  projects: [
    { name: "desktop", testIgnore: PHONE, use: { viewport: { width: 1280, height: 800 } } },
    {
      name: "phone",
      testMatch: PHONE,
      use: { viewport: { width: 360, height: 740 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true },
    },
  ],
  webServer: house.server,
});
