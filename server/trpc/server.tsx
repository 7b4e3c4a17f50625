import "server-only";
import { dehydrate, HydrationBoundary, QueryClient } from "@tanstack/react-query";
import { createTRPCOptionsProxy, type TRPCQueryOptions } from "@trpc/tanstack-react-query";
import { headers } from "next/headers";
import { cache, type ReactNode } from "react";
import superjson from "superjson";
import { requestContextOfPage } from "@/server/auth/request";
import { appRouter } from "./root";

const queryClientOfRequest = cache(
  () =>
    new QueryClient({
      defaultOptions: {
        queries: { staleTime: 15_000 },
        dehydrate: { serializeData: superjson.serialize, shouldRedactErrors: () => false },
        hydrate: { deserializeData: superjson.deserialize },
      },
    }),
);

/** Query options for prefetching on the server; the calls go to the router directly, without HTTP. */
export const trpc = createTRPCOptionsProxy({
  ctx: async () => requestContextOfPage(await headers()),
  router: appRouter,
  queryClient: queryClientOfRequest,
});

// biome-ignore lint/suspicious/noExplicitAny: any procedure's options
export async function prefetch(...queries: ReturnType<TRPCQueryOptions<any>>[]): Promise<void> {
  const client = queryClientOfRequest();
  await Promise.all(queries.map((query) => client.prefetchQuery(query)));
}

/** Hands what was prefetched to the components of the page. */
export function HydrateClient({ children }: { children: ReactNode }) {
  return <HydrationBoundary state={dehydrate(queryClientOfRequest())}>{children}</HydrationBoundary>;
}
