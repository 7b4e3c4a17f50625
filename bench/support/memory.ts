import fs from "node:fs";
import path from "node:path";
import { dataFolder } from "@/db/data-folder";
import type { BenchSetting } from "./bench";

/** As much as the measurements use, and as much again. In MB. */
const ENOUGH_MB = 12 * 1024;
/** Of the memory that is free, what is not touched: were it short, the system would drop what was read. */
const REST = 0.3;
const PART = 64 * 2 ** 10;

/**
 * Has the machine's memory in use before anything is measured: what is free for the measurements has been used before.
 *
 * A virtual machine asks its host for memory that it uses for the first time, and may hand it back as soon as two
 * megabytes in a row are free: 7 µs for 4 KB on ours, and a redemption writes about as much. That is a quarter of what
 * one costs, or nothing, as it happens. A server that has run for a while has touched its memory, and what is free of it
 * lies in pieces. So two files are read in turn, of nothing but holes, which take no room on the disk, and one is
 * dropped: its half of the memory is free in pieces, which are taken before what is whole.
 */
export function touchMemory({ say }: BenchSetting): { giveBack(): void } {
  const size = Math.floor(Math.min(ENOUGH_MB, memoryFree() * (1 - REST)) / 2) * 2 ** 20;
  if (size === 0) return { giveBack() {} };
  say(`Using ${Math.round((2 * size) / 2 ** 20)} MB of free memory once …`);
  const folder = path.join(dataFolder(), "bench");
  fs.mkdirSync(folder, { recursive: true });
  const holes = ["hole-1", "hole-2"].map((name) => path.join(folder, name));
  const files = holes.map((place) => fs.openSync(place, "w+", 0o600));
  try {
    for (const file of files) fs.ftruncateSync(file, size);
    const part = Buffer.allocUnsafe(PART);
    // From their ends: who reads on is given megabytes ahead, in a row.
    for (let at = size - PART; at >= 0; at -= PART)
      for (const file of files) fs.readSync(file, part, 0, PART, at);
  } finally {
    for (const file of files) fs.closeSync(file);
  }
  const drop = (place: string | undefined) => place && fs.rmSync(place, { force: true });
  drop(holes[0]);
  return { giveBack: () => drop(holes[1]) };
}

/** In MB; 0 where the system does not tell. */
function memoryFree(): number {
  if (!fs.existsSync("/proc/meminfo")) return 0;
  return Number(/^MemFree:\s+(\d+) kB$/m.exec(fs.readFileSync("/proc/meminfo", "utf8"))?.[1] ?? 0) / 1024;
}
