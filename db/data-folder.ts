import path from "node:path";

/** The data folder: KAQING_DATA_DIR, or `.data` beside package.json. */
export function dataFolder(): string {
  const named = process.env.KAQING_DATA_DIR;
  return named
    ? path.resolve(/* turbopackIgnore: true */ named)
    : path.join(/* turbopackIgnore: true */ process.cwd(), ".data");
}
