import path from "node:path";
import type { Database } from "@/db/client";
import { dataFolder } from "@/db/data-folder";
import { PEOPLE } from "./cast";
import { type StoryOptions, type StorySummary, tellStory } from "./story";

const PASSWORD = "Kaqing-2026-yanshi";

/** A sign-in for each role of the demo. Known to everybody: never load the demo into a database that matters. */
export const demoSignIns: readonly { role: string; email: string; password: string }[] = PEOPLE.map(
  ({ role, email }) => ({ role, email, password: PASSWORD }),
);

/** A believable clearing house with three months of business behind it, up to this moment. */
export function seedDemo(
  owner: Database,
  options: Partial<Pick<StoryOptions, "now" | "days" | "perDay" | "cardOrders">> = {},
): Promise<StorySummary> {
  return tellStory(owner, {
    slug: "demo",
    name: "卡清演示",
    days: 92,
    perDay: 560,
    merchants: 40,
    cardOrders: 10,
    sandboxFolder: path.join(dataFolder(), "sandbox"),
    password: PASSWORD,
    ...options,
  });
}
