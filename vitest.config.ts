import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const alias = { "@": fileURLToPath(new URL(".", import.meta.url)).replace(/\/$/, "") };
/** Any key will do; it keeps tests from making one in the data folder. */
const env = { KAQING_MASTER_KEY: Buffer.alloc(32, "test").toString("base64") };
const exclude = ["**/node_modules/**", ".next/**", ".data/**", "e2e/**"];

export default defineConfig({
  test: {
    projects: [
      {
        resolve: { alias },
        test: {
          env,
          name: "unit",
          include: ["{app,bench,components,db,server}/**/*.test.{ts,tsx}"],
          exclude: [...exclude, "**/*.int.test.ts"],
          // Nothing here waits; the limit is for a machine that is busy with other things.
          testTimeout: 60_000,
        },
      },
      {
        resolve: { alias },
        test: {
          env,
          name: "integration",
          include: ["{app,bench,components,db,server}/**/*.int.test.ts"],
          exclude,
          globalSetup: ["./server/testing/setup.ts"],
          pool: "forks",
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
