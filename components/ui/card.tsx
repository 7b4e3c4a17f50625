import type { ComponentProps, ReactNode } from "react";
import { cn } from "./cn";

export interface CardProps extends Omit<ComponentProps<"section">, "title"> {
  title?: ReactNode;
  description?: ReactNode;
  actions?: ReactNode;
  footer?: ReactNode;
  /** No padding around the content: tables and lists that run to the edge. */
  flush?: boolean;
}

export function Card({
  title,
  description,
  actions,
  footer,
  flush,
  className,
  children,
  ...props
}: CardProps) {
  return (
    <section {...props} className={cn("min-w-0 rounded-lg border border-border bg-card", className)}>
      {title || actions ? (
        <header
          className={cn(
            "flex flex-wrap items-start justify-between gap-x-4 gap-y-2 px-4 pt-3.5",
            flush ? "pb-3" : "pb-0",
          )}
        >
          <div className="min-w-0">
            {title ? <h2 className="text-sm font-semibold">{title}</h2> : null}
            {description ? <p className="text-xs text-muted-foreground">{description}</p> : null}
          </div>
          {actions ? <div className="flex flex-wrap items-center gap-2">{actions}</div> : null}
        </header>
      ) : null}
      <div className={flush ? undefined : "p-4"}>{children}</div>
      {footer ? <footer className="border-t border-border px-4 py-3 text-sm">{footer}</footer> : null}
    </section>
  );
}
