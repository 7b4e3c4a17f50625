import { dateIn } from "@/components/format/format";
import { recentInput } from "@/components/redeem/recent-input";
import { RedeemPage } from "@/components/redeem/redeem-page";
import { currentViewer } from "@/server/auth/viewer";
import { HydrateClient, prefetch, trpc } from "@/server/trpc/server";

export default async function Page() {
  const viewer = await currentViewer();
  if (viewer?.party.kind === "merchant") {
    const { timezone } = viewer.tenant;
    const input = recentInput(dateIn(new Date(), timezone), timezone, null);
    await prefetch(trpc.redemptions.list.queryOptions(input));
  }
  return (
    <HydrateClient>
      <RedeemPage />
    </HydrateClient>
  );
}
