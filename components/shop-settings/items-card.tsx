"use client";

import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useDeferredValue, useState } from "react";
import { type Edits, withEdit } from "@/components/prices/edits";
import { SaveBar } from "@/components/prices/save-bar";
import { useTRPC } from "@/components/trpc";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Switch } from "@/components/ui/checkbox";
import { ErrorAlert } from "@/components/ui/error-alert";
import { Input } from "@/components/ui/input";
import { Money } from "@/components/ui/money";
import { MoneyInput } from "@/components/ui/money-input";
import { Skeleton } from "@/components/ui/skeleton";
import { toast } from "@/components/ui/toast";
import type { ShopItem } from "@/server/domain/pricing";

interface Item {
  /** Null: what was typed is no amount. */
  markup: bigint | null;
  listed: boolean;
}
const same = (a: Item, b: Item) => a.markup === b.markup && a.listed === b.listed;

/** What the shop lists and what it puts on each price. */
export function ItemsCard({ partyId }: { partyId: string | undefined }) {
  const t = useTranslations("shop");
  const trpc = useTRPC();
  const queries = useQueryClient();
  const [typed, setTyped] = useState("");
  const q = useDeferredValue(typed.trim());
  const list = useInfiniteQuery(
    trpc.shop.items.infiniteQueryOptions(
      { partyId, q: q || undefined, limit: 100 },
      { getNextPageParam: (page) => page.nextCursor },
    ),
  );
  const set = useMutation(trpc.shop.setItems.mutationOptions());
  const [edits, setEdits] = useState<Edits<Item>>(new Map());
  const items = list.data?.pages.flatMap((page) => page.items);
  const wrong = [...edits.values()].some((item) => item.markup === null);
  const save = async () => {
    const { changed } = await set.mutateAsync({
      partyId,
      items: [...edits].flatMap(([productId, { markup, listed }]) =>
        markup === null ? [] : [{ productId, markup, listed }],
      ),
    });
    await queries.invalidateQueries({ queryKey: trpc.shop.pathKey() });
    setEdits(new Map());
    toast.success(t("itemsSaved", { count: changed }));
  };
  return (
    <>
      <Card
        title={t("items")}
        description={t("itemsDescription")}
        flush
        actions={
          <Input
            type="search"
            size="sm"
            aria-label={t("search")}
            placeholder={t("search")}
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
          />
        }
      >
        {list.error ? (
          <div className="p-4">
            <ErrorAlert error={list.error} onRetry={() => void list.refetch()} />
          </div>
        ) : items === undefined ? (
          <div className="p-4">
            <Skeleton className="h-40" />
          </div>
        ) : items.length === 0 ? (
          <p className="px-4 py-8 text-center text-sm text-muted-foreground">{t("empty")}</p>
        ) : (
          <ul className="divide-y divide-border border-t border-border">
            {items.map((item) => (
              <ItemRow
                key={item.productId}
                item={item}
                value={edits.get(item.productId) ?? { markup: item.markup, listed: item.listed }}
                onChange={(next) =>
                  setEdits((old) =>
                    withEdit(old, item.productId, next, { markup: item.markup, listed: item.listed }, same),
                  )
                }
              />
            ))}
          </ul>
        )}
        {list.hasNextPage ? (
          <p className="border-t border-border p-3 text-center">
            <Button
              variant="outline"
              size="sm"
              loading={list.isFetchingNextPage}
              onClick={() => void list.fetchNextPage()}
            >
              {t("more")}
            </Button>
          </p>
        ) : null}
      </Card>
      {edits.size > 0 ? (
        <SaveBar
          text={t("changed", { count: edits.size })}
          save={t("saveItems")}
          discard={t("discard")}
          saving={set.isPending}
          disabled={wrong}
          error={set.error}
          onSave={() => void save().catch(() => {})}
          onDiscard={() => {
            set.reset();
            setEdits(new Map());
          }}
        />
      ) : null}
    </>
  );
}

function ItemRow({
  item,
  value,
  onChange,
}: {
  item: ShopItem;
  value: Item;
  onChange: (value: Item) => void;
}) {
  const t = useTranslations("shop");
  const { currency, price } = item;
  return (
    <li className="grid items-center gap-x-6 gap-y-2 px-4 py-3 sm:grid-cols-[minmax(0,1fr)_6rem_10rem_6rem_auto]">
      <span className="min-w-0">
        <span className="font-medium">{item.name}</span>
        <span className="figure block text-xs text-muted-foreground">{item.number}</span>
        {price === null ? (
          <Badge tone="warning">{t("notPriced")}</Badge>
        ) : item.status === "on_sale" ? null : (
          <Badge tone="warning">{t("offSale")}</Badge>
        )}
      </span>
      <Figure label={t("price")}>
        {price === null ? "–" : <Money amount={price} currency={currency} />}
      </Figure>
      <MoneyInput
        size="sm"
        aria-label={t("markupOf", { product: item.name })}
        currency={currency}
        value={value.markup}
        onValueChange={(amount, text) =>
          onChange({ ...value, markup: amount ?? (text.trim() === "" ? 0n : null) })
        }
      />
      <Figure label={t("buyerPays")}>
        {price === null || value.markup === null ? (
          "–"
        ) : (
          <Money amount={price + value.markup} currency={currency} className="font-medium" />
        )}
      </Figure>
      <Switch
        aria-label={t("listedOf", { product: item.name })}
        label={t("listed")}
        disabled={price === null && !value.listed}
        checked={value.listed}
        onCheckedChange={(listed) => onChange({ ...value, listed })}
      />
    </li>
  );
}

function Figure({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <span className="flex justify-between gap-3 text-sm sm:block sm:text-end">
      <span className="text-xs text-muted-foreground sm:block">{label}</span>
      {children}
    </span>
  );
}
