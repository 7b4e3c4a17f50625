import type { Page } from "@playwright/test";
import { test as base } from "./test";

/**
 * `test` of pages that are only looked at: a role's pages come one after the other in one tab, signed in, each loaded
 * anew. A tab of its own for each would cost as much as a page. What a test leaves behind is the tab's address.
 */
export const test = base.extend<object, { tabs: Map<string, Page> }>({
  tabs: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads what is asked for from the pattern
    async ({}, use) => {
      const tabs = new Map<string, Page>();
      await use(tabs);
      for (const page of tabs.values()) await page.context().close();
    },
    { scope: "worker" },
  ],

  context: async ({ tabs, role, locale, browser }, use) => {
    const key = `${role} ${locale}`;
    const page = tabs.get(key) ?? (await (await browser.newContext()).newPage());
    tabs.set(key, page);
    await use(page.context());
  },

  page: async ({ context }, use) => {
    const [page] = context.pages() as [Page];
    await use(page);
    await page.emulateMedia({ colorScheme: null, reducedMotion: null });
  },
});

export { expect } from "./test";
