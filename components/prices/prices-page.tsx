"use client";

import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Tags } from "lucide-react";
import { useTranslations } from "next-intl";
import { createContext, use, useMemo, useState } from "react";
import { type DataColumn, DataTable, useTableState } from "@/components/data-table";
import { useFormat } from "@/components/format/use-format";
import { useCan, useViewer } from "@/components/layout/viewer";
import { useTRPC } from "@/components/trpc";
import { Badge } from "@/components/ui/badge";
import { LinkButton } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { Money } from "@/components/ui/money";
import { MoneyInput } from "@/components/ui/money-input";
import { PageFrame } from "@/components/ui/page-frame";
import { toast } from "@/components/ui/toast";
import { isPlatformRole } from "@/server/core/permissions";
import type { PriceRow, Tier } from "@/server/domain/pricing";
import { type Edits, withEdit } from "./edits";
import { SaveBar } from "./save-bar";
import { PRODUCT_STATUSES, pricesInput, pricesTable } from "./table";

/** Products by tiers, edited in place by operators; a distributor reads what it pays itself. */
export function PricesPage() {
  const isHouse = isPlatformRole(useViewer().role);
  return isHouse ? <Matrix /> : <OwnPrices />;
}

/** What stands in a cell: a price, nothing, or what nobody understands. */
type Typed = bigint | null | "wrong";
const keyOf = (productId: string, tier: string) => `${productId}/${tier}`;

/** Beside the columns, which stay the same while somebody types: a cell made anew would lose the cursor. */
const Typing = createContext<{
  edits: Edits<Typed>;
  type: ((row: PriceRow, tier: string, typed: Typed) => void) | null;
}>({ edits: new Map(), type: null });

function Matrix() {
  const t = useTranslations("prices");
  const can = useCan();
  const trpc = useTRPC();
  const queries = useQueryClient();
  const table = useTableState(pricesTable);
  const tiers = useQuery(trpc.tiers.list.queryOptions());
  const list = useQuery(
    trpc.prices.list.queryOptions(pricesInput(table.query), { placeholderData: keepPreviousData }),
  );
  const set = useMutation(trpc.prices.set.mutationOptions());
  const [edits, setEdits] = useState<Edits<Typed>>(new Map());
  // What was read before typing, so that another's change in between is not overwritten unseen.
  const [seen, setSeen] = useState<ReadonlyMap<string, bigint | null>>(new Map());
  const editable = can("price:write");
  const type = (row: PriceRow, tier: string, typed: Typed) => {
    const key = keyOf(row.productId, tier);
    const stored = row.prices[tier] ?? null;
    setEdits((old) => withEdit(old, key, typed, stored));
    setSeen((old) => new Map(old).set(key, stored));
  };
  const columns = useMatrixColumns(tiers.data);
  const wrong = [...edits.values()].includes("wrong");
  const save = async () => {
    const prices = [...edits].flatMap(([key, price]) => {
      const [productId = "", tier = ""] = key.split("/");
      return price === "wrong" ? [] : [{ productId, tier, price, was: seen.get(key) ?? null }];
    });
    const { changed } = await set.mutateAsync({ prices });
    await queries.invalidateQueries({ queryKey: trpc.prices.pathKey() });
    setEdits(new Map());
    toast.success(t("saved", { count: changed }));
  };
  if (tiers.data?.length === 0) {
    return (
      <PageFrame title={t("title")} description={t("description")}>
        <EmptyState
          icon={<Tags />}
          title={t("noTiers.title")}
          description={t("noTiers.description")}
          actions={
            can("distributor:write") ? (
              <LinkButton href="/distributors/tiers">{t("noTiers.action")}</LinkButton>
            ) : null
          }
        />
      </PageFrame>
    );
  }
  return (
    <PageFrame title={t("title")} description={t("description")}>
      <Typing value={{ edits, type: editable ? type : null }}>
        <DataTable
          table={table}
          label={t("title")}
          columns={columns}
          rows={list.data?.items}
          rowId={(row) => row.productId}
          rowName={(row) => row.name}
          nextCursor={list.data?.nextCursor}
          loading={list.isPending || tiers.isPending}
          fetching={list.isPlaceholderData}
          error={list.error ?? tiers.error}
          onRetry={() => void Promise.all([list.refetch(), tiers.refetch()])}
          searchLabel={t("search")}
          filters={[
            {
              name: "status",
              label: t("status"),
              options: PRODUCT_STATUSES.map((value) => ({ value, label: t(`statuses.${value}`) })),
            },
          ]}
          empty={<EmptyState icon={<Tags />} title={t("empty.title")} description={t("empty.description")} />}
        />
      </Typing>
      {edits.size > 0 ? (
        <SaveBar
          text={wrong ? t("wrong") : t("changed", { count: edits.size })}
          save={t("save")}
          discard={t("discard")}
          saving={set.isPending}
          disabled={wrong}
          error={set.error}
          onSave={() => void save().catch(() => {})}
          onDiscard={() => {
            set.reset();
            setEdits(new Map());
            void list.refetch();
          }}
        />
      ) : null}
    </PageFrame>
  );
}

function useProductColumns(): readonly DataColumn<PriceRow, never>[] {
  const t = useTranslations("prices");
  return useMemo(
    () => [
      {
        id: "number",
        header: t("number"),
        card: "line",
        cell: (row) => <span className="figure text-muted-foreground">{row.number}</span>,
      },
      {
        id: "name",
        header: t("product"),
        fixed: true,
        card: "title",
        wraps: "sentence",
        cell: (row) => <span className="font-medium">{row.name}</span>,
      },
      {
        id: "face",
        header: t("face"),
        align: "end",
        cell: (row) => <Money amount={row.face} currency={row.currency} />,
      },
    ],
    [t],
  );
}

function useMatrixColumns(tiers: readonly Tier[] | undefined): readonly DataColumn<PriceRow, never>[] {
  const t = useTranslations("prices");
  const products = useProductColumns();
  return useMemo(
    () => [
      ...products,
      {
        id: "status",
        header: t("status"),
        card: "aside",
        cell: (row) => (
          <Badge tone={row.status === "on_sale" ? "success" : "neutral"}>{t(`statuses.${row.status}`)}</Badge>
        ),
      },
      {
        id: "cost",
        header: t("cost"),
        align: "end",
        cell: (row) => (row.cost === null ? "–" : <Money amount={row.cost} currency={row.currency} />),
      },
      ...(tiers ?? []).map(
        (tier): DataColumn<PriceRow, never> => ({
          id: `tier.${tier.code}`,
          header: tier.name,
          align: "end",
          interactive: true,
          cell: (row) => <PriceCell row={row} tier={tier} />,
        }),
      ),
    ],
    [t, products, tiers],
  );
}

function PriceCell({ row, tier }: { row: PriceRow; tier: Tier }) {
  const { edits, type } = use(Typing);
  const edit = edits.get(keyOf(row.productId, tier.code));
  const t = useTranslations("prices");
  const format = useFormat();
  const stored = row.prices[tier.code] ?? null;
  const price = edit === undefined ? stored : edit === "wrong" ? null : edit;
  const tooLow = price !== null && row.cost !== null && price < row.cost;
  const warning = tooLow ? (
    <span className="mt-1 block text-xs text-warning">
      {t("belowCost", { cost: format.money(row.cost ?? 0n, row.currency) })}
    </span>
  ) : null;
  if (!type) {
    return price === null ? (
      "–"
    ) : (
      <>
        <Money amount={price} currency={row.currency} />
        {warning}
      </>
    );
  }
  return (
    <span className="inline-block w-36 text-end">
      <MoneyInput
        size="sm"
        aria-label={t("priceOf", { product: row.name, tier: tier.name })}
        value={price}
        currency={row.currency}
        onValueChange={(amount, text) =>
          type(row, tier.code, amount !== null && amount > 0n ? amount : text.trim() === "" ? null : "wrong")
        }
      />
      {warning}
    </span>
  );
}

function OwnPrices() {
  const t = useTranslations("prices");
  const trpc = useTRPC();
  const table = useTableState(pricesTable);
  const list = useQuery(
    trpc.prices.list.queryOptions(pricesInput(table.query), { placeholderData: keepPreviousData }),
  );
  const products = useProductColumns();
  const columns = useMemo<readonly DataColumn<PriceRow, never>[]>(
    () => [
      ...products,
      {
        id: "price",
        header: t("price"),
        align: "end",
        fixed: true,
        card: "aside",
        cell: (row) =>
          Object.values(row.prices).map((price) => (
            <Money key="own" amount={price} currency={row.currency} className="font-medium" />
          )),
      },
    ],
    [products, t],
  );
  return (
    <PageFrame title={t("ownTitle")} description={t("ownDescription")}>
      <DataTable
        table={table}
        label={t("ownTitle")}
        columns={columns}
        rows={list.data?.items}
        rowId={(row) => row.productId}
        rowName={(row) => row.name}
        nextCursor={list.data?.nextCursor}
        loading={list.isPending}
        fetching={list.isPlaceholderData}
        error={list.error}
        onRetry={() => void list.refetch()}
        searchLabel={t("search")}
        empty={
          <EmptyState icon={<Tags />} title={t("ownEmpty.title")} description={t("ownEmpty.description")} />
        }
      />
    </PageFrame>
  );
}
