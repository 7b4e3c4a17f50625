import type { SearchParams } from "nuqs/server";
import { AuditPage } from "@/components/audit/audit-page";
import { auditInput, auditTable } from "@/components/audit/table";
import { HydrateClient, prefetch, trpc } from "@/server/trpc/server";

export default async function Page({ searchParams }: { searchParams: Promise<SearchParams> }) {
  await prefetch(
    trpc.audit.list.queryOptions(auditInput(auditTable.load(await searchParams))),
    trpc.audit.actions.queryOptions(),
  );
  return (
    <HydrateClient>
      <AuditPage />
    </HydrateClient>
  );
}
