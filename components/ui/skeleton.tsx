import { cn } from "./cn";

/** The shape of what comes. Decorative: the region around it says that it is busy. */
export function Skeleton({ className }: { className?: string }) {
  return (
    <span
      aria-hidden
      className={cn("block animate-pulse rounded-sm bg-secondary", className ?? "h-4 w-full")}
    />
  );
}
