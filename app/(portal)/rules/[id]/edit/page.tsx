import { RuleEditorPage } from "@/components/rule-editor/rule-editor-page";
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
  await prefetch(trpc.rules.get.queryOptions({ id }));
  return (
    <HydrateClient>
      <RuleEditorPage id={id} from={typeof from === "string" ? Number(from) : undefined} />
    </HydrateClient>
  );
}
