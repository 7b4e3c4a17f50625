"use client";

import { ChevronLeft, ChevronRight, ChevronsLeft } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { IconButton } from "./button";
import { Select } from "./select";

export interface CursorPaginationProps {
  hasPrevious: boolean;
  hasNext: boolean;
  onFirst: () => void;
  onPrevious: () => void;
  onNext: () => void;
  pageSize?: number;
  pageSizes?: readonly number[];
  onPageSizeChange?: (size: number) => void;
  /** Left of the buttons: how many there are. */
  summary?: ReactNode;
  busy?: boolean;
}

/** Pages by cursor: each as fast as the first, whatever the number of rows. */
export function CursorPagination({
  hasPrevious,
  hasNext,
  onFirst,
  onPrevious,
  onNext,
  pageSize,
  pageSizes = [20, 50, 100, 200],
  onPageSizeChange,
  summary,
  busy,
}: CursorPaginationProps) {
  const t = useTranslations("common.table");
  return (
    <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 text-xs text-muted-foreground">
      <div className="figure">{summary}</div>
      <div className="flex items-center gap-1">
        {pageSize !== undefined && onPageSizeChange ? (
          <span className="me-2 flex items-center gap-2">
            <span aria-hidden className="whitespace-nowrap max-xs:hidden">
              {t("perPage")}
            </span>
            <Select
              size="sm"
              wrapperClassName="w-20"
              aria-label={t("pageSize")}
              value={String(pageSize)}
              options={[...new Set([...pageSizes, pageSize])]
                .sort((a, b) => a - b)
                .map((size) => ({ value: String(size), label: String(size) }))}
              onValueChange={(value) => onPageSizeChange(Number(value))}
            />
          </span>
        ) : null}
        <IconButton label={t("first")} size="icon-sm" disabled={!hasPrevious || busy} onClick={onFirst}>
          <ChevronsLeft aria-hidden />
        </IconButton>
        <IconButton label={t("previous")} size="icon-sm" disabled={!hasPrevious || busy} onClick={onPrevious}>
          <ChevronLeft aria-hidden />
        </IconButton>
        <IconButton label={t("next")} size="icon-sm" disabled={!hasNext || busy} onClick={onNext}>
          <ChevronRight aria-hidden />
        </IconButton>
      </div>
    </div>
  );
}
