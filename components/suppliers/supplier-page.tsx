"use client";

import { useQuery } from "@tanstack/react-query";
import { Building2, ReceiptText } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { formatCount } from "@/components/format/format";
import { useFormat } from "@/components/format/use-format";
import { useCan } from "@/components/layout/viewer";
import { ProductPicture } from "@/components/products/product-picture";
import { DaysLeft } from "@/components/stock/days-left";
import { StockBar } from "@/components/stock/stock-bar";
import { ExplainedAmount } from "@/components/trace/explain";
import { useTRPC } from "@/components/trpc";
import { Alert } from "@/components/ui/alert";
import { Badge } from "@/components/ui/badge";
import { LinkButton } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { DescriptionList } from "@/components/ui/description-list";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorAlert } from "@/components/ui/error-alert";
import { Instant } from "@/components/ui/instant";
import { Money } from "@/components/ui/money";
import { PageFrame } from "@/components/ui/page-frame";
import { Skeleton } from "@/components/ui/skeleton";
import { StatTile } from "@/components/ui/stat-tile";
import { NoRecord } from "@/components/vouchers/no-record";
import type { SupplierRow } from "@/server/domain/cards";
import { PrepaidBar } from "./prepaid-bar";
import { PREPAYMENTS_SHOWN, PRODUCTS_SHOWN } from "./table";
import { TermsDialog } from "./terms-dialog";
import { TopUpDialog } from "./top-up-dialog";

/** One supplier's terms, account and stock; `own`: as itself sees it. */
export function SupplierPage({ id, own = false }: { id: string; own?: boolean }) {
  const t = useTranslations("suppliers");
  const can = useCan();
  const trpc = useTRPC();
  const { data: supplier, error, refetch } = useQuery(trpc.suppliers.get.queryOptions({ partyId: id }));
  if (!supplier) return <NoRecord noun="suppliers" error={error} onRetry={() => void refetch()} />;
  return (
    <PageFrame
      title={own ? t("ownTitle") : supplier.name}
      badge={<Badge>{t(`terms.${supplier.terms}`)}</Badge>}
      description={own ? t("ownDescription") : <span className="figure">{supplier.number}</span>}
      breadcrumbs={own ? undefined : [{ label: t("title"), href: "/suppliers" }]}
      actions={
        <>
          {can("statement:read") ? (
            <LinkButton
              variant="outline"
              icon={<ReceiptText aria-hidden />}
              href={own ? "/statements" : `/statements?f.partyId=${id}`}
            >
              {t("account.statements")}
            </LinkButton>
          ) : null}
          {can("party:read") ? (
            <LinkButton variant="outline" icon={<Building2 aria-hidden />} href={`/parties/${id}`}>
              {t("party")}
            </LinkButton>
          ) : null}
          {can("supplier:top_up") && supplier.terms === "prepaid" ? (
            <TopUpDialog supplier={supplier} />
          ) : null}
        </>
      }
    >
      <Low supplier={supplier} own={own} />
      <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <Account supplier={supplier} own={own} />
        <Terms supplier={supplier} own={own} />
      </div>
      <Products supplierId={id} own={own} />
      {supplier.terms === "prepaid" || supplier.toppedUp > 0n ? <Prepayments supplier={supplier} /> : null}
    </PageFrame>
  );
}

function Low({ supplier, own }: { supplier: SupplierRow; own: boolean }) {
  const t = useTranslations("suppliers.account");
  const format = useFormat();
  const { remaining, warnBelow, warn, terms, currency } = supplier;
  if (terms !== "prepaid" || (!warn && remaining >= 0n)) return null;
  const overdrawn = remaining < 0n;
  return (
    <Alert
      tone={overdrawn ? "danger" : "warning"}
      live={false}
      title={
        overdrawn
          ? t("overdrawn", { amount: format.money(-remaining, currency) })
          : t("low", {
              remaining: format.money(remaining, currency),
              warnBelow: format.money(warnBelow, currency),
            })
      }
    >
      {t(own ? "ownLowText" : "lowText")}
    </Alert>
  );
}

function Account({ supplier, own }: { supplier: SupplierRow; own: boolean }) {
  const t = useTranslations("suppliers.account");
  const { terms, payable, currency } = supplier;
  return (
    <Card title={t("title")} description={t(terms === "prepaid" ? "prepaidText" : "creditText")}>
      <div className="space-y-4">
        {terms === "credit" || payable !== 0n ? (
          <StatTile
            label={t(own ? "ownOwed" : "owed")}
            value={<Money amount={payable} currency={currency} />}
            detail={t("owedDetail")}
          />
        ) : null}
        {terms === "prepaid" ? <PrepaidBar account={supplier} legend /> : null}
      </div>
    </Card>
  );
}

function Terms({ supplier, own }: { supplier: SupplierRow; own: boolean }) {
  const t = useTranslations("suppliers");
  const can = useCan();
  return (
    <Card
      title={t("termsCard.title")}
      actions={can("supplier:write") ? <TermsDialog supplier={supplier} /> : null}
    >
      <DescriptionList
        columns={1}
        items={[
          {
            label: t("termsCard.label"),
            value: (
              <>
                {t(`terms.${supplier.terms}`)}
                <span className="block text-sm text-muted-foreground">
                  {t(`${own ? "ownTermsHint" : "termsHint"}.${supplier.terms}`)}
                </span>
              </>
            ),
          },
          supplier.terms === "prepaid" && {
            label: t("termsCard.warnBelow"),
            value: <Money amount={supplier.warnBelow} currency={supplier.currency} />,
          },
        ]}
      />
    </Card>
  );
}

function Products({ supplierId, own }: { supplierId: string; own: boolean }) {
  const t = useTranslations("suppliers");
  const stock = useTranslations("stock");
  const can = useCan();
  const trpc = useTRPC();
  const list = useQuery(
    trpc.stock.list.queryOptions(
      { ...(own ? {} : { supplierId }), limit: PRODUCTS_SHOWN },
      { enabled: can("stock:read") },
    ),
  );
  if (!can("stock:read")) return null;
  const rows = list.data?.items;
  return (
    <Card
      flush
      title={t(own ? "ownProducts" : "products")}
      actions={
        <Link
          href={own ? "/stock" : `/stock?f.supplierId=${supplierId}`}
          className="text-sm text-primary underline-offset-2 hover:underline"
        >
          {stock("title")}
        </Link>
      }
    >
      <ErrorAlert error={list.error} onRetry={list.refetch} className="m-4" />
      {list.isPending ? <Skeleton className="m-4 h-16" /> : null}
      {rows?.length === 0 ? (
        <EmptyState
          title={t("noProducts")}
          description={own ? stock("emptySupplier") : t("noProductsHint")}
          className="py-8"
        />
      ) : null}
      {rows?.length ? (
        <ul className="divide-y divide-border border-t border-border">
          {rows.map((row) => (
            <li
              key={row.productId}
              className="relative grid items-center gap-x-6 gap-y-2 px-4 py-3 hover:bg-accent/60 sm:grid-cols-[minmax(0,2fr)_minmax(0,2fr)_auto]"
            >
              <span className="flex min-w-0 items-center gap-2.5">
                <ProductPicture src={row.imagePath} />
                <span className="min-w-0">
                  <Link
                    href={`/products/${row.productId}`}
                    className="font-medium after:absolute after:inset-0"
                  >
                    {row.name}
                  </Link>
                  <span className="figure block text-xs text-muted-foreground">{row.number}</span>
                </span>
              </span>
              <StockBar counts={row} />
              <span className="flex gap-6 text-sm sm:justify-end">
                <span className="whitespace-nowrap">
                  <span className="text-muted-foreground">{stock("states.available")}</span>{" "}
                  <span className="figure font-medium">{formatCount(row.available)}</span>
                </span>
                <span className="whitespace-nowrap">
                  <span className="text-muted-foreground">{stock("columns.daysLeft")}</span>{" "}
                  <DaysLeft available={row.available} days={row.daysLeft} looped={row.looped} />
                </span>
              </span>
            </li>
          ))}
        </ul>
      ) : null}
    </Card>
  );
}

function Prepayments({ supplier }: { supplier: SupplierRow }) {
  const t = useTranslations("suppliers");
  const can = useCan();
  const trpc = useTRPC();
  const list = useQuery(
    trpc.suppliers.prepayments.queryOptions({ partyId: supplier.partyId, limit: PREPAYMENTS_SHOWN }),
  );
  const rows = list.data?.items;
  const head = "px-4 py-2 font-medium";
  return (
    <Card flush title={t("account.topUps")}>
      <ErrorAlert error={list.error} onRetry={list.refetch} className="m-4" />
      {list.isPending ? <Skeleton className="m-4 h-16" /> : null}
      {rows?.length === 0 ? (
        <EmptyState
          title={t("account.noTopUps")}
          description={can("supplier:top_up") ? t("account.noTopUpsHint") : undefined}
          className="py-8"
        />
      ) : null}
      {rows?.length ? (
        <section
          aria-label={t("account.topUps")}
          className="overflow-x-auto border-t border-border"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table is scrolled by the keyboard, too
          tabIndex={0}
        >
          <table className="w-full text-sm">
            <caption className="sr-only">{t("account.topUps")}</caption>
            <thead className="text-xs whitespace-nowrap text-muted-foreground">
              <tr className="border-b border-border">
                <th scope="col" className={`${head} text-start`}>
                  {t("topUp.paidAt")}
                </th>
                <th scope="col" className={`${head} text-start`}>
                  {t("topUp.bankReference")}
                </th>
                <th scope="col" className={`${head} text-end`}>
                  {t("topUp.amount")}
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.tradeId} className="border-b border-border last:border-0">
                  <td className="px-4 py-2 whitespace-nowrap">
                    <Instant at={row.paidAt} />
                  </td>
                  <td className="figure px-4 py-2">{row.bankReference}</td>
                  <td className="px-4 py-2 text-end">
                    <ExplainedAmount
                      tradeId={row.tradeId}
                      amount={row.amount}
                      currency={row.currency}
                      className="font-medium"
                    />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      ) : null}
    </Card>
  );
}
