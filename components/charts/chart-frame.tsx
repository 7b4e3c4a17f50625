"use client";

import { ChartColumn, Table2 } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { IconButton } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { Skeleton } from "@/components/ui/skeleton";

interface ChartFrameProps {
  title: string;
  hideTitle?: boolean;
  height: number;
  empty: boolean;
  head: readonly string[];
  rows: readonly { id: string; label: string; href?: string; values: readonly string[] }[];
  legend: readonly { label: string; color: number }[];
  children: ReactNode;
}

/** The drawing is for the eye; the same numbers stand in a table, for whoever reads or tabs instead. */
export function ChartFrame({
  title,
  hideTitle,
  height,
  empty,
  head,
  rows,
  legend,
  children,
}: ChartFrameProps) {
  const t = useTranslations("common.chart");
  const [asTable, setAsTable] = useState(false);
  if (empty) {
    return (
      <figure>
        <Caption title={title} hide={hideTitle} />
        <p
          className="grid place-items-center text-sm text-muted-foreground"
          style={{ height: Math.min(height, 160) }}
        >
          {t("noData")}
        </p>
      </figure>
    );
  }
  return (
    <figure className="min-w-0">
      <div className="flex min-h-8 items-center gap-x-4 gap-y-1">
        <Caption title={title} hide={hideTitle} />
        <ul aria-hidden className="flex flex-1 flex-wrap gap-x-4 gap-y-1 text-xs text-muted-foreground">
          {legend.map((entry) => (
            <li key={entry.label} className="flex items-center gap-1.5">
              <span className="size-2.5 rounded-xs" style={{ background: `var(--chart-${entry.color})` }} />
              {entry.label}
            </li>
          ))}
        </ul>
        <IconButton
          label={asTable ? t("asChart") : t("asTable")}
          size="icon-sm"
          aria-pressed={asTable}
          onClick={() => setAsTable(!asTable)}
          className="text-muted-foreground"
        >
          {asTable ? <ChartColumn aria-hidden /> : <Table2 aria-hidden />}
        </IconButton>
      </div>
      {asTable ? null : <WhenNear height={height}>{children}</WhenNear>}
      <div
        className={cn(asTable ? "overflow-auto" : "sr-only focus-within:not-sr-only")}
        style={asTable ? { maxHeight: Math.max(height, 240) } : undefined}
      >
        <table className="w-full border-collapse text-sm">
          <caption className="sr-only">{t("dataTable", { title })}</caption>
          <thead>
            <tr className="border-b border-border text-xs text-muted-foreground">
              {head.map((name, i) => (
                <th
                  key={name}
                  scope="col"
                  className={cn(
                    "sticky top-0 bg-card px-2 py-1.5 font-medium",
                    i === 0 ? "text-start" : "text-end",
                  )}
                >
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.id} className="border-b border-border last:border-0">
                <th scope="row" className="px-2 py-1.5 text-start font-normal">
                  {row.href ? (
                    <Link href={row.href} className="text-primary underline-offset-4 hover:underline">
                      {row.label}
                    </Link>
                  ) : (
                    row.label
                  )}
                </th>
                {row.values.map((value, i) => (
                  <td key={head[i + 1]} className="figure px-2 py-1.5 text-end">
                    {value}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </figure>
  );
}

/** Draws once the place comes near the window: a phone that never scrolls there never loads the library. */
function WhenNear({ height, children }: { height: number; children: ReactNode }) {
  const box = useRef<HTMLDivElement>(null);
  const [near, setNear] = useState(false);
  useEffect(() => {
    const element = box.current;
    if (!element || near) return;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) setNear(true);
      },
      { rootMargin: "160px" },
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, [near]);
  return (
    <div ref={box} aria-hidden style={{ height }} className="w-full">
      {near ? children : <Skeleton className="h-full w-full rounded-md" />}
    </div>
  );
}

function Caption({ title, hide }: { title: string; hide?: boolean }) {
  return <figcaption className={cn("text-sm font-semibold", hide && "sr-only")}>{title}</figcaption>;
}
