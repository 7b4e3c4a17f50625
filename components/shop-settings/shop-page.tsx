"use client";

import { useQuery } from "@tanstack/react-query";
import { Store } from "lucide-react";
import { useTranslations } from "next-intl";
import { parseAsString, useQueryState } from "nuqs";
import { useViewer } from "@/components/layout/viewer";
import { PartyPicker } from "@/components/parties/party-picker";
import { useTRPC } from "@/components/trpc";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorAlert } from "@/components/ui/error-alert";
import { readError } from "@/components/ui/error-message";
import { PageFrame } from "@/components/ui/page-frame";
import { Skeleton } from "@/components/ui/skeleton";
import { isPlatformRole } from "@/server/core/permissions";
import { ItemsCard } from "./items-card";
import { LinkCard } from "./link-card";
import { SettingsCard } from "./settings-card";

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** A distributor sets its own shop; an operator that of the one it chose. */
export function ShopPage() {
  const t = useTranslations("shop");
  const isHouse = isPlatformRole(useViewer().role);
  const [chosen, setChosen] = useQueryState("partyId", parseAsString);
  const partyId = isHouse && chosen !== null && ID.test(chosen) ? chosen : undefined;
  return (
    <PageFrame
      title={t("title")}
      description={t(isHouse ? "staffDescription" : "description")}
      actions={
        isHouse ? (
          <span className="block w-72 max-w-full">
            <PartyPicker
              aria-label={t("choose")}
              kinds={["distributor"]}
              value={partyId ?? null}
              onValueChange={(id) => void setChosen(id)}
            />
          </span>
        ) : undefined
      }
    >
      {isHouse && partyId === undefined ? (
        <EmptyState icon={<Store />} title={t("choose")} description={t("chooseHint")} />
      ) : (
        <Shop key={partyId ?? "own"} partyId={partyId} />
      )}
    </PageFrame>
  );
}

function Shop({ partyId }: { partyId: string | undefined }) {
  const t = useTranslations("shop");
  const trpc = useTRPC();
  const { data: shop, error, refetch } = useQuery(trpc.shop.get.queryOptions({ partyId }));
  if (!shop) {
    if (readError(error).code === "NOT_FOUND") {
      return (
        <EmptyState icon={<Store />} title={t("noTerms.title")} description={t("noTerms.description")} />
      );
    }
    return error ? (
      <ErrorAlert error={error} onRetry={() => void refetch()} />
    ) : (
      <Skeleton className="h-96 rounded-lg" />
    );
  }
  return (
    <>
      <div className="grid items-start gap-4 lg:grid-cols-2">
        <SettingsCard key={shop.updatedAt.getTime()} shop={shop} partyId={partyId} />
        <LinkCard shop={shop} />
      </div>
      <ItemsCard partyId={partyId} />
    </>
  );
}
