import { useTranslations } from "next-intl";
import { Skeleton } from "@/components/ui/skeleton";

/** The shape of a page: heading, toolbar, table. */
export function PageSkeleton() {
  const t = useTranslations("common.states");
  return (
    <div role="status" className="mx-auto w-full max-w-[120rem] space-y-4">
      <span className="sr-only">{t("loading")}</span>
      <Skeleton className="h-7 w-40" />
      <div className="flex gap-2">
        <Skeleton className="h-9 w-64 max-w-[60%]" />
        <Skeleton className="h-9 w-28" />
      </div>
      <div className="space-y-px overflow-hidden rounded-lg border border-border bg-card p-3">
        {["a", "b", "c", "d", "e", "f", "g", "h"].map((row) => (
          <div key={row} className="flex gap-6 py-2.5">
            <Skeleton className="h-4 w-1/4" />
            <Skeleton className="h-4 w-1/3" />
            <Skeleton className="ms-auto h-4 w-20" />
          </div>
        ))}
      </div>
    </div>
  );
}
