"use client";

import { useMutation } from "@tanstack/react-query";
import { RotateCcw } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useFormat } from "@/components/format/use-format";
import { useTRPC } from "@/components/trpc";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Money } from "@/components/ui/money";
import { MoneyInput } from "@/components/ui/money-input";
import { RadioGroup } from "@/components/ui/radio-group";
import { toast } from "@/components/ui/toast";
import { roundDiv } from "@/server/core/money";
import type { RedemptionDetail } from "@/server/domain/vouchers/types";

/** Whole or in part; says what it does before it does it. */
export function ReverseDialog({
  redemption,
  onReversed,
}: {
  redemption: RedemptionDetail;
  onReversed: () => Promise<void>;
}) {
  const t = useTranslations("redemptions.reverse");
  const format = useFormat();
  const trpc = useTRPC();
  const [open, setOpen] = useState(false);
  const [kind, setKind] = useState<"whole" | "part">("whole");
  const [part, setPart] = useState<bigint | null>(null);
  const [reason, setReason] = useState("");
  const reverse = useMutation(trpc.redemptions.reverse.mutationOptions());
  const { currency } = redemption;
  /** What can still be given back. */
  const rest = redemption.paid + redemption.storedValue - redemption.reversedAmount;
  const amount = kind === "whole" ? rest : part;
  const tooMuch = amount !== null && amount > rest;
  const complete = reason.trim() !== "" && amount !== null && !tooMuch && (kind === "whole" || amount > 0n);
  const max = format.money(rest, currency);
  const merchantChange =
    amount === null || redemption.merchantDue === null
      ? null
      : rest > 0n
        ? -roundDiv(redemption.merchantDue * amount, rest, "half_up")
        : -redemption.merchantDue;
  return (
    <ConfirmDialog
      danger
      open={open}
      onOpenChange={(next) => {
        setOpen(next);
        if (!next) return;
        setKind("whole");
        setPart(null);
        setReason("");
      }}
      trigger={
        <Button variant="outline" size="sm" icon={<RotateCcw aria-hidden />}>
          {t("action")}
        </Button>
      }
      title={t("title", { reference: redemption.reference })}
      confirmLabel={
        kind === "part" && amount !== null
          ? t("submit", { amount: format.money(amount, currency) })
          : t("submitWhole")
      }
      disabled={!complete}
      onConfirm={async () => {
        const receipt = await reverse.mutateAsync({
          redemptionId: redemption.id,
          // A whole reversal is asked for without an amount, so that legs beyond what was paid go back as well.
          amount: kind === "whole" ? null : amount,
          reason: reason.trim(),
        });
        toast.success(t("done", { reference: receipt.reference }));
        await onReversed();
      }}
    >
      <div className="max-h-[65dvh] space-y-4 overflow-y-auto p-0.5">
        <Field group label={t("action")} hideLabel>
          <RadioGroup
            look="cards"
            value={kind}
            onValueChange={setKind}
            options={[
              { value: "whole", label: t("whole"), hint: t("wholeHint") },
              {
                value: "part",
                label: t("part"),
                hint: rest > 0n ? t("partHint") : t("free"),
                disabled: rest <= 0n,
              },
            ]}
          />
        </Field>
        {kind === "part" ? (
          <Field
            label={t("amount")}
            hint={redemption.storedValue > 0n ? t("amountHintStored", { max }) : t("amountHint", { max })}
            error={tooMuch ? t("amountHint", { max }) : undefined}
            required
          >
            <MoneyInput value={part} currency={currency} onValueChange={setPart} />
          </Field>
        ) : null}
        <Field label={t("reason")} hint={t("reasonHint")} required>
          <Input value={reason} maxLength={500} onChange={(event) => setReason(event.target.value)} />
        </Field>
        {amount !== null && !tooMuch ? (
          <dl className="space-y-1 rounded-lg bg-muted p-3 text-sm">
            <Line label={t("effectCustomer")}>
              <Money amount={amount} currency={currency} className="font-semibold" />
            </Line>
            {redemption.reversedAmount > 0n ? (
              <Line label={t("effectBefore")}>
                <Money amount={redemption.reversedAmount} currency={currency} />
              </Line>
            ) : null}
            {merchantChange === null ? null : (
              <Line label={kind === "whole" ? t("effectMerchant") : t("effectMerchantAbout")}>
                <Money amount={merchantChange} currency={currency} signed toned />
              </Line>
            )}
            <Line label={t("effectLeft")}>
              <Money amount={rest - amount} currency={currency} />
            </Line>
          </dl>
        ) : null}
      </div>
    </ConfirmDialog>
  );
}

function Line({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <div className="flex items-baseline justify-between gap-4">
      <dt className="text-muted-foreground">{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}
