import { and, asc, eq, sql } from "drizzle-orm";
import type { z } from "zod";
import { importMappings } from "@/db/schema";
import { type Ctx, requirePermission } from "@/server/core/context";
import { DomainError } from "@/server/core/errors";
import { newId } from "@/server/core/ids";
import { withTransaction } from "@/server/core/transaction";
import { record } from "../audit";
import { deleteMappingInput, type SalesMapping, salesMapping, saveMappingInput } from "./schemas";

export interface Mapping {
  id: string;
  name: string;
  definition: SalesMapping;
  updatedAt: Date;
}

export async function listMappings(ctx: Ctx): Promise<Mapping[]> {
  requirePermission(ctx, "import:read");
  return withTransaction(ctx, async ({ tx }) => {
    const rows = await tx
      .select()
      .from(importMappings)
      .where(eq(importMappings.tenantId, ctx.tenant.id))
      .orderBy(asc(importMappings.name));
    return rows.map(({ id, name, definition, updatedAt }) => ({
      id,
      name,
      updatedAt,
      definition: salesMapping.parse(definition),
    }));
  });
}

/** Keeps a mapping under its name; an earlier one of that name is replaced. Returns its id. */
export async function saveMapping(ctx: Ctx, input: z.input<typeof saveMappingInput>): Promise<string> {
  requirePermission(ctx, "import:write");
  const { name, definition } = saveMappingInput.parse(input);
  return withTransaction(ctx, async (ctx) => {
    const [row] = await ctx.tx
      .insert(importMappings)
      .values({ tenantId: ctx.tenant.id, id: newId(), name, definition, updatedAt: ctx.clock.now() })
      .onConflictDoUpdate({
        target: [importMappings.tenantId, importMappings.name],
        set: { definition: sql`excluded.definition`, updatedAt: sql`excluded.updated_at` },
      })
      .returning({ id: importMappings.id });
    const id = row?.id ?? "";
    await record(ctx, {
      action: "import_mapping.saved",
      subject: { kind: "import_mapping", id },
      data: { name, definition },
    });
    return id;
  });
}

export async function deleteMapping(ctx: Ctx, input: z.input<typeof deleteMappingInput>): Promise<void> {
  requirePermission(ctx, "import:write");
  const { id } = deleteMappingInput.parse(input);
  await withTransaction(ctx, async (ctx) => {
    const [row] = await ctx.tx
      .delete(importMappings)
      .where(and(eq(importMappings.tenantId, ctx.tenant.id), eq(importMappings.id, id)))
      .returning({ name: importMappings.name });
    if (!row) throw new DomainError("NOT_FOUND", { noun: "mapping", id });
    await record(ctx, {
      action: "import_mapping.deleted",
      subject: { kind: "import_mapping", id },
      data: { name: row.name },
    });
  });
}
