import type { Ctx } from "@/server/core/context";
import { closeDue } from "@/server/domain/settlement";

/** Closes up to the last window start of the tenant's zone, and states what is unstated. May run at any time. */
export async function closeDueTask(ctx: Ctx): Promise<void> {
  await closeDue(ctx);
}
