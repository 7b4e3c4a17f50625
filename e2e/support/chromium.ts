import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { chromium, type LaunchOptions } from "@playwright/test";

/** As root, and without a network: neither sandbox, nor calls home. */
const ARGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
const INSTALLED = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** The machine's Chromium, else Playwright's own, else the one inside the npm package @sparticuz/chromium. */
export async function findChromium(): Promise<LaunchOptions> {
  const named = process.env.KAQING_CHROMIUM;
  if (named) return launchOptions(named);
  const hidden = process.env.KAQING_CHROMIUM_PACKAGED === "1";
  const installed = [...INSTALLED, chromium.executablePath()];
  const found = hidden ? undefined : installed.find((file) => file && fs.existsSync(file));
  return launchOptions(found ?? (await unpackChromium()));
}

function launchOptions(executablePath: string): LaunchOptions {
  const libraries = path.join(path.dirname(executablePath), "al2023/lib");
  // The packaged one brings libraries for machines that lack them.
  const lacks = fs.existsSync(libraries) && spawnSync(executablePath, ["--version"]).status !== 0;
  const env = {
    ...(process.env as Record<string, string>),
    ...(lacks ? { LD_LIBRARY_PATH: [libraries, process.env.LD_LIBRARY_PATH].filter(Boolean).join(":") } : {}),
    ...(fs.existsSync(libraries)
      ? { FONTCONFIG_PATH: path.join(path.dirname(executablePath), "fonts") }
      : {}),
  };
  return { executablePath, args: ARGS, env };
}

/** Unpacks once, beside the packages; the package itself would use the common temporary folder. */
async function unpackChromium(): Promise<string> {
  const folder = path.resolve("node_modules/.cache/kaqing-chromium");
  const executable = path.join(folder, "chromium");
  const complete = path.join(folder, "complete");
  if (fs.existsSync(complete)) return executable;
  const partial = `${folder}.${process.pid}`;
  fs.mkdirSync(partial, { recursive: true });
  const before = { TMPDIR: process.env.TMPDIR, AWS_LAMBDA_JS_RUNTIME: process.env.AWS_LAMBDA_JS_RUNTIME };
  const libraries = process.env.LD_LIBRARY_PATH;
  const fonts = process.env.FONTCONFIG_PATH;
  process.env.TMPDIR = partial;
  process.env.AWS_LAMBDA_JS_RUNTIME = "nodejs22.x"; // has it unpack its libraries too
  try {
    const { default: packaged } = await import("@sparticuz/chromium");
    await packaged.executablePath();
  } finally {
    restore("TMPDIR", before.TMPDIR);
    restore("AWS_LAMBDA_JS_RUNTIME", before.AWS_LAMBDA_JS_RUNTIME);
    restore("LD_LIBRARY_PATH", libraries);
    restore("FONTCONFIG_PATH", fonts);
  }
  const fontsConf = path.join(partial, "fonts/fonts.conf");
  if (fs.existsSync(fontsConf)) {
    const text = fs.readFileSync(fontsConf, "utf8").replaceAll("/tmp/fonts", path.join(folder, "fonts"));
    fs.writeFileSync(fontsConf, text);
  }
  fs.writeFileSync(path.join(partial, "complete"), "");
  fs.rmSync(folder, { recursive: true, force: true });
  fs.renameSync(partial, folder);
  return executable;
}

function restore(name: string, value: string | undefined): void {
  if (value === undefined) delete process.env[name];
  else process.env[name] = value;
}
