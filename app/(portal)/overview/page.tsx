import { redirect } from "next/navigation";
import type { SearchParams } from "nuqs/server";
import { OverviewPage } from "@/components/overview/overview-page";
import { loadRange, overviewQuery } from "@/components/overview/range";
import { currentViewer } from "@/server/auth/viewer";
import { isPlatformRole } from "@/server/core/permissions";
import { HydrateClient, prefetch, trpc } from "@/server/trpc/server";

export default async function Page({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const viewer = await currentViewer();
  if (!viewer) redirect("/sign-in");
  const query = overviewQuery(loadRange(await searchParams), viewer.tenant.timezone);
  const counts = viewer.role === "merchant" || viewer.role === "distributor";
  await prefetch(
    isPlatformRole(viewer.role)
      ? trpc.overview.house.queryOptions(query)
      : viewer.role === "distributor"
        ? trpc.distributors.overview.queryOptions(query)
        : trpc.overview.party.queryOptions(query),
    ...(counts ? [trpc.fees.progress.queryOptions()] : []),
  );
  return (
    <HydrateClient>
      <OverviewPage />
    </HydrateClient>
  );
}
