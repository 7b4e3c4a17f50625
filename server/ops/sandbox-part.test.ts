import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { sandboxEnvironment, wantsSandbox } from "./sandbox-part";

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "kaqing-sandbox-"));
  for (const name of [
    "KAQING_SANDBOX",
    "KAQING_SANDBOX_PORT",
    "KAQING_SANDBOX_URL",
    "KAQING_HOST",
    "KAQING_SEED",
  ])
    vi.stubEnv(name, "");
});
afterEach(() => {
  vi.unstubAllEnvs();
  fs.rmSync(folder, { recursive: true, force: true });
});

describe("the sandbox of a house", () => {
  it("runs with demo data in the embedded database, elsewhere only when told", () => {
    expect(wantsSandbox(true)).toBe(true);
    expect(wantsSandbox(false)).toBe(false);
    vi.stubEnv("KAQING_SEED", "none");
    expect(wantsSandbox(true)).toBe(false);
    vi.stubEnv("KAQING_SANDBOX", "on");
    expect(wantsSandbox(false)).toBe(true);
    vi.stubEnv("KAQING_SEED", "demo");
    vi.stubEnv("KAQING_SANDBOX", "off");
    expect(wantsSandbox(true)).toBe(false);
    vi.stubEnv("KAQING_SANDBOX", "perhaps");
    expect(() => wantsSandbox(true)).toThrow("KAQING_SANDBOX");
  });

  it("keeps its port and its token over restarts, and is reached by the portal's name", async () => {
    const first = await sandboxEnvironment(folder, "http://192.168.1.5:3000");
    expect(first.KAQING_SANDBOX_URL).toBe(`http://192.168.1.5:${first.KAQING_SANDBOX_PORT}`);
    expect(first.KAQING_SANDBOX_ENDPOINT).toBe(`http://127.0.0.1:${first.KAQING_SANDBOX_PORT}`);
    expect(await sandboxEnvironment(folder, "http://192.168.1.5:3000")).toEqual(first);
    expect(fs.statSync(path.join(folder, "sandbox/token")).mode & 0o077).toBe(0);

    const squatter = net.createServer().listen(Number(first.KAQING_SANDBOX_PORT));
    await new Promise((resolve) => squatter.once("listening", resolve));
    const other = await sandboxEnvironment(folder, "http://localhost:3000");
    squatter.close();
    expect(other.KAQING_SANDBOX_PORT).not.toBe(first.KAQING_SANDBOX_PORT);
    expect(other.KAQING_SANDBOX_TOKEN).toBe(first.KAQING_SANDBOX_TOKEN);
  });

  it("takes the port and the address that were set", async () => {
    vi.stubEnv("KAQING_SANDBOX_PORT", "4010");
    vi.stubEnv("KAQING_SANDBOX_URL", "https://pay.example.com");
    expect(await sandboxEnvironment(folder, "https://kaqing.example.com")).toMatchObject({
      KAQING_SANDBOX_PORT: "4010",
      KAQING_SANDBOX_URL: "https://pay.example.com",
    });
    vi.stubEnv("KAQING_SANDBOX_PORT", "many");
    await expect(sandboxEnvironment(folder, "http://localhost:3000")).rejects.toThrow("KAQING_SANDBOX_PORT");
  });
});
