import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import { requestContext } from "@/server/auth/request";
import { appRouter } from "@/server/trpc/root";

const handler = (req: Request) =>
  fetchRequestHandler({
    endpoint: "/api/trpc",
    req,
    router: appRouter,
    createContext: () => requestContext(req),
    maxBatchSize: 20,
    // Answers are one person's, and some hold secrets.
    responseMeta: () => ({ headers: new Headers({ "cache-control": "no-store" }) }),
  });

export { handler as GET, handler as POST };
