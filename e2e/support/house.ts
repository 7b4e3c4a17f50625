import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import type { PlaywrightTestConfig } from "@playwright/test";

/** Where the house under test stands: one started for this run, or the one KAQING_E2E_URL names. */
export interface House {
  origin: string;
  server: PlaywrightTestConfig["webServer"];
}

/** Called by the configuration, which each worker reads again: what is chosen once goes by the environment. */
export async function prepareHouse(): Promise<House> {
  const running = process.env.KAQING_E2E_URL;
  if (running) {
    process.env.KAQING_E2E_FOLDER ??= fs.mkdtempSync(path.join(os.tmpdir(), "kaqing-e2e-"));
    return { origin: running, server: undefined };
  }
  process.env.KAQING_E2E_PORT ??= String(await freePort());
  process.env.KAQING_E2E_FOLDER ??= makeFolder();
  const port = process.env.KAQING_E2E_PORT;
  const origin = `http://localhost:${port}`;
  return {
    origin,
    server: {
      command: "node server/ops/bootstrap.mjs e2e-server",
      url: `${origin}/api/health`,
      timeout: 10 * 60_000,
      stdout: "pipe",
      gracefulShutdown: { signal: "SIGTERM", timeout: 30_000 },
      env: {
        PORT: port,
        KAQING_DATA_DIR: process.env.KAQING_E2E_FOLDER,
        KAQING_TEST_CLOCK: path.join(process.env.KAQING_E2E_FOLDER, "clock.json"),
        KAQING_SEED: process.env.KAQING_SEED || "e2e",
        DATABASE_URL: "",
        KAQING_MASTER_KEY: "",
        NEXTAUTH_URL: "",
      },
    },
  };
}

/** Passable for the system user that PostgreSQL runs as when we are root. */
function makeFolder(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "kaqing-e2e-"));
  fs.chmodSync(folder, 0o711);
  return folder;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = net.createServer();
    probe.once("error", reject);
    probe.listen(0, () => {
      const { port } = probe.address() as net.AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}
