import { randomBytes } from "node:crypto";
import fs from "node:fs";
import net, { type AddressInfo } from "node:net";
import path from "node:path";
import { seedName } from "./seed";

export const SANDBOX_PROGRAM = "server/ops/sandbox.ts";

/**
 * Whether the payment sandbox belongs to this house: with demo data in the embedded database; elsewhere only if
 * KAQING_SANDBOX=on says so, and never with `off`. Whoever reaches its cashier can "pay", so it is nothing for
 * production.
 */
export function wantsSandbox(embedded: boolean): boolean {
  const asked = process.env.KAQING_SANDBOX;
  if (asked === "on" || asked === "off") return asked === "on";
  if (asked) throw new Error(`KAQING_SANDBOX is "on" or "off", not "${asked}".`);
  return embedded && seedName() !== "none";
}

/** What the sandbox, the portal and the worker have to know of each other. */
export async function sandboxEnvironment(folder: string, portal: string): Promise<Record<string, string>> {
  const own = path.join(folder, "sandbox");
  fs.mkdirSync(own, { recursive: true, mode: 0o700 });
  const port = await choosePort(path.join(own, "port"));
  const host = process.env.KAQING_HOST;
  const local = host && !/^(?:0\.0\.0\.0|::)$/.test(host) ? host : "127.0.0.1";
  return {
    KAQING_SANDBOX_PORT: String(port),
    KAQING_SANDBOX_TOKEN: tokenIn(path.join(own, "token")),
    KAQING_SANDBOX_ENDPOINT: `http://${local.includes(":") ? `[${local}]` : local}:${port}`,
    KAQING_SANDBOX_URL: process.env.KAQING_SANDBOX_URL || `http://${new URL(portal).hostname}:${port}`,
  };
}

/** The one that was set; else the one of last time, so that cashiers' addresses stay good; else a free one. */
async function choosePort(file: string): Promise<number> {
  const set = process.env.KAQING_SANDBOX_PORT;
  if (set) {
    const port = Number(set);
    if (!Number.isInteger(port) || port < 1 || port > 65_535)
      throw new Error(`KAQING_SANDBOX_PORT is a number from 1 to 65535, not "${set}".`);
    return port;
  }
  const last = fs.existsSync(file) ? Number(fs.readFileSync(file, "utf8")) : 0;
  const port = (last && (await listenOnce(last))) || (await listenOnce(0));
  if (!port) throw new Error("No free port for the payment sandbox. Choose one: KAQING_SANDBOX_PORT=4010");
  fs.writeFileSync(file, `${port}\n`);
  return port;
}

/** The port that could be listened on, or null. */
function listenOnce(port: number): Promise<number | null> {
  return new Promise((resolve) => {
    const probe = net.createServer();
    probe.once("error", () => resolve(null));
    probe.listen(port, process.env.KAQING_HOST, () => {
      const found = (probe.address() as AddressInfo).port;
      probe.close(() => resolve(found));
    });
  });
}

function tokenIn(file: string): string {
  if (!fs.existsSync(file))
    fs.writeFileSync(file, `${randomBytes(32).toString("base64url")}\n`, { mode: 0o600, flush: true });
  return fs.readFileSync(file, "utf8").trim();
}
