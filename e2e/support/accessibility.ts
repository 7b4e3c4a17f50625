import { expect, type Page } from "@playwright/test";
import { violationsOf } from "./axe";

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
/** A region that says so of itself, and the shapes of what comes. */
const UNDER_WAY = '[aria-busy="true"], span.animate-pulse[aria-hidden]';

/**
 * No violation that axe finds, in the light theme and in the dark one. The page stays as it is.
 *
 * A page streams in: its address changes before its title and heading are there, and what it asks for comes later
 * still. What is judged is the page that has arrived.
 */
export async function expectAccessible(page: Page): Promise<void> {
  await expect(page).toHaveTitle(/\S/);
  await expect(page.locator("h1").first(), "the page has arrived").toBeAttached();
  await expect.poll(() => underWay(page), "and what it waits for").toBe(0);
  for (const theme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
    await expect(page.locator("html"), `the page follows the system's ${theme} theme`).toHaveClass(
      new RegExp(`\\b${theme}\\b`),
    );
    expect(await violationsOf(page, RULES), `axe, ${theme} theme, ${page.url()}`).toEqual([]);
  }
}

/**
 * How much of the page is still to come: what says so, and what is fading in or out, with the colours of neither.
 * A chart beyond the window's edge comes only once it is near.
 */
async function underWay(page: Page): Promise<number> {
  return page.evaluate((selector) => {
    const busy = [...document.querySelectorAll(selector)].filter(
      (one) => one.checkVisibility() && one.getBoundingClientRect().top < window.innerHeight,
    );
    const fading = document
      .getAnimations()
      .filter(
        ({ playState, effect }) =>
          playState === "running" && effect?.getComputedTiming().endTime !== Number.POSITIVE_INFINITY,
      );
    return busy.length + fading.length;
  }, UNDER_WAY);
}

/** Nothing sticks out to the side: the page, arrived and drawn anew at a new size, does not scroll across. */
export async function expectFitsWidth(page: Page): Promise<void> {
  await expect.poll(() => underWay(page), "the page has arrived").toBe(0);
  const excess = () =>
    page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  await expect.poll(excess, `${page.url()} is wider than the screen`).toBeLessThanOrEqual(0);
}
