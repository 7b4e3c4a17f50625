"use client";

import { Search } from "lucide-react";
import { useTranslations } from "next-intl";
import { useDeferredValue, useState } from "react";
import { useFormat } from "@/components/format/use-format";
import { ProductPicture } from "@/components/products/product-picture";
import { Badge } from "@/components/ui/badge";
import { cn } from "@/components/ui/cn";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorAlert } from "@/components/ui/error-alert";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Money } from "@/components/ui/money";
import { Skeleton } from "@/components/ui/skeleton";
import { Quantity } from "./quantity";
import { type BasketLine, type CatalogueItem, useCatalogue } from "./use-catalogue";

/** What the own tier may buy, each with its price and a count. */
export function Catalogue({
  lines,
  onChange,
}: {
  lines: readonly BasketLine[];
  onChange: (item: CatalogueItem, quantity: number) => void;
}) {
  const t = useTranslations("orders.make");
  const [typed, setTyped] = useState("");
  const search = useDeferredValue(typed);
  const { items, loading, fetching, error, retry } = useCatalogue(search);
  return (
    <section aria-label={t("search")} className="space-y-3">
      <Field label={t("search")} hideLabel>
        <Input
          type="search"
          value={typed}
          placeholder={t("search")}
          prefix={<Search aria-hidden />}
          onChange={(event) => setTyped(event.target.value)}
        />
      </Field>
      <ErrorAlert error={error} onRetry={retry} />
      {loading ? (
        <div className="space-y-2">
          {["a", "b", "c", "d"].map((key) => (
            <Skeleton key={key} className="h-20 w-full rounded-lg" />
          ))}
        </div>
      ) : items.length === 0 && !error ? (
        <div className="rounded-lg border border-border bg-card">
          <EmptyState
            title={search ? t("noneFound") : t("noProducts")}
            description={search ? undefined : t("noProductsHint")}
          />
        </div>
      ) : (
        <ul className={cn("space-y-2 transition-opacity", fetching && "opacity-60")}>
          {items.map((item) => (
            <Item
              key={item.productId}
              item={item}
              quantity={lines.find((line) => line.item.productId === item.productId)?.quantity ?? 0}
              onChange={(quantity) => onChange(item, quantity)}
            />
          ))}
        </ul>
      )}
    </section>
  );
}

function Item({
  item,
  quantity,
  onChange,
}: {
  item: CatalogueItem;
  quantity: number;
  onChange: (quantity: number) => void;
}) {
  const t = useTranslations("orders.make");
  const format = useFormat();
  return (
    <li
      className={cn(
        "flex flex-wrap items-center gap-x-4 gap-y-2 rounded-lg border bg-card p-3",
        quantity > 0 ? "border-primary" : "border-border",
      )}
    >
      <ProductPicture src={item.imagePath} className="size-12" />
      <div className="min-w-0 flex-1 basis-40">
        <p className="font-medium break-words">{item.name}</p>
        <p className="text-xs text-muted-foreground">
          <span className="figure">{item.number}</span> ·{" "}
          {t("face", { amount: format.money(item.face, item.currency) })}
        </p>
      </div>
      <div className="ms-auto flex flex-wrap items-center justify-end gap-x-4 gap-y-2">
        <Money amount={item.price} currency={item.currency} className="text-base font-semibold" />
        {item.inStock ? (
          <Quantity product={item.name} value={quantity} max={item.maxPerOrder} onChange={onChange} />
        ) : (
          <Badge>{t("soldOut")}</Badge>
        )}
      </div>
    </li>
  );
}
