import fs from "node:fs";
import path from "node:path";
import { dataFolder } from "@/db/data-folder";
import type { BenchSetting } from "./bench";

/** Left free for the processes that measure. */
const SPARE_MB = 512;

/**
 * Fills what memory is free with what is read from a file, of nothing but a hole, which takes no room on the disk;
 * until it is given back.
 *
 * A virtual machine has to ask its host for memory that it uses for the first time, or that was free for a while: 7 µs
 * for 4 KB on ours, and a redemption writes about as much. On a server that has run for a while no memory is free; it
 * holds what was read from files, and goes to whoever needs it.
 */
export function fillFreeMemory({ say }: BenchSetting): { giveBack(): void } {
  const free = memoryFree();
  if (free < 2 * SPARE_MB) return { giveBack() {} };
  say(`Filling ${Math.round(free)} MB of free memory …`);
  const folder = path.join(dataFolder(), "bench");
  fs.mkdirSync(folder, { recursive: true });
  const place = path.join(folder, "hole");
  const file = fs.openSync(place, "w+", 0o600);
  try {
    fs.ftruncateSync(file, Math.floor(free - SPARE_MB) * 2 ** 20);
    const part = Buffer.allocUnsafe(2 ** 22);
    while (fs.readSync(file, part) > 0);
  } finally {
    fs.closeSync(file);
  }
  return { giveBack: () => fs.rmSync(place, { force: true }) };
}

/** In MB; 0 where the system does not tell. */
function memoryFree(): number {
  if (!fs.existsSync("/proc/meminfo")) return 0;
  return Number(/^MemFree:\s+(\d+) kB$/m.exec(fs.readFileSync("/proc/meminfo", "utf8"))?.[1] ?? 0) / 1024;
}
