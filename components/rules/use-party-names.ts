"use client";

import { useQuery } from "@tanstack/react-query";
import { useCan } from "@/components/layout/viewer";
import { useTRPC } from "@/components/trpc";

/** Names of parties that stand in a rule by id, once they are known; roles and others stay undefined. */
export function usePartyNames(refs: readonly string[]): (ref: string) => string | undefined {
  const trpc = useTRPC();
  const can = useCan();
  const ids = [...new Set(refs.filter((ref) => /^[0-9a-f]{8}-/.test(ref)))].sort().slice(0, 100);
  const { data } = useQuery({
    ...trpc.parties.options.queryOptions({ ids }),
    enabled: ids.length > 0 && can("party:read"),
  });
  return (ref) => data?.find(({ id }) => id === ref)?.name;
}
