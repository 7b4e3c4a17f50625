"use client";

import { GitFork } from "lucide-react";
import { Suspense } from "react";
import { useCan } from "@/components/layout/viewer";
import { TradeTrace } from "@/components/trace/trade-trace";
import { Button } from "@/components/ui/button";
import { Sheet } from "@/components/ui/dialog";
import { Skeleton } from "@/components/ui/skeleton";

/** What a step posted: its transfers and how each amount came about, beside the page. */
export function TradeSheet({ tradeId, label }: { tradeId: string; label: string }) {
  const can = useCan();
  if (!can("trade:read")) return null;
  return (
    <Sheet
      size="lg"
      title={label}
      trigger={
        <Button variant="ghost" size="sm" icon={<GitFork aria-hidden />}>
          {label}
        </Button>
      }
    >
      <Suspense fallback={<Skeleton className="h-64 w-full rounded-lg" />}>
        <TradeTrace tradeId={tradeId} />
      </Suspense>
    </Sheet>
  );
}
