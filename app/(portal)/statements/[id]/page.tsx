import type { SearchParams } from "nuqs/server";
import { StatementPage } from "@/components/statements/statement-page";
import { transfersInput, transfersTable } from "@/components/statements/table";
import { HydrateClient, prefetch, trpc } from "@/server/trpc/server";

interface Props {
  params: Promise<{ id: string }>;
  searchParams: Promise<SearchParams>;
}

export default async function Page({ params, searchParams }: Props) {
  const { id } = await params;
  await prefetch(
    trpc.statements.get.queryOptions({ id }),
    trpc.statements.transfers.queryOptions(transfersInput(id, transfersTable.load(await searchParams))),
  );
  return (
    <HydrateClient>
      <StatementPage id={id} />
    </HydrateClient>
  );
}
