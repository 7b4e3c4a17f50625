import { connect, type Database } from "@/db/client";
import { SYSTEM_ACTORS } from "@/server/core/system-words";
import { loadTenant, systemCtx, updateTenantSettings } from "@/server/domain/parties";
import { PEOPLE } from "./cast";
import { openCardShop } from "./e2e-cards";
import { TIME_SLUG } from "./e2e-time";
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
    await openClockHouse(owner, app, options);
  } finally {
    await app.close();
  }
  return summary;
}

async function openClockHouse(owner: Database, app: Database, options: { now?: Date }): Promise<void> {
  const { tenantId } = await tellStory(owner, {
    slug: TIME_SLUG,
    name: "卡清时钟",
    days: 3,
    perDay: 8,
    merchants: 18, // the first supermarket is among them: who it is has a rule of its own, without a schedule
    password: PASSWORD,
    ...options,
  });
  const tenant = await loadTenant(owner, tenantId);
  const house = systemCtx(app, tenant, SYSTEM_ACTORS.system);
  await updateTenantSettings(house, { ...tenant.settings, ruleFourEyes: true });
}
