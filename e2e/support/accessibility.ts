import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/**
 * No violation that axe finds, in the light theme and in the dark one. The page stays as it is.
 *
 * A page streams in: its address changes before its title and heading are there. What is judged is the page
 * that has arrived.
 */
export async function expectAccessible(page: Page): Promise<void> {
  await expect(page).toHaveTitle(/\S/);
  await expect(page.locator("h1").first(), "the page has arrived").toBeAttached();
  for (const theme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
    await expect(page.locator("html"), `the page follows the system's ${theme} theme`).toHaveClass(
      new RegExp(`\\b${theme}\\b`),
    );
    // "Legacy" puts the results together in the page itself, not in a blank one of its own; it misses frames of other
    // origins only, and there are none.
    const { violations } = await new AxeBuilder({ page }).withTags(RULES).setLegacyMode().analyze();
    const found = violations.map(
      ({ id, help, nodes }) => `${id}: ${help}\n  ${nodes.map((node) => node.target.join(" ")).join("\n  ")}`,
    );
    expect(found, `axe, ${theme} theme, ${page.url()}`).toEqual([]);
  }
}

/** Nothing sticks out to the side: the page itself does not scroll across. */
export async function expectFitsWidth(page: Page): Promise<void> {
  const excess = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(excess, `${page.url()} is wider than the screen`).toBeLessThanOrEqual(0);
}
