"use client";

import { useTranslations } from "next-intl";
import { lazy, Suspense } from "react";
import { useCan } from "@/components/layout/viewer";
import { cn } from "@/components/ui/cn";
import { Sheet } from "@/components/ui/dialog";
import { Money, type MoneyProps } from "@/components/ui/money";
import { Skeleton } from "@/components/ui/skeleton";

const AmountExplanation = lazy(() => import("./explanation").then((m) => ({ default: m.AmountExplanation })));
const PartsExplanation = lazy(() => import("./explanation").then((m) => ({ default: m.PartsExplanation })));

/** One of the trades that make up an amount, and what it is called there: a card, say. */
export interface ExplainedPart {
  tradeId: string;
  name: string;
}

export type ExplainedAmountProps = MoneyProps &
  (
    | {
        tradeId: string;
        /** The leg that the amount is; left out, all that the trade means for the reader. */
        leg?: string;
        parts?: undefined;
      }
    | { parts: readonly ExplainedPart[]; tradeId?: undefined; leg?: undefined }
  );

/** A cleared amount, as a button that opens how it came about. Plain for who may not read trades. */
export function ExplainedAmount({ tradeId, leg, parts, className, ...money }: ExplainedAmountProps) {
  const t = useTranslations("trace");
  const can = useCan();
  if (!can("trade:read") || money.amount === null || money.amount === undefined)
    return <Money {...money} className={className} />;
  return (
    <Sheet
      title={t("title")}
      trigger={
        <button
          type="button"
          title={t("explain")}
          className={cn(
            "group/amount touch-target inline-flex min-h-6 items-center rounded-sm hover:text-primary",
            className,
          )}
        >
          <Money
            {...money}
            className="underline decoration-dotted decoration-1 underline-offset-4 group-hover/amount:decoration-solid"
          />
        </button>
      }
    >
      <Suspense fallback={<Waiting />}>
        {parts ? <PartsExplanation parts={parts} /> : <AmountExplanation tradeId={tradeId} leg={leg} />}
      </Suspense>
    </Sheet>
  );
}

function Waiting() {
  return (
    <div className="space-y-3">
      <Skeleton className="h-16 w-full" />
      <Skeleton className="h-40 w-full" />
    </div>
  );
}
