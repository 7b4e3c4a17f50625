import fs from "node:fs";
import { connect } from "@/db/client";
import { type KeptSecrets, newMasterKey, reloadSecrets, secretsFile } from "@/server/core/secrets";
import { openDatabase } from "./database";
import { migrate } from "./migrate";
import { countLeft, resealAll } from "./reseal";
import { say } from "./say";
import { table } from "./table";

/**
 * npm run rotate-key [-- --forget]: a new master key, and everything that the old one has sealed sealed anew. May be
 * stopped and run again: it goes on with what is left. The old key stays in the file, to open backups, until
 * `--forget` finds nothing that needs it. With KAQING_MASTER_KEY the new one is given as KAQING_MASTER_KEY_NEXT.
 * See docs/decisions/0022-master-key-rotation.md.
 */
const forget = process.argv.includes("--forget");
const { KAQING_MASTER_KEY: given, KAQING_MASTER_KEY_NEXT: next, KAQING_INDEX_KEY: index } = process.env;
if (given && !next) {
  say(
    "Set KAQING_MASTER_KEY_NEXT (openssl rand -base64 32) on every server, start them again, then run this.",
  );
  process.exit(2);
}

/** Servers that run look at the file every 5 seconds; only then do they seal with the new key. */
const UNTIL_SEEN_MS = 6_000;

const database = await openDatabase(say);
let failed = false;
try {
  await migrate(database.url);
  const owner = connect(database.url, { as: "owner", max: 2 });
  try {
    failed = forget ? !(await forgetOld()) : !(await rotate());
  } finally {
    await owner.close();
  }

  async function rotate(): Promise<boolean> {
    if (!given && bringNewKey()) {
      say("A new master key stands in the file of secrets. Servers that run take it up within seconds …");
      await new Promise((resolve) => setTimeout(resolve, UNTIL_SEEN_MS));
    }
    const results = await resealAll(owner, (column, count) =>
      say(`${column}: ${count.toLocaleString("en")}`),
    );
    process.stdout.write(
      `${table(
        ["secrets", "sealed anew", "unreadable"],
        results.map((one) => [one.column, String(one.resealed), String(one.unreadable)]),
      )}\n`,
    );
    if (results.some((one) => one.unreadable > 0)) {
      say("Some secrets open with none of the known keys; they were left as they are.");
      return false;
    }
    if (given) {
      say("Done. Now set KAQING_MASTER_KEY to the new key, drop KAQING_MASTER_KEY_NEXT,");
      if (!index)
        say("and set KAQING_INDEX_KEY to the OLD key, for good: without it no code or card is found.");
    } else
      say("Done. The old key stays in the file, for backups; `npm run rotate-key -- --forget` drops it.");
    return true;
  }

  async function forgetOld(): Promise<boolean> {
    if (given) {
      say("The keys stand in the environment: drop KAQING_MASTER_KEY_NEXT there.");
      return true;
    }
    reloadSecrets();
    const left = (await countLeft(owner)).filter((one) => one.left > 0);
    for (const { column, left: count } of left) say(`${column}: ${count} are sealed with an older key`);
    if (left.length > 0) {
      say("Nothing was dropped: run `npm run rotate-key` first.");
      return false;
    }
    const { previousKeys: _, ...kept } = readKept();
    writeKept(kept);
    say("The old keys are dropped. Backups from before cannot be read without a copy of them.");
    return true;
  }
} finally {
  await database.release();
}
process.exit(failed ? 1 : 0);

/** False if a rotation is under way, which this run goes on with. */
function bringNewKey(): boolean {
  reloadSecrets(); // makes the file, if there is none
  const kept = readKept();
  if (kept.previousKeys?.length) return false;
  writeKept({
    masterKey: newMasterKey(),
    previousKeys: [kept.masterKey],
    indexKey: kept.indexKey ?? kept.masterKey,
  });
  reloadSecrets();
  return true;
}

function readKept(): KeptSecrets {
  return JSON.parse(fs.readFileSync(secretsFile(), "utf8")) as KeptSecrets;
}

/** Whole or not at all. */
function writeKept(kept: KeptSecrets): void {
  const draft = `${secretsFile()}.${process.pid}`;
  fs.writeFileSync(draft, `${JSON.stringify(kept)}\n`, { mode: 0o600, flush: true });
  fs.renameSync(draft, secretsFile());
}
