"use client";

import { CreditCard } from "lucide-react";
import { useTranslations } from "next-intl";
import { type FormEvent, useState } from "react";
import { useFormat } from "@/components/format/use-format";
import { useTRPCClient } from "@/components/trpc";
import { Alert } from "@/components/ui/alert";
import { Button, buttonStyles } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Money } from "@/components/ui/money";
import { contact as contactSchema } from "@/server/domain/orders/schemas";
import type { ShopOrderMade } from "@/server/domain/orders/types";
import { StoreRefusal } from "./refusal";
import { type ShopAddress, type ShopLine, sumOf } from "./shop-lines";

/** The order as it will be made, and how its buyer can be reached; then the cashier. */
export function CheckoutDialog({
  address,
  lines,
  onChange,
}: {
  address: ShopAddress;
  lines: readonly ShopLine[];
  onChange: (productId: string, quantity: number) => void;
}) {
  const t = useTranslations("store");
  const [placed, setPlaced] = useState<Placed | null>(null);
  return (
    <Dialog
      onOpenChange={(open) => {
        if (open || !placed) return;
        // What was ordered is not in the basket any more.
        for (const { item } of lines) onChange(item.productId, 0);
      }}
      trigger={<Button size="lg">{t("shop.checkout")}</Button>}
      title={placed ? t("placed.title") : t("shop.order")}
      sticky
    >
      {placed ? (
        <AfterOrder placed={placed} />
      ) : (
        <OrderForm
          address={address}
          lines={lines}
          onPlaced={(order, cashierUrl) => {
            setPlaced({ order, cashierUrl });
            if (cashierUrl) window.location.assign(cashierUrl);
          }}
        />
      )}
    </Dialog>
  );
}

interface Placed {
  order: ShopOrderMade;
  /** Null: the cashier could not be opened. */
  cashierUrl: string | null;
}

function OrderForm({
  address,
  lines,
  onPlaced,
}: {
  address: ShopAddress;
  lines: readonly ShopLine[];
  onPlaced: (order: ShopOrderMade, cashierUrl: string | null) => void;
}) {
  const t = useTranslations("store.shop");
  const format = useFormat();
  const client = useTRPCClient();
  const [contact, setContact] = useState("");
  const [wrong, setWrong] = useState(false);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const [tried, setTried] = useState<{ wish: string; key: string } | null>(null);
  const { total, currency } = sumOf(lines);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const reachable = contact.trim();
    if (reachable && !contactSchema.safeParse(reachable).success) return setWrong(true);
    const wish = JSON.stringify([lines.map(({ item, quantity }) => [item.productId, quantity]), reachable]);
    // Pressing the button again after a failure means the same order.
    const key = tried?.wish === wish ? tried.key : crypto.randomUUID();
    setTried({ wish, key });
    setBusy(true);
    setFailure(null);
    try {
      const order = await client.store.order.mutate({
        ...address,
        lines: lines.map(({ item, quantity }) => ({ productId: item.productId, quantity })),
        ...(reachable ? { contact: reachable } : {}),
        idempotencyKey: key,
      });
      const payment = await client.store.pay
        .mutate({ tenant: address.tenant, token: order.token })
        .catch(() => null);
      onPlaced(order, payment?.cashierUrl ?? null);
    } catch (error) {
      setFailure(error);
      setBusy(false);
    }
  };
  return (
    <form noValidate onSubmit={submit} className="space-y-4">
      <ul className="divide-y divide-border">
        {lines.map(({ item, quantity }) => (
          <li key={item.productId} className="flex items-baseline justify-between gap-4 py-2">
            <span className="min-w-0 break-words">
              {item.name} <span className="figure text-muted-foreground">× {quantity}</span>
            </span>
            <Money amount={item.price * BigInt(quantity)} currency={item.currency} />
          </li>
        ))}
        <li className="flex items-baseline justify-between gap-4 py-2">
          <span className="font-medium">{t("total")}</span>
          <Money amount={total} currency={currency} className="text-2xl font-semibold" />
        </li>
      </ul>
      <Field
        label={t("contact")}
        hint={t("contactHint")}
        error={wrong ? t("contactWrong") : undefined}
        optional
      >
        <Input
          size="lg"
          value={contact}
          maxLength={200}
          autoComplete="email"
          inputMode="email"
          onChange={(event) => {
            setContact(event.target.value);
            setWrong(false);
          }}
        />
      </Field>
      <p className="text-sm text-muted-foreground">{t("keep")}</p>
      <StoreRefusal error={failure} />
      <Button
        type="submit"
        size="xl"
        className="w-full"
        loading={busy}
        disabled={lines.length === 0}
        icon={<CreditCard aria-hidden />}
      >
        {t("pay", { amount: format.money(total, currency) })}
      </Button>
    </form>
  );
}

/** While the cashier opens, and for whoever comes back without having paid. */
function AfterOrder({ placed: { order, cashierUrl } }: { placed: Placed }) {
  const t = useTranslations("store.placed");
  const [minutes] = useState(() =>
    Math.max(1, Math.round((order.expiresAt.getTime() - Date.now()) / 60_000)),
  );
  return (
    <div className="space-y-4">
      <p>{t("body", { reference: order.reference, minutes })}</p>
      {cashierUrl ? (
        <p role="status" className="text-sm text-muted-foreground">
          {t("going")}
        </p>
      ) : (
        <Alert tone="warning">{t("failed")}</Alert>
      )}
      <div className="grid gap-2">
        {/* Another origin, and a page that has to ask anew: plain links. */}
        {cashierUrl ? (
          <a href={cashierUrl} className={buttonStyles({ size: "lg" })}>
            {t("toCashier")}
          </a>
        ) : null}
        <a href={order.pickupPath} className={buttonStyles({ variant: "outline", size: "lg" })}>
          {t("toOrder")}
        </a>
      </div>
    </div>
  );
}
