import { globSync, readFileSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";
import { describe, expect, it } from "vitest";

/**
 * The direction of imports, as the README gives it. Each rule has its reason; a new module gets a level.
 */
const LEVELS: Record<string, number> = {
  audit: 0,
  outbox: 0,
  parties: 1,
  ledger: 1,
  pricing: 1,
  calendar: 1,
  risk: 1,
  clearing: 2,
  vouchers: 3,
  cards: 3,
  payments: 3,
  cases: 3,
  orders: 4,
  imports: 5,
  settlement: 5,
  reconciliation: 5,
  treasury: 5,
  reports: 6,
};
/** What components may take from the server: types, and these, which run in a browser. */
const BROWSER_SAFE = [
  /^server\/domain\/[a-z]+\/(?:[a-z]+\/)?(?:[a-z-]+-)?schemas$/,
  /^server\/domain\/clearing\/(?:describe|difference|validate|standard|draft|corners|engine|trace|unchanged)$/,
  /^server\/domain\/clearing\/fees\/(?:describe|schedule|select)$/,
  /^server\/domain\/vouchers\/terms$/,
  /^server\/core\/(?:permissions|money|errors|money-schemas|system-words)$/,
];

const root = process.cwd();
const IMPORT =
  /^\s*(?:import|export)\s+(type\s)?(?:[^"';]*?\sfrom\s+)?"([^"]+)"|\bimport\(\s*"([^"]+)"\s*\)/gm;

interface Import {
  file: string;
  target: string;
  typeOnly: boolean;
}

function importsOf(file: string): Import[] {
  const text = readFileSync(file, "utf8");
  const found: Import[] = [];
  for (const [, type, from, dynamic] of text.matchAll(IMPORT)) {
    const spec = from ?? dynamic ?? "";
    const target = spec.startsWith("@/")
      ? spec.slice(2)
      : spec.startsWith(".")
        ? normalize(join(dirname(file), spec))
        : null;
    if (target !== null) found.push({ file, target, typeOnly: Boolean(type) });
  }
  return found;
}

const files = globSync("{app,components,server,db}/**/*.{ts,tsx}", { cwd: root }).map((f) =>
  relative(root, join(root, f)),
);
const isTest = (file: string) => /\.(?:test|fixture)\.tsx?$/.test(file) || file.startsWith("server/testing/");
const imports = files.filter((f) => !isTest(f)).flatMap(importsOf);
const offenders = (bad: (i: Import) => boolean) => imports.filter(bad).map((i) => `${i.file} → ${i.target}`);

function moduleOf(path: string): string | null {
  return /^server\/domain\/([a-z]+)(?:\/|$)/.exec(path)?.[1] ?? null;
}

describe("imports go one way", () => {
  it("finds the files", () => {
    expect(files.length).toBeGreaterThan(50);
    expect(imports.length).toBeGreaterThan(100);
  });

  it("db imports nothing above it", () => {
    expect(
      offenders(
        (i) => i.file.startsWith("db/") && !i.file.startsWith("db/seed/") && !i.target.startsWith("db/"),
      ),
    ).toEqual([]);
  });

  it("core imports db and core alone", () => {
    expect(
      offenders((i) => i.file.startsWith("server/core/") && !/^(?:db|server\/core)(?:\/|$)/.test(i.target)),
    ).toEqual([]);
  });

  it("domain imports domain, core and db alone; payments and orders speak to channels, too", () => {
    expect(
      offenders(
        (i) =>
          i.file.startsWith("server/domain/") &&
          !/^(?:db|server\/core|server\/domain)(?:\/|$)/.test(i.target) &&
          !(
            /^server\/domain\/(?:payments|orders)\//.test(i.file) &&
            /^server\/channels(?:\/(?:index|port))?$/.test(i.target)
          ),
      ),
    ).toEqual([]);
  });

  it("channels import core and channels alone", () => {
    expect(
      offenders(
        (i) => i.file.startsWith("server/channels/") && !/^server\/(?:core|channels)(?:\/|$)/.test(i.target),
      ),
    ).toEqual([]);
  });

  it("a module has a level, and uses lower ones", () => {
    expect(
      offenders((i) => {
        const from = moduleOf(i.file);
        const to = moduleOf(i.target);
        if (from === null || to === null || from === to) return false;
        return !(from in LEVELS) || !(to in LEVELS) || (LEVELS[to] ?? 99) > (LEVELS[from] ?? -1);
      }),
    ).toEqual([]);
  });

  it("a module is entered through its door", () => {
    expect(
      offenders((i) => {
        const to = moduleOf(i.target);
        if (to === null || moduleOf(i.file) === to) return false;
        return (
          !new RegExp(`^server/domain/${to}(?:/index|/(?:[a-z]+/)?(?:[a-z-]+-)?schemas)?$`).test(i.target) &&
          !i.typeOnly &&
          !i.file.startsWith("components/")
        );
      }),
    ).toEqual([]);
  });

  it("nothing below imports screens or transports", () => {
    expect(
      offenders(
        (i) =>
          /^(?:server|db)\//.test(i.file) &&
          /^(?:app|components)\//.test(i.target) &&
          !i.target.startsWith("components/i18n"),
      ),
    ).toEqual([]);
    expect(
      offenders(
        (i) =>
          /^server\/(?:core|domain)\//.test(i.file) &&
          /^server\/(?:trpc|rest|jobs|auth|ops)\//.test(i.target),
      ),
    ).toEqual([]);
  });

  it("components take types and what runs in a browser from the server", () => {
    expect(
      offenders(
        (i) =>
          i.file.startsWith("components/") &&
          /^(?:server|db)\//.test(i.target) &&
          !i.typeOnly &&
          !BROWSER_SAFE.some((safe) => safe.test(i.target)),
      ),
    ).toEqual([]);
  });

  it("components never import routes", () => {
    expect(offenders((i) => i.file.startsWith("components/") && i.target.startsWith("app/"))).toEqual([]);
  });
});
