import type { SearchParams } from "nuqs/server";
import { DistributorsPage } from "@/components/distributors/distributors-page";
import { distributorsInput, distributorsTable } from "@/components/distributors/table";
import { loadRange, overviewQuery } from "@/components/overview/range";
import { currentViewer } from "@/server/auth/viewer";
import { isPlatformRole } from "@/server/core/permissions";
import { HydrateClient, prefetch, trpc } from "@/server/trpc/server";

export default async function Page({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const [viewer, params] = await Promise.all([currentViewer(), searchParams]);
  if (viewer && isPlatformRole(viewer.role)) {
    await prefetch(trpc.distributors.list.queryOptions(distributorsInput(distributorsTable.load(params))));
  } else if (viewer) {
    const query = overviewQuery(loadRange(params), viewer.tenant.timezone);
    await prefetch(trpc.distributors.recruits.queryOptions(query));
  }
  return (
    <HydrateClient>
      <DistributorsPage />
    </HydrateClient>
  );
}
