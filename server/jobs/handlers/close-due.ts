import * as settlement from "@/server/domain/settlement";
import type { TaskHandler } from "../registry";

/** Closes up to the last window start of the tenant's zone, and states what is unstated. May run at any time. */
export const closeDue: TaskHandler = async (ctx) => {
  await settlement.closeDue(ctx);
};
