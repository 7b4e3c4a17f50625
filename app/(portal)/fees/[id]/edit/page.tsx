import { FeeEditorPage } from "@/components/fee-editor/fee-editor-page";
import { HydrateClient, prefetch, trpc } from "@/server/trpc/server";

export default async function Page({
  params,
  searchParams,
}: {
  params: Promise<{ id: string }>;
  searchParams: Promise<{ from?: string | string[] }>;
}) {
  const { id } = await params;
  const { from } = await searchParams;
  await prefetch(trpc.fees.get.queryOptions({ id }));
  return (
    <HydrateClient>
      <FeeEditorPage id={id} from={typeof from === "string" ? Number(from) : undefined} />
    </HydrateClient>
  );
}
