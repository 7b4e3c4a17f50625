import { ChevronRight } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { cn } from "./cn";

export interface Crumb {
  label: string;
  href?: string;
}

export interface PageFrameProps {
  /** The heading, and the title of the window. */
  title: string;
  /** Beside the heading: a state, a reference. */
  badge?: ReactNode;
  description?: ReactNode;
  actions?: ReactNode;
  /** The way here, without this page. */
  breadcrumbs?: readonly Crumb[];
  /** `narrow` for forms and text, `full` for tables (default). */
  width?: "full" | "narrow";
  children: ReactNode;
}

export function PageFrame({
  title,
  badge,
  description,
  actions,
  breadcrumbs,
  width = "full",
  children,
}: PageFrameProps) {
  const t = useTranslations("common");
  return (
    <div className={cn("mx-auto w-full space-y-4", width === "narrow" ? "max-w-3xl" : "max-w-[120rem]")}>
      <title>{`${title} · ${t("product")}`}</title>
      <header className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div className="min-w-0 space-y-1">
          {breadcrumbs?.length ? (
            <nav aria-label={t("shell.breadcrumbs")}>
              <ol className="flex flex-wrap items-center gap-1 text-xs text-muted-foreground">
                {breadcrumbs.map((crumb, place) => (
                  <li key={`${crumb.href ?? ""} ${crumb.label}`} className="flex items-center gap-1">
                    {crumb.href ? (
                      <Link
                        href={crumb.href}
                        className="underline-offset-4 hover:text-foreground hover:underline"
                      >
                        {crumb.label}
                      </Link>
                    ) : (
                      <span>{crumb.label}</span>
                    )}
                    {place < breadcrumbs.length - 1 ? <ChevronRight aria-hidden className="size-3" /> : null}
                  </li>
                ))}
              </ol>
            </nav>
          ) : null}
          <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <h1 className="text-xl font-semibold tracking-tight break-words">{title}</h1>
            {badge}
          </div>
          {description ? <div className="max-w-3xl text-sm text-muted-foreground">{description}</div> : null}
        </div>
        {actions ? (
          <div className="flex flex-wrap items-center gap-2" data-print="hide">
            {actions}
          </div>
        ) : null}
      </header>
      {children}
    </div>
  );
}
