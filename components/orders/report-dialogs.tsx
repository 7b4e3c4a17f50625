"use client";

import { Check, Flag, X } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useTRPCClient } from "@/components/trpc";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { Field } from "@/components/ui/field";
import { Textarea } from "@/components/ui/input";
import { toast } from "@/components/ui/toast";
import type { OrderDelivery, OrderDetail } from "@/server/domain/orders/types";
import { useKeyName } from "./use-key-name";

interface OfDelivery {
  delivery: OrderDelivery;
  onDone: () => Promise<void>;
}

/** The distributor, or support for a buyer who called, says that a card does not work. */
export function ReportDialog({ delivery, onDone }: OfDelivery) {
  const t = useTranslations("orders.report");
  const client = useTRPCClient();
  const nameOf = useKeyName();
  const [reason, setReason] = useState("");
  return (
    <ConfirmDialog
      onOpenChange={() => setReason("")}
      trigger={
        <Button variant="ghost" size="sm" icon={<Flag aria-hidden />}>
          {t("action")}
        </Button>
      }
      title={t("title")}
      description={`${delivery.productName} · ${nameOf(delivery)}`}
      confirmLabel={t("submit")}
      disabled={reason.trim() === ""}
      onConfirm={async () => {
        const { outcome } = await client.orders.report.mutate({
          deliveryId: delivery.id,
          reason: reason.trim(),
        });
        toast.success(outcome === "replaced" ? t("replacedDone") : t("openDone"));
        await onDone();
      }}
    >
      <p className="text-sm text-muted-foreground">{t("body")}</p>
      <Field label={t("reason")} hint={t("reasonHint")} required>
        <Textarea
          rows={3}
          value={reason}
          maxLength={500}
          onChange={(event) => setReason(event.target.value)}
        />
      </Field>
    </ConfirmDialog>
  );
}

/** Support takes the card out of use and the buyer gets another; said in money and cards beforehand. */
export function ConfirmReportDialog({ order, delivery, onDone }: OfDelivery & { order: OrderDetail }) {
  const t = useTranslations("orders.resolve");
  const client = useTRPCClient();
  const [agree, setAgree] = useState(false);
  const before = order.deliveries.filter(({ state }) => state === "replaced").length;
  return (
    <ConfirmDialog
      danger
      onOpenChange={() => setAgree(false)}
      trigger={
        <Button size="sm" icon={<Check aria-hidden />}>
          {t("confirm")}
        </Button>
      }
      title={t("confirmTitle")}
      description={t("confirmBody", { tail: delivery.tail || "–" })}
      confirmLabel={t("confirmSubmit")}
      disabled={before > 0 && !agree}
      onConfirm={async () => {
        await client.orders.resolveReport.mutate({
          action: "confirm",
          deliveryId: delivery.id,
          ...(agree ? { agree } : {}),
        });
        toast.success(t("confirmDone"));
        await onDone();
      }}
    >
      {before > 0 ? (
        <Checkbox
          label={t("agree")}
          hint={t("again", { count: before })}
          checked={agree}
          onCheckedChange={setAgree}
        />
      ) : null}
    </ConfirmDialog>
  );
}

export function RefuseReportDialog({ delivery, onDone }: OfDelivery) {
  const t = useTranslations("orders.resolve");
  const client = useTRPCClient();
  const [reason, setReason] = useState("");
  return (
    <ConfirmDialog
      onOpenChange={() => setReason("")}
      trigger={
        <Button variant="outline" size="sm" icon={<X aria-hidden />}>
          {t("refuse")}
        </Button>
      }
      title={t("refuseTitle")}
      description={t("refuseBody")}
      confirmLabel={t("refuseSubmit")}
      disabled={reason.trim() === ""}
      onConfirm={async () => {
        await client.orders.resolveReport.mutate({
          action: "refuse",
          deliveryId: delivery.id,
          reason: reason.trim(),
        });
        toast.success(t("refuseDone"));
        await onDone();
      }}
    >
      <Field label={t("reason")} required>
        <Textarea
          rows={3}
          value={reason}
          maxLength={500}
          onChange={(event) => setReason(event.target.value)}
        />
      </Field>
    </ConfirmDialog>
  );
}
