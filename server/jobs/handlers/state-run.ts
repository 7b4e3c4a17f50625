import { z } from "zod";
import type { Ctx } from "@/server/core/context";
import { stateRun } from "@/server/domain/settlement";

const payload = z.looseObject({ runId: z.uuid() });

/** Writes the statements of a closing. Again is as good as once. */
export async function stateRunTask(ctx: Ctx, input: unknown): Promise<void> {
  await stateRun(ctx, payload.parse(input).runId);
}
