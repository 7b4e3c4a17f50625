import { z } from "zod";
import * as settlement from "@/server/domain/settlement";
import type { TaskHandler } from "../registry";

const params = z.looseObject({ runId: z.uuid() });

/** Writes the statements of a closing. Again is as good as once. */
export const stateRun: TaskHandler = async (ctx, payload) => {
  await settlement.stateRun(ctx, params.parse(payload).runId);
};
