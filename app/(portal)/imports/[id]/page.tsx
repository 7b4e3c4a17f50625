import { ImportPage } from "@/components/imports/import-page";
import { REJECTS_SHOWN } from "@/components/imports/table";
import { HydrateClient, prefetch, trpc } from "@/server/trpc/server";

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  await prefetch(
    trpc.imports.get.queryOptions({ id }),
    trpc.imports.rejects.queryOptions({ importId: id, limit: REJECTS_SHOWN }),
  );
  return (
    <HydrateClient>
      <ImportPage id={id} />
    </HydrateClient>
  );
}
