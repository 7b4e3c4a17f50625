import { connect, type Database } from "@/db/client";
import { PEOPLE } from "./cast";
import { openCardShop } from "./e2e-cards";
import { emailOf, type StorySummary, tellStory } from "./story";

const PASSWORD = "Kaqing-2026-ceshi";
const SLUG = "e2e";

export const e2eSignIns: readonly { role: string; email: string; password: string }[] = PEOPLE.map(
  ({ role, email }) => ({ role, email: emailOf(SLUG, email), password: PASSWORD }),
);

/** The demo in small, for browser tests: a week of few redemptions, and a shop that sells card-keys. */
export async function seedE2e(owner: Database, options: { now?: Date } = {}): Promise<StorySummary> {
  const summary = await tellStory(owner, {
    slug: SLUG,
    name: "卡清测试",
    days: 9,
    perDay: 24,
    merchants: 40,
    password: PASSWORD,
    ...options,
  });
  const app = connect(owner.url, { max: 4 });
  try {
    await openCardShop(owner, app, summary.tenantId);
  } finally {
    await app.close();
  }
  return summary;
}
