import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

/** WCAG 2.2: 4.5:1 for text, 3:1 for what draws a control or a chart, in both themes. */
const css = readFileSync(new URL("../../app/globals.css", import.meta.url), "utf8");

function theme(selector: string): Record<string, string> {
  const block = new RegExp(`^${selector} \\{([\\s\\S]*?)^\\}`, "m").exec(css)?.[1] ?? "";
  return Object.fromEntries([...block.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map((m) => [m[1], m[2]]));
}

function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const c = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function ratio(a: string, b: string): number {
  const [high = 0, low = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

const TEXT: [string, string][] = [
  ...["background", "card", "popover", "muted", "secondary", "accent"].flatMap(
    (ground): [string, string][] => [
      ["foreground", ground],
      ["muted-foreground", ground],
    ],
  ),
  ...["primary", "success", "warning", "destructive", "info"].flatMap((tone): [string, string][] => [
    [tone, "card"],
    [tone, "background"],
    [tone, "popover"],
    [tone, `${tone}-soft`],
    ["foreground", `${tone}-soft`],
    ["muted-foreground", `${tone}-soft`],
  ]),
  ["primary-foreground", "primary"],
  ["destructive-foreground", "destructive-solid"],
];
const DRAWN: [string, string][] = [
  ["input", "card"],
  ["input", "background"],
  ["input", "popover"],
  ["ring", "card"],
  ["ring", "background"],
  ...[1, 2, 3, 4, 5].map((n): [string, string] => [`chart-${n}`, "card"]),
];

describe.each([":root", "\\.dark"])("contrast in %s", (selector) => {
  const colors = theme(selector);
  const of = (name: string) => colors[name] ?? expect.fail(`no colour ${name}`);
  it.each(TEXT)("%s on %s reads", (ink, ground) =>
    expect(ratio(of(ink), of(ground))).toBeGreaterThanOrEqual(4.5),
  );
  it.each(DRAWN)("%s on %s shows", (ink, ground) =>
    expect(ratio(of(ink), of(ground))).toBeGreaterThanOrEqual(3),
  );
});
