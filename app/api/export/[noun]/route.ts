import { apiReader } from "@/components/apiDocs/reader";
import { requestContext } from "@/server/auth/request";
import { DomainError } from "@/server/core/errors";
import { exportResponse, problemOf, problemResponse } from "@/server/rest";

export const dynamic = "force-dynamic";

/** A view as CSV, for whoever is signed in: `/api/export/parties?kind=merchant`. */
export async function GET(
  req: Request,
  { params }: { params: Promise<{ noun: string }> },
): Promise<Response> {
  const { ctx, requestId, refusal } = await requestContext(req);
  try {
    if (!ctx) throw new DomainError(refusal ?? "UNAUTHENTICATED");
    return await exportResponse(ctx, (await params).noun, req);
  } catch (error) {
    const reader = apiReader(req.headers.get("accept-language"), ctx?.tenant.timezone);
    return problemResponse(problemOf(error, reader, requestId));
  }
}
