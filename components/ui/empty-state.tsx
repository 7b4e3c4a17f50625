import { Inbox } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "./cn";

export interface EmptyStateProps {
  title: ReactNode;
  /** What to do next. */
  description?: ReactNode;
  icon?: ReactNode;
  actions?: ReactNode;
  className?: string;
}

export function EmptyState({ title, description, icon, actions, className }: EmptyStateProps) {
  return (
    <div className={cn("flex flex-col items-center gap-2 px-6 py-12 text-center", className)}>
      <span
        aria-hidden
        className="grid size-10 place-items-center rounded-full bg-muted text-muted-foreground [&_svg]:size-5"
      >
        {icon ?? <Inbox />}
      </span>
      <div className="font-medium">{title}</div>
      {description ? (
        <div className="max-w-md text-sm text-balance text-muted-foreground">{description}</div>
      ) : null}
      {actions ? <div className="mt-2 flex flex-wrap justify-center gap-2">{actions}</div> : null}
    </div>
  );
}
