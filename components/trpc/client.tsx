"use client";

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createTRPCClient, httpBatchLink, TRPCClientError } from "@trpc/client";
import { createTRPCContext } from "@trpc/tanstack-react-query";
import { type ReactNode, useState } from "react";
import superjson from "superjson";
import { readError } from "@/components/ui/error-message";
import type { AppRouter } from "@/server/trpc/root";

/** `const trpc = useTRPC(); useQuery(trpc.vouchers.list.queryOptions({ … }))`. */
const { TRPCProvider: Provider, useTRPC, useTRPCClient } = createTRPCContext<AppRouter>();

export { useTRPC, useTRPCClient };

export function TRPCProvider({ children }: { children: ReactNode }) {
  const [queryClient] = useState(makeQueryClient);
  const [client] = useState(() =>
    createTRPCClient<AppRouter>({
      links: [httpBatchLink({ url: "/api/trpc", transformer: superjson, maxURLLength: 8_000, maxItems: 20 })],
    }),
  );
  return (
    <QueryClientProvider client={queryClient}>
      <Provider trpcClient={client} queryClient={queryClient}>
        {children}
      </Provider>
    </QueryClientProvider>
  );
}

function makeQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        // What the server has just rendered is not asked for again at once.
        staleTime: 15_000,
        retry: (failures, error) => failures < 2 && isTransient(error),
        refetchOnWindowFocus: true,
      },
      // Repeating a change is the caller's decision: it carries an idempotency key or it does not.
      mutations: { retry: false },
      dehydrate: { serializeData: superjson.serialize },
      hydrate: { deserializeData: superjson.deserialize },
    },
  });
}

/** Only what did not reach the server, or failed there by accident, is worth another try. */
function isTransient(error: unknown): boolean {
  if (!(error instanceof TRPCClientError)) return true;
  const { code } = readError(error);
  return code === "OFFLINE" || code === "INTERNAL";
}
