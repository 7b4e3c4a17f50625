import type { ReactNode } from "react";
import { cn } from "./cn";

export interface DescriptionItem {
  label: string;
  value: ReactNode;
  /** Takes the whole width. */
  wide?: boolean;
}

export function DescriptionList({
  items,
  columns = 2,
  className,
}: {
  items: readonly (DescriptionItem | false | null | undefined)[];
  columns?: 1 | 2 | 3 | 4;
  className?: string;
}) {
  const grid = {
    1: "",
    2: "sm:grid-cols-2",
    3: "sm:grid-cols-2 lg:grid-cols-3",
    4: "sm:grid-cols-2 lg:grid-cols-4",
  };
  return (
    <dl className={cn("grid gap-x-6 gap-y-3", grid[columns], className)}>
      {items.map((item) =>
        item ? (
          <div key={item.label} className={cn("min-w-0", item.wide && "col-span-full")}>
            <dt className="text-xs text-muted-foreground">{item.label}</dt>
            <dd className="mt-0.5 break-words">{item.value ?? "–"}</dd>
          </div>
        ) : null,
      )}
    </dl>
  );
}
