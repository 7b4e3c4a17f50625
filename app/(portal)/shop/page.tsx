import { ShopPage } from "@/components/shop-settings/shop-page";
import { currentViewer } from "@/server/auth/viewer";
import { isPlatformRole } from "@/server/core/permissions";
import { HydrateClient, prefetch, trpc } from "@/server/trpc/server";

export default async function Page() {
  const viewer = await currentViewer();
  if (viewer && !isPlatformRole(viewer.role)) {
    await prefetch(trpc.shop.get.queryOptions({ partyId: undefined }));
  }
  return (
    <HydrateClient>
      <ShopPage />
    </HydrateClient>
  );
}
