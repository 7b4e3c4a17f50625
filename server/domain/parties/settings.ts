import { eq } from "drizzle-orm";
import { tenants } from "@/db/schema";
import {
  type Ctx,
  DEFAULT_TENANT_SETTINGS,
  requirePermission,
  type TenantSettings,
} from "@/server/core/context";
import { DomainError } from "@/server/core/errors";
import { withTransaction } from "@/server/core/transaction";
import { record } from "@/server/domain/audit";
import { changesBetween } from "./changes";
import { tenantSettingsInput } from "./schemas";

export async function getTenantSettings(ctx: Ctx): Promise<TenantSettings> {
  requirePermission(ctx, "tenant:write");
  return withTransaction(ctx, async ({ tx }) => {
    const [row] = await tx
      .select({ settings: tenants.settings })
      .from(tenants)
      .where(eq(tenants.id, ctx.tenant.id));
    return { ...DEFAULT_TENANT_SETTINGS, ...(row?.settings as Partial<TenantSettings>) };
  });
}

/** Holds from the next request on. Saving the same again changes nothing. */
export async function updateTenantSettings(ctx: Ctx, input: unknown): Promise<TenantSettings> {
  requirePermission(ctx, "tenant:write");
  const settings = tenantSettingsInput.parse(input);
  return withTransaction(ctx, async (ctx) => {
    const [row] = await ctx.tx
      .select({ settings: tenants.settings })
      .from(tenants)
      .where(eq(tenants.id, ctx.tenant.id))
      .for("update");
    if (!row) throw new DomainError("NOT_FOUND", { noun: "tenant" });
    const before = { ...DEFAULT_TENANT_SETTINGS, ...(row.settings as Partial<TenantSettings>) };
    const after = { ...row.settings, ...settings };
    const changes = changesBetween(before, settings);
    const result = { ...before, ...settings };
    if (!changes) return result;
    await ctx.tx.update(tenants).set({ settings: after }).where(eq(tenants.id, ctx.tenant.id));
    await record(ctx, {
      action: "tenant.settings_changed",
      subject: { kind: "tenant", id: ctx.tenant.id },
      data: changes,
    });
    return result;
  });
}
