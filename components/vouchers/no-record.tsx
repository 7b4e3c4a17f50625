"use client";

import { useTranslations } from "next-intl";
import { ErrorAlert } from "@/components/ui/error-alert";
import { PageFrame } from "@/components/ui/page-frame";
import { Skeleton } from "@/components/ui/skeleton";

/** A page of one record while there is none: it is on its way, or not for this reader, or not to be had now. */
export function NoRecord({
  noun,
  error,
  onRetry,
}: {
  noun:
    | "campaigns"
    | "distributors"
    | "vouchers"
    | "redemptions"
    | "orders"
    | "products"
    | "stock"
    | "suppliers"
    | "wallets"
    | "channels";
  error: unknown;
  onRetry: () => void;
}) {
  const t = useTranslations("nav");
  return (
    <PageFrame title={t(noun)} breadcrumbs={[{ label: t(noun), href: `/${noun}` }]}>
      {error ? (
        <ErrorAlert error={error} onRetry={onRetry} className="max-w-2xl" />
      ) : (
        <div className="space-y-4">
          <Skeleton className="h-28 w-full rounded-lg" />
          <Skeleton className="h-64 w-full rounded-lg" />
        </div>
      )}
    </PageFrame>
  );
}
