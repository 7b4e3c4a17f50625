import Link from "next/link";
import type { ReactNode } from "react";
import { cn } from "./cn";
import { Skeleton } from "./skeleton";

export interface StatTileProps {
  label: ReactNode;
  /** `<Money>`, a count … */
  value: ReactNode;
  /** Against what, since when. */
  detail?: ReactNode;
  icon?: ReactNode;
  /** Opens the rows behind the number. */
  href?: string;
  loading?: boolean;
  className?: string;
}

export function StatTile({ label, value, detail, icon, href, loading, className }: StatTileProps) {
  const box = cn(
    "@container flex min-w-0 flex-col gap-1 rounded-lg border border-border bg-card p-4",
    href && "transition-colors hover:border-input hover:bg-accent/40",
    className,
  );
  const content = (
    <>
      <span className="flex items-center gap-2 text-xs font-medium text-muted-foreground [&_svg]:size-4">
        {icon}
        {label}
      </span>
      {loading ? (
        <Skeleton className="my-1 h-6 w-32" />
      ) : (
        <span className="figure text-[clamp(0.8125rem,11cqi,1.25rem)] leading-8 font-semibold">{value}</span>
      )}
      {detail ? <span className="text-xs text-muted-foreground">{detail}</span> : null}
    </>
  );
  return href ? (
    <Link href={href} className={box}>
      {content}
    </Link>
  ) : (
    <div className={box}>{content}</div>
  );
}
