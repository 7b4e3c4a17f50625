"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { useCan } from "@/components/layout/viewer";
import { ErrorAlert } from "@/components/ui/error-alert";
import { PageFrame } from "@/components/ui/page-frame";
import { DomainError } from "@/server/core/errors";
import { Basket } from "./basket";
import { Catalogue } from "./catalogue";
import { OrderResult, type PlacedOrder } from "./order-result";
import type { BasketLine, CatalogueItem } from "./use-catalogue";

/** A distributor buys at its tier's price: by wallet at once, or at a channel's cashier. */
export function NewOrderPage() {
  const t = useTranslations("orders");
  const can = useCan();
  const [lines, setLines] = useState<readonly BasketLine[]>([]);
  const [placed, setPlaced] = useState<PlacedOrder | null>(null);
  const set = (item: CatalogueItem, quantity: number) =>
    setLines((before) => {
      const others = before.filter((line) => line.item.productId !== item.productId);
      if (quantity === 0) return others;
      return others.length === before.length
        ? [...before, { item, quantity }]
        : before.map((line) => (line.item.productId === item.productId ? { item, quantity } : line));
    });
  return (
    <PageFrame
      title={t("make.title")}
      description={t("make.description")}
      breadcrumbs={[{ label: t("title"), href: "/orders" }]}
    >
      {!can("order:create") ? (
        <ErrorAlert error={new DomainError("PERMISSION_DENIED", { permission: "order:create" })} />
      ) : placed ? (
        <OrderResult
          placed={placed}
          onAnother={() => {
            setLines([]);
            setPlaced(null);
          }}
        />
      ) : (
        <div className="grid gap-4 lg:grid-cols-[minmax(0,1fr)_22rem] lg:items-start">
          <Catalogue lines={lines} onChange={set} />
          <Basket lines={lines} onChange={set} onPlaced={setPlaced} />
        </div>
      )}
    </PageFrame>
  );
}
