import fs from "node:fs";
import path from "node:path";
import { dataFolder } from "@/db/data-folder";
import { removeLeftovers } from "@/server/testing/leftovers";
import { launch } from "./launch";

/**
 * The whole house for the browser tests, in a data folder of its own (KAQING_DATA_DIR, named by
 * playwright.config.ts): leaves its sign-ins there, and nothing at its end.
 */
await removeLeftovers("kaqing-e2e-");
const folder = dataFolder();
process.on("exit", () => fs.rmSync(folder, { recursive: true, force: true }));
await launch("start", {
  onReady: (signIns) => fs.writeFileSync(path.join(folder, "sign-ins.json"), JSON.stringify(signIns)),
});
