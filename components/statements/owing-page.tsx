"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { formatCount } from "@/components/format/format";
import { useTRPC } from "@/components/trpc";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorAlert } from "@/components/ui/error-alert";
import { Instant } from "@/components/ui/instant";
import { Money } from "@/components/ui/money";
import { PageFrame } from "@/components/ui/page-frame";
import { Skeleton } from "@/components/ui/skeleton";
import type { Owing } from "@/server/domain/settlement";
import { OWING_LIMIT } from "./table";
import { SettlementTabs } from "./tabs";

export function OwingPage() {
  const t = useTranslations("statements");
  const trpc = useTRPC();
  const list = useQuery(trpc.statements.owing.queryOptions({ limit: OWING_LIMIT }));
  const due = (list.data ?? []).filter((row) => row.open > 0n);
  const owed = (list.data ?? []).filter((row) => row.open < 0n);
  return (
    <PageFrame
      title={t("tabs.owing")}
      description={t("owing.description")}
      breadcrumbs={[{ label: t("title"), href: "/statements" }]}
    >
      <SettlementTabs />
      {list.error ? <ErrorAlert error={list.error} onRetry={() => void list.refetch()} /> : null}
      {list.isPending ? <Skeleton className="h-64 w-full rounded-lg" /> : null}
      {list.data?.length === 0 ? (
        <EmptyState title={t("owing.empty")} description={t("owing.emptyDescription")} />
      ) : null}
      {list.data?.length ? (
        <div className="grid gap-4 xl:grid-cols-2">
          <OwingCard title={t("owing.due")} rows={due} />
          <OwingCard title={t("owing.owed")} rows={owed} />
        </div>
      ) : null}
    </PageFrame>
  );
}

function OwingCard({ title, rows }: { title: string; rows: readonly Owing[] }) {
  const t = useTranslations("statements");
  if (rows.length === 0) return null;
  return (
    <Card title={title} flush>
      <div className="overflow-x-auto">
        <table className="w-full text-sm">
          <caption className="sr-only">{title}</caption>
          <thead className="text-xs text-muted-foreground">
            <tr className="border-b border-border">
              <th scope="col" className="px-4 py-2 text-start font-medium">
                {t("fields.party")}
              </th>
              <th scope="col" className="px-2 py-2 text-end font-medium whitespace-nowrap max-sm:hidden">
                {t("owing.statements")}
              </th>
              <th scope="col" className="px-2 py-2 text-start font-medium whitespace-nowrap max-sm:hidden">
                {t("owing.oldest")}
              </th>
              <th scope="col" className="px-4 py-2 text-end font-medium">
                {t("owing.open")}
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr
                key={`${row.party.id} ${row.currency} ${row.kind}`}
                className="border-b border-border last:border-0 hover:bg-accent/40"
              >
                <td className="px-4 py-2">
                  <Link
                    href={`/statements?f.partyId=${row.party.id}&f.states=draft,carried`}
                    className="text-primary underline-offset-4 hover:underline"
                  >
                    {row.party.name} <span className="figure text-xs">{row.party.number}</span>
                  </Link>
                </td>
                <td className="figure px-2 py-2 text-end max-sm:hidden">{formatCount(row.statements)}</td>
                <td className="px-2 py-2 max-sm:hidden">
                  <Instant at={row.oldest} style="date" />
                </td>
                <td className="px-4 py-2 text-end">
                  <Money
                    amount={row.open < 0n ? -row.open : row.open}
                    currency={row.currency}
                    className="font-medium"
                  />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}
