import { execFileSync } from "node:child_process";
import { createHmac, hkdfSync } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import {
  authSecret,
  blindIndex,
  currentMasterKeyId,
  hashToken,
  masterKeyIdOf,
  newMasterKey,
  newToken,
  open,
  reloadSecrets,
  seal,
} from "./secrets";

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

test("a blind index is the beginning of an HMAC-SHA256, whatever the text", () => {
  const root = Buffer.from(process.env.KAQING_INDEX_KEY || process.env.KAQING_MASTER_KEY || "", "base64");
  const key = Buffer.from(hkdfSync("sha256", root, "kaqing", "voucher.code/index", 32));
  for (const text of ["", "ABCD", "卡清", "x".repeat(1_000)]) {
    const hmac = createHmac("sha256", key).update(text).digest();
    expect(blindIndex("voucher.code", text)).toEqual(hmac.subarray(0, 16));
  }
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

test("a new key in the file is taken up by who meets it; what the old one made still opens and is still found", () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "kaqing-secrets-"));
  const { KAQING_MASTER_KEY, KAQING_DATA_DIR } = process.env;
  const write = (kept: object, at: number) => {
    fs.writeFileSync(path.join(folder, "secrets.json"), JSON.stringify(kept));
    fs.utimesSync(path.join(folder, "secrets.json"), at, at);
  };
  try {
    process.env.KAQING_MASTER_KEY = "";
    process.env.KAQING_DATA_DIR = folder;
    const [first, second] = [newMasterKey(), newMasterKey()];
    write({ masterKey: second, previousKeys: [first] }, 1_000);
    reloadSecrets();
    const bySecond = seal("totp", "new", "a");
    write({ masterKey: first }, 2_000); // a house from before: no root of its own
    reloadSecrets();
    const old = { sealed: seal("totp", "x", "a"), index: blindIndex("totp", "x"), auth: authSecret() };
    expect(() => open("totp", bySecond, "a")).toThrow("another master key");
    write({ masterKey: second, previousKeys: [first] }, 3_000);
    expect(open("totp", bySecond, "a").toString()).toBe("new"); // without being told
    expect(open("totp", old.sealed, "a").toString()).toBe("x");
    expect(masterKeyIdOf(seal("totp", "x", "a"))).toBe(currentMasterKeyId());
    expect(currentMasterKeyId()).toBe(masterKeyIdOf(bySecond));
    expect(blindIndex("totp", "x")).toEqual(old.index);
    expect(authSecret()).toBe(old.auth);
    write({ masterKey: second, indexKey: first }, 4_000);
    reloadSecrets();
    expect(() => open("totp", old.sealed, "a")).toThrow("another master key");
    expect(blindIndex("totp", "x")).toEqual(old.index);
  } finally {
    Object.assign(process.env, { KAQING_MASTER_KEY });
    if (KAQING_DATA_DIR === undefined) delete process.env.KAQING_DATA_DIR;
    else process.env.KAQING_DATA_DIR = KAQING_DATA_DIR;
    reloadSecrets();
    fs.rmSync(folder, { recursive: true, force: true });
  }
});
