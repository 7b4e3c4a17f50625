import type { SearchParams } from "nuqs/server";
import { usersInput, usersTable } from "@/components/users/table";
import { UsersPage } from "@/components/users/users-page";
import { HydrateClient, prefetch, trpc } from "@/server/trpc/server";

export default async function Page({ searchParams }: { searchParams: Promise<SearchParams> }) {
  await prefetch(trpc.users.list.queryOptions(usersInput(usersTable.load(await searchParams))));
  return (
    <HydrateClient>
      <UsersPage />
    </HydrateClient>
  );
}
