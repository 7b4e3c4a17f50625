import { apiReader } from "@/components/apiDocs/reader";
import { apiKeyContext } from "@/server/auth/request";
import { operations, RateLimit, restHandler } from "@/server/rest";

export const dynamic = "force-dynamic";

const handle = restHandler({
  operations,
  authenticate: apiKeyContext,
  reader: apiReader,
  rateLimit: RateLimit.fromEnvironment(),
});

export { handle as DELETE, handle as GET, handle as OPTIONS, handle as PATCH, handle as POST, handle as PUT };
