"use client";

import { Undo2 } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useFormat } from "@/components/format/use-format";
import { useTRPCClient } from "@/components/trpc";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { RadioGroup } from "@/components/ui/radio-group";
import { toast } from "@/components/ui/toast";
import type { OrderDetail } from "@/server/domain/orders/types";
import { Quantity } from "./quantity";
import { RefundEffect } from "./refund-effect";
import { heldPayment, planRefund, type RefundChoice, refundableOf, standingDeliveries } from "./refund-plan";
import { useKeyName } from "./use-key-name";

const NOTHING: RefundChoice = { kind: "all", quantities: {}, deliveryIds: [] };

/** Whole, by product, or by card; says what goes back to whom before it does. */
export function RefundDialog({ order, onDone }: { order: OrderDetail; onDone: () => Promise<void> }) {
  const t = useTranslations("orders.refund");
  const format = useFormat();
  const client = useTRPCClient();
  const [open, setOpen] = useState(false);
  const [choice, setChoice] = useState(NOTHING);
  const [reason, setReason] = useState("");
  // One try to give money back: pressing the button again after a failure is the same refund.
  const [key, setKey] = useState("");
  const plan = planRefund(order, choice);
  const choose = (change: Partial<RefundChoice>) => {
    setChoice((before) => ({ ...before, ...change }));
    setKey(crypto.randomUUID());
  };
  const standing = standingDeliveries(order);
  return (
    <ConfirmDialog
      danger
      open={open}
      onOpenChange={(next) => {
        setOpen(next);
        if (!next) return;
        setReason("");
        setChoice(NOTHING);
        setKey(crypto.randomUUID());
      }}
      trigger={
        <Button variant="outline" icon={<Undo2 aria-hidden />}>
          {t("action")}
        </Button>
      }
      title={t("title", { reference: order.reference })}
      confirmLabel={t("submit", { amount: format.money(plan?.amount ?? 0n, order.currency) })}
      disabled={!plan || reason.trim() === ""}
      onConfirm={async () => {
        if (!plan) return;
        const done = await client.orders.refund.mutate({
          orderId: order.id,
          ...plan.input,
          reason: reason.trim(),
          idempotencyKey: key,
        });
        toast.success(t("done", { amount: format.money(done.amount, order.currency) }));
        await onDone();
      }}
    >
      <div className="max-h-[65dvh] space-y-4 overflow-y-auto p-0.5">
        <Field group label={t("kind")}>
          <RadioGroup
            value={choice.kind}
            onValueChange={(kind) => choose({ kind })}
            options={[
              { value: "all", label: t("all"), hint: t("allHint") },
              {
                value: "lines",
                label: t("lines"),
                hint: t("linesHint"),
                disabled: heldPayment(order) !== null || standing.length === 0,
              },
              {
                value: "keys",
                label: t("keys"),
                hint: t("keysHint"),
                disabled: heldPayment(order) !== null || standing.length === 0,
              },
            ]}
          />
        </Field>
        {choice.kind === "lines" ? <Lines order={order} choice={choice} choose={choose} /> : null}
        {choice.kind === "keys" ? <Keys order={order} choice={choice} choose={choose} /> : null}
        <Field label={t("reason")} hint={t("reasonHint")} required>
          <Input
            value={reason}
            maxLength={500}
            onChange={(event) => {
              setReason(event.target.value);
              setKey(crypto.randomUUID());
            }}
          />
        </Field>
        {plan ? (
          <RefundEffect order={order} plan={plan} />
        ) : (
          <p className="text-sm text-muted-foreground">{t("nothing")}</p>
        )}
      </div>
    </ConfirmDialog>
  );
}

interface Part {
  order: OrderDetail;
  choice: RefundChoice;
  choose: (change: Partial<RefundChoice>) => void;
}

function Lines({ order, choice, choose }: Part) {
  const t = useTranslations("orders.refund");
  return (
    <ul className="space-y-2">
      {order.lines
        .filter((line) => refundableOf(order, line) > 0)
        .map((line) => (
          <li key={line.id} className="flex items-center justify-between gap-3 text-sm">
            <span className="min-w-0 break-words">
              {t("ofLine", { product: line.productName, count: refundableOf(order, line) })}
            </span>
            <Quantity
              product={line.productName}
              value={choice.quantities[line.id] ?? 0}
              max={refundableOf(order, line)}
              onChange={(quantity) => choose({ quantities: { ...choice.quantities, [line.id]: quantity } })}
            />
          </li>
        ))}
    </ul>
  );
}

function Keys({ order, choice, choose }: Part) {
  const nameOf = useKeyName();
  return (
    <ul className="max-h-48 space-y-1.5 overflow-y-auto rounded-lg border border-border p-3">
      {standingDeliveries(order).map((delivery) => (
        <li key={delivery.id}>
          <Checkbox
            label={`${delivery.productName} · ${nameOf(delivery)}`}
            checked={choice.deliveryIds.includes(delivery.id)}
            onCheckedChange={(checked) =>
              choose({
                deliveryIds: checked
                  ? [...choice.deliveryIds, delivery.id]
                  : choice.deliveryIds.filter((id) => id !== delivery.id),
              })
            }
          />
        </li>
      ))}
    </ul>
  );
}
