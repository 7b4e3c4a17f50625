import { createRequire } from "node:module";
import AxeBuilder from "@axe-core/playwright";
import type { Frame, Page } from "@playwright/test";

/** The very axe that the builder brings, as text. */
const { source } = createRequire(createRequire(import.meta.url).resolve("@axe-core/playwright"))(
  "axe-core",
) as { source: string };

/** What breaks the rules of these tags on the page as it is now: of each rule what it asks for and who breaks it. */
export async function violationsOf(page: Page, tags: string[]): Promise<string[]> {
  await Promise.all(page.frames().map(bringAxe));
  // "Legacy" puts the results together in the page itself, not in a blank one of its own; it misses frames of other
  // origins only, and there are none. What passes is counted, not described: that took as long as the rules.
  const axe = new AxeBuilder({ page, axeSource: ";" })
    .options({ resultTypes: ["violations"] })
    .withTags(tags)
    .setLegacyMode();
  const { violations } = await axe.analyze();
  return violations.map(
    ({ id, help, nodes }) => `${id}: ${help}\n  ${nodes.map((node) => node.target.join(" ")).join("\n  ")}`,
  );
}

/** Once a document; the builder by itself would do so four times for a page's two themes. */
async function bringAxe(frame: Frame): Promise<void> {
  if (await frame.evaluate(() => "axe" in window)) return;
  await frame.evaluate(source);
  await frame.evaluate(rememberColours);
}

interface Colour {
  r: number;
  g: number;
  b: number;
  alpha: number;
  parseString(text: string): Colour;
}

/**
 * In the page: has axe parse each colour once. It asks for the same twenty by the ten thousand, and what comes of one
 * follows from its text alone; a quarter of axe's time went there.
 */
function rememberColours(): void {
  const { axe } = window as unknown as { axe: { commons: { color: { Color: { prototype: Colour } } } } };
  const { prototype } = axe.commons.color.Color;
  const parse = prototype.parseString;
  const known = new Map<string, Pick<Colour, "r" | "g" | "b" | "alpha">>();
  prototype.parseString = function (text) {
    const found = known.get(text);
    if (found) return Object.assign(this, found);
    const { r, g, b, alpha } = parse.call(this, text);
    known.set(text, { r, g, b, alpha });
    return this;
  };
}
