import { TermsPage } from "@/components/terms/terms-page";
import { HydrateClient, prefetch, trpc } from "@/server/trpc/server";

export default async function Page() {
  await prefetch(trpc.rules.terms.queryOptions(), trpc.fees.progress.queryOptions());
  return (
    <HydrateClient>
      <TermsPage />
    </HydrateClient>
  );
}
