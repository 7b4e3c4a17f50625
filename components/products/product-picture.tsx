"use client";

import { ImageOff } from "lucide-react";
import { useTranslations } from "next-intl";
import { cn } from "@/components/ui/cn";

/** The address of a product's picture; its hash makes a new picture a new address. */
export function pictureHref(productId: string, hash: string): string {
  return `/api/products/${productId}/image?v=${hash}`;
}

/** A product's picture in a square, or the mark of none. Decorative beside the product's name, unless `alt` says. */
export function ProductPicture({
  productId,
  hash,
  alt = "",
  className,
}: {
  productId: string;
  hash: string | null;
  alt?: string;
  className?: string;
}) {
  return <PictureFrame src={hash ? pictureHref(productId, hash) : null} alt={alt} className={className} />;
}

export function PictureFrame({
  src,
  alt,
  className,
}: {
  src: string | null;
  alt: string;
  className?: string;
}) {
  const t = useTranslations("products.picture");
  const box = cn("shrink-0 overflow-hidden rounded-md border border-border bg-muted", className ?? "size-9");
  if (!src) {
    return (
      <span
        className={cn(box, "grid place-items-center text-muted-foreground [&_svg]:size-[45%]")}
        title={t("none")}
        aria-hidden
      >
        <ImageOff />
      </span>
    );
  }
  // Pictures come from the own database, each in one size: there is nothing for an optimizer to do.
  // biome-ignore lint/performance/noImgElement: see above
  return <img src={src} alt={alt} loading="lazy" className={cn(box, "block object-cover")} />;
}
