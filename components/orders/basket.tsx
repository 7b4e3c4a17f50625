"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useFormat } from "@/components/format/use-format";
import { useTRPC, useTRPCClient } from "@/components/trpc";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { ErrorAlert } from "@/components/ui/error-alert";
import { useErrorText } from "@/components/ui/error-message";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Money } from "@/components/ui/money";
import { RadioGroup } from "@/components/ui/radio-group";
import type { ErrorParams } from "@/server/core/errors";
import type { OrderQuote } from "@/server/domain/orders/types";
import type { PlacedOrder } from "./order-result";
import { Quantity } from "./quantity";
import type { BasketLine, CatalogueItem } from "./use-catalogue";
import { useRefreshOrders } from "./use-refresh-orders";

type Method = "wallet" | "channel";

/** What was chosen, what it costs as the server says, and how it is paid. */
export function Basket({
  lines,
  onChange,
  onPlaced,
}: {
  lines: readonly BasketLine[];
  onChange: (item: CatalogueItem, quantity: number) => void;
  onPlaced: (placed: PlacedOrder) => void;
}) {
  const t = useTranslations("orders.make");
  const trpc = useTRPC();
  const input = lines.map(({ item, quantity }) => ({ productId: item.productId, quantity }));
  const quote = useQuery({
    ...trpc.orders.quote.queryOptions({ lines: input }, { placeholderData: keepPreviousData }),
    enabled: lines.length > 0,
  });
  return (
    <Card
      title={t("basket")}
      description={lines.length > 0 ? t("lines", { count: lines.length }) : undefined}
    >
      {lines.length === 0 ? (
        <p className="text-sm text-muted-foreground">{t("basketEmpty")}</p>
      ) : (
        <div className="space-y-4">
          <ul className="space-y-3">
            {lines.map((line) => (
              <Line
                key={line.item.productId}
                line={line}
                refusal={quote.data?.lines.find((one) => one.productId === line.item.productId)?.refusal}
                onChange={(quantity) => onChange(line.item, quantity)}
              />
            ))}
          </ul>
          <ErrorAlert error={quote.error} onRetry={() => void quote.refetch()} />
          {quote.data ? (
            <Checkout lines={input} quote={quote.data} stale={quote.isPlaceholderData} onPlaced={onPlaced} />
          ) : null}
        </div>
      )}
    </Card>
  );
}

function Line({
  line: { item, quantity },
  refusal,
  onChange,
}: {
  line: BasketLine;
  refusal: OrderQuote["lines"][number]["refusal"] | undefined;
  onChange: (quantity: number) => void;
}) {
  const errorText = useErrorText();
  return (
    <li className="space-y-1">
      <p className="text-sm font-medium break-words">{item.name}</p>
      <div className="flex flex-wrap items-center justify-between gap-2">
        <Quantity product={item.name} value={quantity} max={item.maxPerOrder} onChange={onChange} />
        <Money amount={item.price * BigInt(quantity)} currency={item.currency} />
      </div>
      {refusal ? (
        <p role="alert" className="text-xs font-medium text-destructive">
          {errorText(refusal.code, refusal.params as ErrorParams)}
        </p>
      ) : null}
    </li>
  );
}

function Checkout({
  lines,
  quote,
  stale,
  onPlaced,
}: {
  lines: { productId: string; quantity: number }[];
  quote: OrderQuote;
  stale: boolean;
  onPlaced: (placed: PlacedOrder) => void;
}) {
  const t = useTranslations("orders.make");
  const format = useFormat();
  const [method, setMethod] = useState<Method>("wallet");
  const [externalRef, setExternalRef] = useState("");
  const { place, busy, failure } = usePlaceOrder(onPlaced);
  const { total, currency, wallet } = quote;
  const missing = total - wallet.available;
  const money = (amount: bigint) => format.money(amount, currency);
  const refused = quote.lines.some(({ refusal }) => refusal !== null);
  const blocked = stale || refused || (method === "wallet" && missing > 0n);
  return (
    <div className="space-y-4 border-t border-border pt-4">
      <p className="flex items-baseline justify-between gap-4">
        <span>{t("total")}</span>
        <Money amount={total} currency={currency} className="text-2xl font-semibold" />
      </p>
      <Field group label={t("method")}>
        <RadioGroup
          value={method}
          onValueChange={setMethod}
          options={[
            {
              value: "wallet",
              label: t("wallet"),
              hint: t("walletHint", {
                balance: money(wallet.balance),
                available: money(wallet.available),
                after: money(wallet.available - total),
              }),
            },
            { value: "channel", label: t("channel"), hint: t("channelHint") },
          ]}
        />
      </Field>
      {method === "wallet" && missing > 0n ? (
        <Alert tone="warning" live={false}>
          {t("walletTooLow", { available: money(wallet.available), missing: money(missing) })}
        </Alert>
      ) : null}
      <Field label={t("externalRef")} hint={t("externalRefHint")} optional>
        <Input
          value={externalRef}
          maxLength={128}
          autoComplete="off"
          onChange={(event) => setExternalRef(event.target.value)}
        />
      </Field>
      <ErrorAlert error={failure} />
      <Button
        size="lg"
        className="w-full whitespace-normal"
        loading={busy}
        disabled={blocked}
        onClick={() => void place({ lines, method, externalRef: externalRef.trim() })}
      >
        {t(method === "wallet" ? "submitWallet" : "submitChannel", { amount: money(total) })}
      </Button>
    </div>
  );
}

interface Wish {
  lines: { productId: string; quantity: number }[];
  method: Method;
  externalRef: string;
}

/** Orders and pays. Pressing the button again after a failure means the same order, not a second one. */
function usePlaceOrder(onPlaced: (placed: PlacedOrder) => void) {
  const client = useTRPCClient();
  const refresh = useRefreshOrders();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const [tried, setTried] = useState<{ wish: string; key: string } | null>(null);
  const place = async ({ lines, method, externalRef }: Wish) => {
    const wish = JSON.stringify({ lines, externalRef });
    const key = tried?.wish === wish ? tried.key : crypto.randomUUID();
    setTried({ wish, key });
    setBusy(true);
    setFailure(null);
    try {
      const order = await client.orders.create.mutate({
        lines,
        ...(externalRef ? { externalRef } : {}),
        idempotencyKey: key,
      });
      const payment = await client.orders.pay
        .mutate({ orderId: order.id, method: { kind: method } })
        .catch((error: unknown) => {
          // The order stands and can be paid on its page.
          onPlaced({ order, state: order.state, method, failure: error });
          return null;
        });
      if (!payment) return;
      if (payment.cashierUrl) window.location.assign(payment.cashierUrl);
      onPlaced({ order, state: payment.state, method, failure: null });
    } catch (error) {
      setFailure(error);
    } finally {
      setBusy(false);
      await refresh();
    }
  };
  return { place, busy, failure };
}
