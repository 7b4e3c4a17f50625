import type { ReactNode } from "react";
import { cn } from "./cn";

export interface ProgressProps {
  label: ReactNode;
  /** Done and all; `null` while all is unknown. Counts, not money. */
  value: number | null;
  max?: number;
  /** Beside the label, e.g. "12,000 / 1,000,000". */
  detail?: ReactNode;
  tone?: "primary" | "success" | "danger";
  className?: string;
}

export function Progress({ label, value, max = 100, detail, tone = "primary", className }: ProgressProps) {
  const share = value === null || max <= 0 ? null : Math.min(100, Math.max(0, (value / max) * 100));
  return (
    <div className={cn("space-y-1.5", className)}>
      <div className="flex justify-between gap-4 text-xs">
        <span>{label}</span>
        {detail ? <span className="figure text-muted-foreground">{detail}</span> : null}
      </div>
      <div
        role="progressbar"
        aria-label={typeof label === "string" ? label : undefined}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={share === null ? undefined : Math.round(share)}
        className="h-2 overflow-hidden rounded-full bg-secondary"
      >
        <div
          className={cn(
            "h-full rounded-full transition-[width] duration-300",
            tone === "success" ? "bg-success" : tone === "danger" ? "bg-destructive" : "bg-primary",
            share === null && "w-1/3 animate-pulse",
          )}
          style={share === null ? undefined : { width: `${share}%` }}
        />
      </div>
    </div>
  );
}
