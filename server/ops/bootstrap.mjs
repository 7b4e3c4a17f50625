// Runs a command of Kaqing on a machine that has Node ≥ 20 and npm, and nothing else yet:
//   node server/ops/bootstrap.mjs <command> [arguments]
// Installs the locked packages if they are missing or others, then runs server/ops/<command>.ts on the Node
// that came with them.
import { spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const [command = "", ...args] = process.argv.slice(2);
const script = path.join(root, "server/ops", `${command}.ts`);

process.chdir(root);
if (!/^[a-z][a-z0-9-]*$/.test(command) || !fs.existsSync(script)) {
  fail(`Unknown command: ${command || "(none)"}`);
}
if (Number(process.versions.node.split(".")[0]) < 20) {
  fail(`Kaqing needs Node 20 or newer to start; this is ${process.versions.node}.`);
}

if (!isInstalled()) {
  tell("Installing packages (once; this takes a minute or two) …");
  const quietly = ["--include=dev", "--no-audit", "--no-fund", "--loglevel=error"];
  // `npm ci` is strict about packages of other platforms, which some registries lack.
  const done =
    (await npm(["ci", ...quietly])) === 0 || (await npm(["install", "--no-save", ...quietly])) === 0;
  if (!done)
    fail(
      "The packages could not be installed: see above. Kaqing needs the npm registry for its first start.",
    );
}
process.exitCode = await run(newestNode(), ["--import", "tsx", script, ...args]);

/** True if every package the lock file demands stands in node_modules in its version. */
function isInstalled() {
  const locked = readPackages("package-lock.json");
  const present = readPackages("node_modules/.package-lock.json");
  if (!locked || !present) return false;
  return Object.entries(locked).every(([name, { version, optional, link }]) => {
    if (name === "" || link) return true;
    return present[name] ? present[name].version === version : optional === true;
  });
}

function readPackages(file) {
  try {
    return JSON.parse(fs.readFileSync(path.join(root, file), "utf8")).packages ?? null;
  } catch {
    return null;
  }
}

/** Node 24 of the npm package `node`; our own if its install script could not run and we are new enough. */
function newestNode() {
  const packaged = path.join(
    root,
    "node_modules/node/bin",
    process.platform === "win32" ? "node.exe" : "node",
  );
  if (fs.existsSync(packaged)) return packaged;
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major > 22 || (major === 22 && minor >= 18)) return process.execPath;
  return fail(
    "The package `node` is not complete: npm may be set to skip install scripts (ignore-scripts). Run\n  npm rebuild --ignore-scripts=false\nor use Node 22.18 or newer.",
  );
}

function npm(npmArgs) {
  const cli = process.env.npm_execpath;
  const stdio = ["ignore", 2, 2]; // standard output is the command's
  if (cli?.endsWith(".js")) return run(process.execPath, [cli, ...npmArgs], { stdio });
  return run(process.platform === "win32" ? "npm.cmd" : "npm", npmArgs, {
    stdio,
    shell: process.platform === "win32",
  });
}

/** Runs a program to its end, handing signals on. The channel tells it when we die without a word. */
function run(program, programArgs, options = { stdio: ["inherit", "inherit", "inherit", "ipc"] }) {
  return new Promise((resolve) => {
    const child = spawn(program, programArgs, { cwd: root, ...options });
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
      process.on(signal, () => child.kill(signal));
    }
    // npm hands a signal on to the shell between us only; without that parent nobody could stop us any more.
    const parent = process.ppid;
    if (process.env.npm_lifecycle_event) {
      setInterval(() => process.ppid !== parent && child.kill("SIGTERM"), 500).unref();
    }
    child.once("error", (error) => fail(`${program}: ${error.message}`));
    child.once("exit", (code, signal) => resolve(signal ? 128 + (signal === "SIGINT" ? 2 : 15) : code));
    child.once("exit", () => child.connected && child.disconnect());
  });
}

function tell(line) {
  process.stderr.write(`${line}\n`);
}

function fail(line) {
  tell(line);
  process.exit(1);
}
