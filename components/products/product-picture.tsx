"use client";

import { CreditCard } from "lucide-react";
import { cn } from "@/components/ui/cn";

/**
 * A product's picture in a square, or the mark of none. Decorative beside the product's name, unless `alt` says what
 * it shows. Pictures come from the own database, each in one size: there is nothing for an optimizer to do.
 */
export function ProductPicture({
  src,
  alt = "",
  className,
}: {
  /** `imagePath` of the product. */
  src: string | null;
  alt?: string;
  className?: string;
}) {
  const box = cn("shrink-0 overflow-hidden rounded-md border border-border bg-muted", className ?? "size-9");
  if (!src) {
    return (
      <span
        aria-hidden
        className={cn(box, "grid place-items-center text-muted-foreground [&_svg]:size-[45%]")}
      >
        <CreditCard />
      </span>
    );
  }
  // biome-ignore lint/performance/noImgElement: see above
  return <img src={src} alt={alt} loading="lazy" className={cn(box, "block object-cover")} />;
}
