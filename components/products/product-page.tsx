"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { CirclePlay, CircleStop, FileUp, Pencil } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { formatCount } from "@/components/format/format";
import { useCan, useViewer } from "@/components/layout/viewer";
import { Batches } from "@/components/stock/batches";
import { DaysLeft } from "@/components/stock/days-left";
import { LowStockAlert } from "@/components/stock/low-stock";
import { StockBar } from "@/components/stock/stock-bar";
import { useTRPC } from "@/components/trpc";
import { Button, LinkButton } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { DescriptionList } from "@/components/ui/description-list";
import { ErrorAlert } from "@/components/ui/error-alert";
import { Instant } from "@/components/ui/instant";
import { Money } from "@/components/ui/money";
import { PageFrame } from "@/components/ui/page-frame";
import { Skeleton } from "@/components/ui/skeleton";
import { toast } from "@/components/ui/toast";
import { NoRecord } from "@/components/vouchers/no-record";
import type { ProductDetail } from "@/server/domain/cards";
import { ProductPicture } from "./product-picture";
import { AvailableBadge, ProductStatusBadge } from "./status";

/** One product: what it is, how much of it there is and for how long, what it costs whom. */
export function ProductPage({ id }: { id: string }) {
  const t = useTranslations("products");
  const can = useCan();
  const trpc = useTRPC();
  const { data: product, error, refetch } = useQuery(trpc.products.get.queryOptions({ id }));
  if (!product) return <NoRecord noun="products" error={error} onRetry={() => void refetch()} />;
  return (
    <PageFrame
      title={product.name}
      badge={<ProductStatusBadge status={product.status} />}
      description={<span className="figure">{product.number}</span>}
      breadcrumbs={[{ label: t("title"), href: "/products" }]}
      actions={<Actions product={product} />}
    >
      <Stock product={product} />
      <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <Facts product={product} />
        {can("price:read") ? <Prices product={product} /> : null}
      </div>
      {can("stock:read") ? <ProductBatches product={product} /> : null}
    </PageFrame>
  );
}

function Actions({ product }: { product: ProductDetail }) {
  const t = useTranslations("products");
  const common = useTranslations("common.actions");
  const can = useCan();
  return (
    <>
      {can("product:write") ? (
        <LinkButton variant="outline" href={`/products/${product.id}/edit`} icon={<Pencil aria-hidden />}>
          {common("edit")}
        </LinkButton>
      ) : null}
      {can("stock:import") ? (
        <LinkButton
          variant="outline"
          href={`/stock/import?product=${product.id}`}
          icon={<FileUp aria-hidden />}
        >
          {t("actions.import")}
        </LinkButton>
      ) : null}
      {can("product:write") ? <StatusButton product={product} /> : null}
    </>
  );
}

function StatusButton({ product }: { product: ProductDetail }) {
  const t = useTranslations("products.actions");
  const trpc = useTRPC();
  const queries = useQueryClient();
  const setStatus = useMutation(trpc.products.setStatus.mutationOptions());
  const onSale = product.status === "on_sale";
  const change = async () => {
    await setStatus.mutateAsync({ id: product.id, status: onSale ? "off_sale" : "on_sale" });
    await queries.invalidateQueries(trpc.products.pathFilter());
    toast.success(t(onSale ? "offSale" : "onSale"));
  };
  if (onSale) {
    return (
      <ConfirmDialog
        trigger={
          <Button variant="outline" icon={<CircleStop aria-hidden />}>
            {t("takeOff")}
          </Button>
        }
        title={t("takeOffTitle", { name: product.name })}
        description={t("takeOffText")}
        confirmLabel={t("takeOff")}
        onConfirm={change}
      />
    );
  }
  return (
    <ConfirmDialog
      trigger={<Button icon={<CirclePlay aria-hidden />}>{t("putOnSale")}</Button>}
      title={t("putOnSaleTitle", { name: product.name })}
      description={t("putOnSaleText", { available: product.available ?? 0 })}
      confirmLabel={t("putOnSale")}
      onConfirm={change}
    />
  );
}

function Stock({ product }: { product: ProductDetail }) {
  const t = useTranslations("products.detail");
  const days = useTranslations("stock.daysLeft");
  const low = useTranslations("products.actions");
  const can = useCan();
  const { stock, sales } = product;
  if (!stock) return null;
  return (
    <>
      {product.low || stock.available === 0 ? (
        <LowStockAlert
          available={stock.available}
          lowStockAt={product.lowStockAt}
          actions={
            can("stock:import") ? (
              <LinkButton size="sm" href={`/stock/import?product=${product.id}`}>
                {low("import")}
              </LinkButton>
            ) : undefined
          }
        />
      ) : null}
      <Card
        title={t("stock")}
        footer={
          sales ? (
            <p className="flex flex-wrap items-baseline gap-x-2">
              <span className="text-muted-foreground">{days("label")}</span>
              <DaysLeft available={stock.available} days={sales.daysLeft} looped={product.looped} />
              <span className="text-xs text-muted-foreground">
                {days("basis", { count: formatCount(sales.delivered14) })}
              </span>
            </p>
          ) : null
        }
      >
        <StockBar counts={stock} legend />
      </Card>
    </>
  );
}

function Facts({ product }: { product: ProductDetail }) {
  const t = useTranslations("products");
  const can = useCan();
  const { party } = useViewer();
  return (
    <Card title={t("detail.facts")}>
      <div className="flex flex-wrap items-start gap-5">
        <ProductPicture
          src={product.imagePath}
          alt={t("picture.of", { name: product.name })}
          className="size-28"
        />
        <DescriptionList
          className="min-w-0 flex-1 basis-64"
          items={[
            {
              label: t("columns.face"),
              value: <Money amount={product.face} currency={product.currency} />,
            },
            { label: t("columns.kind"), value: t(product.looped ? "kinds.looped" : "kinds.once") },
            product.supplierName !== null &&
              party.kind !== "supplier" && {
                label: t("columns.supplier"),
                value:
                  can("supplier:read") && product.supplierId ? (
                    <Link
                      href={`/suppliers/${product.supplierId}`}
                      className="text-primary underline underline-offset-2"
                    >
                      {product.supplierName}
                    </Link>
                  ) : (
                    product.supplierName
                  ),
              },
            product.available === null && {
              label: t("columns.available"),
              value: <AvailableBadge product={product} />,
            },
            product.available !== null && {
              label: t("form.lowStockAt"),
              value:
                product.lowStockAt === 0
                  ? t("detail.lowStockZero")
                  : t("detail.lowStock", { count: formatCount(product.lowStockAt) }),
            },
            {
              label: t("form.maxPerOrder"),
              value: t("detail.perOrder", { count: formatCount(product.maxPerOrder) }),
            },
            {
              label: t("detail.updated"),
              value: <Instant at={product.updatedAt} />,
            },
            {
              label: t("form.description"),
              wide: true,
              value: (
                <span className="whitespace-pre-line">
                  {product.description || t("detail.noDescription")}
                </span>
              ),
            },
          ]}
        />
      </div>
    </Card>
  );
}

function Prices({ product }: { product: ProductDetail }) {
  const t = useTranslations("products.detail");
  const trpc = useTRPC();
  const { party } = useViewer();
  const list = useQuery(trpc.prices.list.queryOptions({ productIds: [product.id] }));
  const tiers = useQuery(trpc.tiers.list.queryOptions());
  const prices = Object.entries(list.data?.items[0]?.prices ?? {});
  const rankOf = (code: string) => tiers.data?.find((tier) => tier.code === code)?.rank ?? 0;
  const own = party.kind === "distributor";
  return (
    <Card flush title={t("prices")} description={own ? undefined : t("pricesHint")}>
      <ErrorAlert error={list.error} onRetry={list.refetch} className="m-4" />
      {list.isPending ? <Skeleton className="m-4 h-12" /> : null}
      {list.data && prices.length === 0 ? (
        <p className="px-4 pb-4 text-sm text-muted-foreground">{t("noPrices")}</p>
      ) : null}
      {prices.length > 0 ? (
        <table className="w-full text-sm">
          <caption className="sr-only">{t("prices")}</caption>
          <thead className="text-xs text-muted-foreground">
            <tr className="border-y border-border">
              <th scope="col" className="px-4 py-2 text-start font-medium">
                {t("tier")}
              </th>
              <th scope="col" className="px-4 py-2 text-end font-medium">
                {own ? t("yourPrice") : t("price")}
              </th>
            </tr>
          </thead>
          <tbody>
            {prices
              .sort(([a], [b]) => rankOf(a) - rankOf(b))
              .map(([code, price]) => (
                <tr key={code} className="border-b border-border last:border-0">
                  <td className="px-4 py-2">
                    {tiers.data?.find((tier) => tier.code === code)?.name ?? code}
                  </td>
                  <td className="px-4 py-2 text-end">
                    <Money amount={price} currency={product.currency} className="font-medium" />
                  </td>
                </tr>
              ))}
          </tbody>
        </table>
      ) : null}
    </Card>
  );
}

function ProductBatches({ product }: { product: ProductDetail }) {
  const t = useTranslations("products.detail");
  return (
    <Card
      flush
      title={t("batches")}
      actions={
        <Link
          href={`/stock/batches?f.productId=${product.id}`}
          className="text-sm text-primary underline-offset-2 hover:underline"
        >
          {t("stockLink")}
        </Link>
      }
    >
      <Batches productId={product.id} />
    </Card>
  );
}
