import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { authSecret, blindIndex, hashToken, newToken, open, seal } from "./secrets";

test("what is sealed opens for the same purpose and place only", () => {
  const sealed = seal("bank_account", "6222 0000 1234", "tenant-1/party-1");
  expect(sealed.includes("6222")).toBe(false);
  expect(open("bank_account", sealed, "tenant-1/party-1").toString()).toBe("6222 0000 1234");
  expect(() => open("bank_account", sealed, "tenant-1/party-2")).toThrow();
  expect(() => open("totp", sealed, "tenant-1/party-1")).toThrow();
});

test("a changed, cut or foreign secret does not open", () => {
  const sealed = seal("totp", Buffer.from([1, 2, 3]), "a");
  for (let i = 0; i < sealed.length; i++) {
    const changed = Buffer.from(sealed);
    changed[i] = (changed[i] ?? 0) ^ 1;
    expect(() => open("totp", changed, "a")).toThrow();
  }
  expect(() => open("totp", sealed.subarray(0, 20), "a")).toThrow("Not a sealed secret");
  const foreign = Buffer.from(sealed);
  foreign[1] = (foreign[1] ?? 0) ^ 1;
  expect(() => open("totp", foreign, "a")).toThrow("another master key");
});

test("the same text is sealed differently each time, empty text too", () => {
  const sealed = new Set(Array.from({ length: 2000 }, () => seal("voucher.code", "", "x").toString("hex")));
  expect(sealed.size).toBe(2000);
});

test("a blind index is the same for the same text, and differs by purpose", () => {
  const index = blindIndex("voucher.code", "ABCD");
  expect(index).toHaveLength(16);
  expect(blindIndex("voucher.code", "ABCD")).toEqual(index);
  expect(blindIndex("voucher.code", "ABCE")).not.toEqual(index);
  expect(blindIndex("api_key", "ABCD")).not.toEqual(index);
});

test("tokens are long, random and hashed", () => {
  expect(newToken()).toHaveLength(43);
  expect(newToken()).not.toBe(newToken());
  expect(hashToken("a").toString("hex")).toMatch(/^ca978112/);
  expect(authSecret().length).toBeGreaterThan(40);
});

test("the first start makes a key with mode 0600, later ones read it, processes at once agree", () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "kaqing-secrets-"));
  const run = () =>
    execFileSync(
      process.execPath,
      [
        "--import",
        "tsx",
        "-e",
        `import("@/server/core/secrets").then((s) => process.stdout.write(s.authSecret()))`,
      ],
      { env: { ...process.env, KAQING_MASTER_KEY: "", KAQING_DATA_DIR: folder }, encoding: "utf8" },
    );
  try {
    const first = run();
    expect(run()).toBe(first);
    const file = path.join(folder, "secrets.json");
    expect(fs.statSync(file).mode & 0o777).toBe(0o600);
    expect(fs.readdirSync(folder)).toEqual(["secrets.json"]);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}, 20_000);
