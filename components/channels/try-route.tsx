"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Check } from "lucide-react";
import { useTranslations } from "next-intl";
import { useDeferredValue, useState } from "react";
import { useFormat } from "@/components/format/use-format";
import { useViewer } from "@/components/layout/viewer";
import { useTRPC } from "@/components/trpc";
import { Alert } from "@/components/ui/alert";
import { Card } from "@/components/ui/card";
import { cn } from "@/components/ui/cn";
import { ErrorAlert } from "@/components/ui/error-alert";
import { Field } from "@/components/ui/field";
import { Money } from "@/components/ui/money";
import { MoneyInput } from "@/components/ui/money-input";
import { Skeleton } from "@/components/ui/skeleton";
import type { Channel, Considered } from "@/server/domain/payments";
import { FIRST_TRY } from "./table";

/** "Which channel for this amount?": what the router compares, as it does for a payment. */
export function TryRoute({ channels }: { channels: readonly Channel[] }) {
  const t = useTranslations("channels.try");
  const trpc = useTRPC();
  const { currency } = useViewer().tenant;
  const [amount, setAmount] = useState<bigint | null>(FIRST_TRY);
  const asked = useDeferredValue(amount);
  const route = useQuery(
    trpc.channels.tryRoute.queryOptions(
      { amount: String(asked ?? FIRST_TRY) },
      { enabled: asked !== null && asked > 0n, placeholderData: keepPreviousData },
    ),
  );
  const considered = asked !== null && asked > 0n ? route.data?.considered : undefined;
  return (
    <Card title={t("title")} description={t("description")}>
      <div className="grid gap-4 lg:grid-cols-[minmax(0,16rem)_minmax(0,1fr)]">
        <Field label={t("amount")}>
          <MoneyInput value={amount} currency={currency} onValueChange={setAmount} />
        </Field>
        <div aria-live="polite" className={cn("min-w-0", route.isPlaceholderData && "opacity-70")}>
          <ErrorAlert error={route.error} onRetry={route.refetch} />
          {asked === null || asked <= 0n ? (
            <p className="text-sm text-muted-foreground">{t("enter")}</p>
          ) : route.isPending ? (
            <Skeleton className="h-24" />
          ) : null}
          {considered && route.data?.channelId === null ? (
            <Alert tone="warning" live={false} title={t("none")} className="mb-3" />
          ) : null}
          {considered ? (
            <ol aria-label={t("result")} className="divide-y divide-border rounded-lg border border-border">
              {considered.map((one) => (
                <Line key={one.channelId} one={one} all={considered} channels={channels} />
              ))}
            </ol>
          ) : null}
        </div>
      </div>
    </Card>
  );
}

function Line({
  one,
  all,
  channels,
}: {
  one: Considered;
  all: readonly Considered[];
  channels: readonly Channel[];
}) {
  const t = useTranslations("channels.try");
  const format = useFormat();
  const { currency } = useViewer().tenant;
  const chosen = one.verdict === "chosen";
  return (
    <li className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1 px-4 py-2.5">
      <span className="min-w-0">
        <span className={cn("inline-flex items-center gap-1.5", chosen && "font-medium")}>
          {chosen ? <Check aria-hidden className="size-4 text-success" /> : null}
          {one.name}
        </span>
        <span className={cn("block text-sm", chosen ? "text-success" : "text-muted-foreground")}>
          {t(`verdicts.${one.verdict}`, {
            amount: format.money(amountOfVerdict(one, all, channels), currency),
          })}
        </span>
      </span>
      <span className="text-end">
        <Money amount={BigInt(one.fee)} currency={currency} className="font-medium" />
        <span className="figure block text-xs text-muted-foreground">
          {one.schedule ??
            (one.bound ? t(one.bound === "min" ? "minFee" : "maxFee") : format.rate(one.feeRate))}
        </span>
      </span>
    </li>
  );
}

/** The amount that a verdict's sentence names, if it does. */
function amountOfVerdict(one: Considered, all: readonly Considered[], channels: readonly Channel[]): bigint {
  const channel = channels.find(({ id }) => id === one.channelId);
  if (one.verdict === "below_min") return channel?.minAmount ?? 0n;
  if (one.verdict === "above_max") return channel?.maxAmount ?? 0n;
  const best = all.find(({ verdict }) => verdict === "chosen");
  return best ? BigInt(one.fee) - BigInt(best.fee) : 0n;
}
