import fs from "node:fs";
import path from "node:path";

/**
 * An append-only file of JSON lines. A line is written before what it says is answered, so that a process that is
 * killed at any moment has lost nothing it promised; a power cut may cost the last lines, which a sandbox can bear.
 */
export interface Journal<Event> {
  append(event: Event): void;
  close(): void;
}

/** Replays what was written, in order, and goes on behind it. A last line that was cut off is dropped. */
export function openJournal<Event>(file: string, replay: (event: Event) => void): Journal<Event> {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const fd = fs.openSync(file, "a+", 0o600);
  const text = fs.readFileSync(file, "utf8");
  const whole = text.slice(0, text.lastIndexOf("\n") + 1);
  if (whole.length < text.length) fs.ftruncateSync(fd, Buffer.byteLength(whole));
  for (const line of whole.split("\n")) if (line) replay(JSON.parse(line) as Event);
  return {
    append(event) {
      const line = Buffer.from(`${JSON.stringify(event)}\n`);
      for (let done = 0; done < line.length; ) done += fs.writeSync(fd, line, done);
    },
    close: () => fs.closeSync(fd),
  };
}
