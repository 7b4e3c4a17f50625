"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Users } from "lucide-react";
import { useTranslations } from "next-intl";
import { useQueryStates } from "nuqs";
import { formatCount } from "@/components/format/format";
import { useFormat } from "@/components/format/use-format";
import { overviewQuery, rangeParsers } from "@/components/overview/range";
import { useTRPC } from "@/components/trpc";
import { Card } from "@/components/ui/card";
import { DateRangePicker } from "@/components/ui/date-range-picker";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorAlert } from "@/components/ui/error-alert";
import { Money } from "@/components/ui/money";
import { PageFrame } from "@/components/ui/page-frame";
import { Skeleton } from "@/components/ui/skeleton";
import type { Recruit } from "@/server/domain/reports";

/** A distributor's own recruits: names and sales, not their terms. */
export function RecruitsPage() {
  const t = useTranslations("distributors");
  const overview = useTranslations("overview");
  const trpc = useTRPC();
  const { timeZone } = useFormat();
  const [values, setValues] = useQueryStates(rangeParsers, { history: "replace", scroll: false });
  const query = overviewQuery(values, timeZone);
  const { data, error, refetch } = useQuery(
    trpc.distributors.recruits.queryOptions(query, { placeholderData: keepPreviousData }),
  );
  return (
    <PageFrame
      title={t("recruitsTitle")}
      description={t("recruitsDescription")}
      actions={
        <DateRangePicker
          label={overview("range")}
          required
          value={{ from: query.from, to: query.to }}
          onValueChange={(range) => void setValues(range)}
        />
      }
    >
      {error ? <ErrorAlert error={error} onRetry={() => void refetch()} /> : null}
      {data ? (
        data.items.length === 0 ? (
          <EmptyState
            icon={<Users />}
            title={t("recruitsEmpty.title")}
            description={t("recruitsEmpty.description")}
          />
        ) : (
          <Card flush>
            <RecruitTable items={data.items} currency={data.currency} />
          </Card>
        )
      ) : error ? null : (
        <Skeleton className="h-64 rounded-lg" />
      )}
    </PageFrame>
  );
}

export function RecruitTable({ items, currency }: { items: readonly Recruit[]; currency: string }) {
  const t = useTranslations("distributors");
  return (
    <table className="w-full text-sm">
      <caption className="sr-only">{t("recruitsTitle")}</caption>
      <thead className="text-xs text-muted-foreground">
        <tr className="border-b border-border">
          <th scope="col" className="py-2 ps-4 pe-2 text-start font-medium">
            {t("fields.name")}
          </th>
          <th scope="col" className="px-2 py-2 text-end font-medium whitespace-nowrap last:pe-4">
            {t("fields.sales")}
          </th>
          <th scope="col" className="px-2 py-2 text-end font-medium whitespace-nowrap last:pe-4">
            {t("fields.paid")}
          </th>
        </tr>
      </thead>
      <tbody>
        {items.map((item) => (
          <tr key={item.number} className="border-b border-border last:border-0">
            <th scope="row" className="py-2 ps-4 pe-2 text-start font-normal">
              <span className="font-medium">{item.name}</span>
              <span className="block text-xs text-muted-foreground">
                <span className="figure">{item.number}</span> · {t("levelOf", { level: item.level })}
              </span>
            </th>
            <td className="figure px-2 py-2 text-end">{formatCount(item.sales)}</td>
            <td className="py-2 ps-2 pe-4 text-end">
              <Money amount={item.paid} currency={currency} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
