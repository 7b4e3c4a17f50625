"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useFormat } from "@/components/format/use-format";
import { Quantity } from "@/components/orders/quantity";
import { ProductPicture } from "@/components/products/product-picture";
import { useTRPC } from "@/components/trpc";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { readError } from "@/components/ui/error-message";
import { Money } from "@/components/ui/money";
import type { ShopItem, ShopView } from "@/server/domain/orders/types";
import { CheckoutDialog } from "./checkout-dialog";
import { type ShopAddress, type ShopLine, sumOf } from "./shop-lines";
import { ShopClosed, StoreFrame } from "./store-frame";

/** A distributor's shop: choose, order, and on to the cashier. */
export function ShopPage({ address, initial }: { address: ShopAddress; initial: ShopView }) {
  const t = useTranslations("store.shop");
  const trpc = useTRPC();
  // What is left changes while a buyer looks.
  const { data, error } = useQuery({
    ...trpc.store.shop.queryOptions(address),
    initialData: initial,
    refetchOnWindowFocus: "always",
    refetchInterval: 60_000,
  });
  const [quantities, setQuantities] = useState<Readonly<Record<string, number>>>({});
  if (!data.open || readError(error).code === "SHOP_CLOSED") return <ShopClosed />;
  const set = (id: string, quantity: number) => setQuantities((before) => ({ ...before, [id]: quantity }));
  const lines = data.items.flatMap((item): ShopLine[] => {
    const quantity = item.inStock ? Math.min(quantities[item.productId] ?? 0, item.maxPerOrder) : 0;
    return quantity > 0 ? [{ item, quantity }] : [];
  });
  return (
    <StoreFrame title={data.title} name={data.title} wide>
      <div>
        <h1 className="text-2xl font-semibold tracking-tight break-words">{data.title}</h1>
        <p className="text-sm text-muted-foreground">{t("by", { tenant: data.tenantName })}</p>
      </div>
      {data.items.length === 0 ? (
        <div className="rounded-2xl border border-border bg-card">
          <EmptyState title={t("empty")} description={t("emptyHint")} />
        </div>
      ) : (
        <ul className="grid gap-3 sm:grid-cols-2 lg:grid-cols-3">
          {data.items.map((item) => (
            <Item
              key={item.productId}
              item={item}
              quantity={lines.find((line) => line.item === item)?.quantity ?? 0}
              onChange={(quantity) => set(item.productId, quantity)}
            />
          ))}
        </ul>
      )}
      {lines.length > 0 ? <Bar address={address} lines={lines} onChange={set} /> : null}
    </StoreFrame>
  );
}

function Item({
  item,
  quantity,
  onChange,
}: {
  item: ShopItem;
  quantity: number;
  onChange: (quantity: number) => void;
}) {
  const t = useTranslations("store.shop");
  const format = useFormat();
  return (
    <li
      className={`flex flex-col gap-3 rounded-2xl border bg-card p-4 ${quantity > 0 ? "border-primary" : "border-border"}`}
    >
      <div className="flex gap-3">
        <ProductPicture src={item.imagePath} className="size-16 rounded-lg" />
        <div className="min-w-0 flex-1">
          <h2 className="leading-snug font-semibold break-words">{item.name}</h2>
          <p className="text-sm text-muted-foreground">
            {t("face", { amount: format.money(item.face, item.currency) })}
          </p>
        </div>
      </div>
      {item.description ? (
        <p className="line-clamp-4 text-sm whitespace-pre-line break-words text-muted-foreground">
          {item.description}
        </p>
      ) : null}
      <div className="mt-auto flex min-h-11 flex-wrap items-center justify-between gap-2">
        <Money amount={item.price} currency={item.currency} className="text-xl font-semibold" />
        {!item.inStock ? (
          <Badge>{t("soldOut")}</Badge>
        ) : quantity === 0 ? (
          <Button size="lg" onClick={() => onChange(1)} aria-label={`${t("add")} ${item.name}`}>
            {t("add")}
          </Button>
        ) : (
          <Quantity product={item.name} value={quantity} max={item.maxPerOrder} onChange={onChange} />
        )}
      </div>
    </li>
  );
}

/** Within the thumb's reach: how much it is, and on. */
function Bar({
  address,
  lines,
  onChange,
}: {
  address: ShopAddress;
  lines: readonly ShopLine[];
  onChange: (productId: string, quantity: number) => void;
}) {
  const t = useTranslations("store.shop");
  const { total, currency, count } = sumOf(lines);
  return (
    <section
      aria-label={t("order")}
      className="sticky bottom-0 z-10 -mx-4 border-t border-border bg-card px-4 pt-3 pb-[max(0.75rem,env(safe-area-inset-bottom))] sm:mx-0 sm:rounded-t-2xl sm:border-x"
    >
      <div className="flex items-center justify-between gap-3">
        <p className="min-w-0">
          <span className="block text-xs text-muted-foreground">{t("basket", { count })}</span>
          <Money amount={total} currency={currency} className="text-xl font-semibold" />
        </p>
        <CheckoutDialog address={address} lines={lines} onChange={onChange} />
      </div>
    </section>
  );
}
