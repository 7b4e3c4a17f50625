import type { SearchParams } from "nuqs/server";
import { RedemptionsPage } from "@/components/redemptions/redemptions-page";
import { redemptionsInput, redemptionsTable } from "@/components/redemptions/table";
import { currentViewer } from "@/server/auth/viewer";
import { HydrateClient, prefetch, trpc } from "@/server/trpc/server";

export default async function Page({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const [viewer, params] = await Promise.all([currentViewer(), searchParams]);
  if (viewer) {
    const input = redemptionsInput(redemptionsTable.load(params), viewer.tenant.timezone);
    await prefetch(trpc.redemptions.list.queryOptions(input));
  }
  return (
    <HydrateClient>
      <RedemptionsPage />
    </HydrateClient>
  );
}
