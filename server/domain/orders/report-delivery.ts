import type { z } from "zod";
import type { Ctx } from "@/server/core/context";
import type { ResolveReportInput, reportDeliveryInput } from "./schemas";
import type { ReportMade } from "./types";

/** A key does not work. Throws DELIVERY_NOT_REPORTABLE for one that was not shown yet, or is not in use any more. */
export async function reportDelivery(
  _ctx: Ctx,
  _input: z.input<typeof reportDeliveryInput>,
): Promise<ReportMade> {
  throw new Error("not built yet");
}

/** Support replaces the key, or refuses. Throws DELIVERY_NOT_REPORTED · REISSUE_NEEDS_SUPPORT · OUT_OF_STOCK. */
export async function resolveReport(
  _ctx: Ctx,
  _input: ResolveReportInput,
): Promise<{ replacementId: string | null }> {
  throw new Error("not built yet");
}
