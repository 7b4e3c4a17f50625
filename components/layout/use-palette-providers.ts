"use client";

import { useMemo } from "react";
import { useTRPCClient } from "@/components/trpc";
import type { PaletteGroup, PaletteProvider } from "./palette-search";

/** Where quick find looks besides the pages: records by name or reference, within what the viewer may see. */
export function usePaletteProviders(): readonly PaletteProvider[] {
  const client = useTRPCClient();
  return useMemo<readonly PaletteProvider[]>(
    () => [
      async (q, signal) => {
        const found = await client.search.find.query({ q }, { signal });
        return found.map((hit) => ({ ...hit, href: HREF[hit.group](hit) }));
      },
    ],
    [client],
  );
}

type Found = { id: string; label: string; detail: string };

const HREF = {
  parties: ({ id }: Found) => `/parties/${id}`,
  products: ({ id }: Found) => `/products/${id}`,
  campaigns: ({ id }: Found) => `/campaigns/${id}`,
  redemptions: ({ id }: Found) => `/redemptions/${id}`,
  orders: ({ id }: Found) => `/orders/${id}`,
  statements: ({ id }: Found) => `/statements/${id}`,
  rules: ({ id }: Found) => `/rules/${id}`,
  fees: ({ id }: Found) => `/fees/${id}`,
  users: ({ detail }: Found) => `/users?q=${encodeURIComponent(detail)}`,
} satisfies Partial<Record<PaletteGroup, (found: Found) => string>>;
