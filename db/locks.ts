import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/**
 * Files that say "process N is at work here", and survive neither its end nor a reused process number:
 * each holds the process's number and the moment it began.
 */

/** True while the process runs; a zombie nobody reaps does not. */
export function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return false;
  }
  const stat = procStat(pid);
  return stat === null || (stat.state !== "Z" && stat.state !== "X");
}

/** What distinguishes this process from a later one with the same number; empty where the system does not tell. */
export function birthOf(pid: number): string {
  return procStat(pid)?.start ?? "";
}

function procStat(pid: number): { state: string; start: string } | null {
  if (process.platform !== "linux") return null;
  try {
    const text = fs.readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    return { state: fields[0] ?? "", start: fields[19] ?? "" };
  } catch {
    return { state: "X", start: "" };
  }
}

/** The command line of a process, or empty. */
export function commandOf(pid: number): string {
  try {
    if (process.platform === "linux")
      return fs.readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
    if (process.platform === "win32") return "";
    return execFileSync("ps", ["-p", String(pid), "-o", "command="], { encoding: "utf8" });
  } catch {
    return "";
  }
}

function mark(): string {
  return `${process.pid} ${birthOf(process.pid)}\n`;
}

function isHeld(file: string): boolean {
  try {
    const [pid = "", birth = ""] = fs.readFileSync(file, "utf8").trim().split(" ");
    return isAlive(Number(pid)) && birthOf(Number(pid)) === birth;
  } catch {
    return false;
  }
}

/** Runs `work` while no other process on this machine holds `file`. A dead holder's lock is taken over. */
export async function withFileLock<T>(
  file: string,
  work: () => Promise<T>,
  options: { waiting?: () => void; timeoutMs?: number } = {},
): Promise<T> {
  const until = Date.now() + (options.timeoutMs ?? 180_000);
  let told = false;
  for (;;) {
    // Written beside and linked into place, so that the lock never exists without its holder's name.
    const own = `${file}.${process.pid}`;
    fs.writeFileSync(own, mark());
    try {
      fs.linkSync(own, file);
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    } finally {
      fs.rmSync(own, { force: true });
    }
    if (!isHeld(file)) {
      takeAway(file);
      continue;
    }
    if (!told) options.waiting?.();
    told = true;
    if (Date.now() > until) throw new Error(`Another process holds ${file}`);
    await sleep(100);
  }
  try {
    return await work();
  } finally {
    fs.rmSync(file, { force: true });
  }
}

/** Removes a dead holder's lock, and puts it back if somebody else was quicker and it is a living one's by now. */
function takeAway(file: string): void {
  const aside = `${file}.${process.pid}.dead`;
  try {
    fs.renameSync(file, aside);
    if (isHeld(aside)) fs.linkSync(aside, file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ENOENT" && code !== "EEXIST") throw error;
  } finally {
    fs.rmSync(aside, { force: true });
  }
}

/** Counts who uses a shared thing: one file per user in `folder`. Call its methods under a lock. */
export class Leases {
  private readonly own: string;
  constructor(private readonly folder: string) {
    fs.mkdirSync(folder, { recursive: true });
    this.own = path.join(folder, `${process.pid}.${nextLease++}`);
  }
  take(): void {
    fs.writeFileSync(this.own, mark());
  }
  /** Gives the own lease back and says whether others are left. */
  giveBack(): { others: boolean } {
    fs.rmSync(this.own, { force: true });
    let others = false;
    for (const name of fs.readdirSync(this.folder)) {
      const file = path.join(this.folder, name);
      if (isHeld(file)) others = true;
      else fs.rmSync(file, { force: true });
    }
    return { others };
  }
}
let nextLease = 0;
