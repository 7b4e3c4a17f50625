import { RulePage } from "@/components/rules/rule-page";
import { HydrateClient, prefetch, trpc } from "@/server/trpc/server";

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  await prefetch(trpc.rules.get.queryOptions({ id }));
  return (
    <HydrateClient>
      <RulePage id={id} />
    </HydrateClient>
  );
}
