"use client";

import { useTranslations } from "next-intl";
import { useMemo } from "react";
import type { DataColumn } from "@/components/data-table/data-table";
import { Money } from "@/components/ui/money";

type Side = "before" | "after" | "difference";

/** What it was, what it would be, and the difference. `sidesOf` is a function of a module: it stays the same. */
export function useSideColumns<Row extends { currency: string }>(
  sidesOf: (row: Row) => { before: bigint; after: bigint } | null | undefined,
): (DataColumn<Row, never> & { id: Side })[] {
  const t = useTranslations("replays.sides");
  return useMemo(() => {
    const column = (id: Side, amountOf: (before: bigint, after: bigint) => bigint) => ({
      id,
      header: t(id),
      align: "end" as const,
      ...(id === "difference" && { card: "aside" as const }),
      cell: (row: Row) => {
        const sides = sidesOf(row);
        return (
          <Money
            amount={sides && amountOf(sides.before, sides.after)}
            currency={row.currency}
            {...(id === "difference" && { signed: true, toned: true, className: "font-medium" })}
          />
        );
      },
    });
    return [
      column("before", (before) => before),
      column("after", (_, after) => after),
      column("difference", (before, after) => after - before),
    ];
  }, [t, sidesOf]);
}
