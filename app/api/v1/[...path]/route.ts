import { apiReader } from "@/components/apiDocs/reader";
import { apiKeyContext } from "@/server/auth/request";
import { nodeHandler, openDoor, operations, RateLimit, restAnswerer, webHandler } from "@/server/rest";

export const dynamic = "force-dynamic";

const answer = restAnswerer({
  operations,
  authenticate: apiKeyContext,
  reader: apiReader,
  rateLimit: RateLimit.fromEnvironment(),
});
const handle = webHandler(answer);

// In development the route stays Next's, which loads it anew when it changes.
if (process.env.NODE_ENV === "production") openDoor(nodeHandler(answer));

export { handle as DELETE, handle as GET, handle as OPTIONS, handle as PATCH, handle as POST, handle as PUT };
