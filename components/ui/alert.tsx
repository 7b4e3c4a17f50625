import { CircleAlert, CircleCheck, Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "./cn";

export type AlertTone = "info" | "success" | "warning" | "danger";

const LOOK = {
  info: { icon: Info, box: "border-info/35 bg-info-soft", mark: "text-info" },
  success: { icon: CircleCheck, box: "border-success/35 bg-success-soft", mark: "text-success" },
  warning: { icon: TriangleAlert, box: "border-warning/35 bg-warning-soft", mark: "text-warning" },
  danger: { icon: CircleAlert, box: "border-destructive/35 bg-destructive-soft", mark: "text-destructive" },
} as const;

export interface AlertProps {
  tone?: AlertTone;
  title?: ReactNode;
  actions?: ReactNode;
  /** Read out at once. Default: for danger and warning. */
  live?: boolean;
  className?: string;
  children?: ReactNode;
}

export function Alert({ tone = "info", title, actions, live, className, children }: AlertProps) {
  const { icon: Icon, box, mark } = LOOK[tone];
  const loud = live ?? (tone === "danger" || tone === "warning");
  return (
    <div
      role={loud ? "alert" : undefined}
      className={cn("flex gap-3 rounded-lg border p-3.5 text-sm", box, className)}
    >
      <Icon aria-hidden className={cn("mt-0.5 size-4 shrink-0", mark)} />
      <div className="min-w-0 flex-1 space-y-1">
        {title ? <p className="font-semibold">{title}</p> : null}
        {children ? <div className="break-words">{children}</div> : null}
        {actions ? <div className="flex flex-wrap gap-2 pt-1.5">{actions}</div> : null}
      </div>
    </div>
  );
}
