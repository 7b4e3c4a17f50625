import type { SearchParams } from "nuqs/server";
import { JobsPage } from "@/components/jobs/jobs-page";
import { jobsInput, jobsTable } from "@/components/jobs/table";
import { HydrateClient, prefetch, trpc } from "@/server/trpc/server";

export default async function Page({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const query = jobsTable.load(await searchParams);
  await prefetch(trpc.jobs.list.queryOptions(jobsInput(query)));
  return (
    <HydrateClient>
      <JobsPage />
    </HydrateClient>
  );
}
