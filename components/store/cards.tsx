"use client";

import { Eye, EyeOff, Flag } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useFormat } from "@/components/format/use-format";
import { useTRPCClient } from "@/components/trpc";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { CopyButton } from "@/components/ui/copy-button";
import { ErrorAlert } from "@/components/ui/error-alert";
import { Field } from "@/components/ui/field";
import { Textarea } from "@/components/ui/input";
import { toast } from "@/components/ui/toast";
import type { PickupCard, PickupView, RevealedCard } from "@/server/domain/orders/types";
import { asText, CardSecret } from "./card-secret";
import { useRevealed } from "./use-revealed";

export interface PickupAddress {
  tenant: string;
  token: string;
}

/** The cards of an order, each hidden until it is asked for. */
export function Cards({
  view,
  address,
  onChange,
}: {
  view: PickupView;
  address: PickupAddress;
  onChange: () => Promise<void>;
}) {
  const t = useTranslations("store.cards");
  const { cards: open, show, hide } = useRevealed();
  const { reveal, asking, failure } = useReveal(address, show, onChange);
  const standing = view.cards.filter(({ state }) => state === "delivered");
  const shown = standing.flatMap(({ deliveryId }) => open.get(deliveryId) ?? []);
  return (
    <section className="space-y-3">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h2 className="text-lg font-semibold">{t("title", { count: view.cards.length })}</h2>
        <div className="flex flex-wrap gap-2" data-print="hide">
          {standing.length > 1 && shown.length < standing.length ? (
            <Button
              variant="outline"
              size="sm"
              icon={<Eye aria-hidden />}
              loading={asking === "all"}
              onClick={() => void reveal()}
            >
              {t("showAll")}
            </Button>
          ) : null}
          {shown.length > 1 ? <CopyButton value={asText(shown)} label={t("copyAll")} /> : null}
        </div>
      </div>
      {standing.length > 0 ? (
        <p className="text-sm text-muted-foreground" data-print="hide">
          {t("warn")}
        </p>
      ) : null}
      <ErrorAlert error={failure} />
      <ul className="space-y-3">
        {view.cards.map((card) => (
          <CardItem
            key={card.deliveryId}
            card={card}
            secret={open.get(card.deliveryId)}
            timeZone={view.timeZone}
            address={address}
            asking={asking === card.deliveryId}
            onReveal={() => void reveal(card.deliveryId)}
            onHide={() => hide(card.deliveryId)}
            onChange={onChange}
          />
        ))}
      </ul>
    </section>
  );
}

/** Asks for one card, or all of them. Not by a query or mutation: their caches would keep the secrets. */
function useReveal(
  address: PickupAddress,
  show: (cards: readonly RevealedCard[]) => void,
  onChange: () => Promise<void>,
) {
  const client = useTRPCClient();
  const [asking, setAsking] = useState<string | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const reveal = async (deliveryId?: string) => {
    setAsking(deliveryId ?? "all");
    setFailure(null);
    try {
      const { cards } = await client.store.reveal.mutate({
        ...address,
        ...(deliveryId ? { deliveryId } : {}),
      });
      show(cards);
      await onChange();
    } catch (error) {
      setFailure(error);
    } finally {
      setAsking(null);
    }
  };
  return { reveal, asking, failure };
}

function CardItem({
  card,
  secret,
  timeZone,
  address,
  asking,
  onReveal,
  onHide,
  onChange,
}: {
  card: PickupCard;
  secret: RevealedCard | undefined;
  timeZone: string;
  address: PickupAddress;
  asking: boolean;
  onReveal: () => void;
  onHide: () => void;
  onChange: () => Promise<void>;
}) {
  const t = useTranslations("store.cards");
  const format = useFormat({ timeZone });
  const standing = card.state === "delivered";
  return (
    <li
      className={`space-y-3 rounded-2xl border border-border bg-card p-4 break-inside-avoid ${standing ? "" : "text-muted-foreground"}`}
    >
      <div>
        <p className="font-medium break-words">{card.productName}</p>
        <p className="text-xs text-muted-foreground">
          {card.tail ? <span className="figure">{t("tail", { tail: card.tail })} · </span> : null}
          {card.revealedAt
            ? t("shown", { count: card.reveals, time: format.instant(card.revealedAt) })
            : t("neverShown")}
        </p>
      </div>
      {!standing ? (
        <p className="text-sm">{card.state === "replaced" ? t("replaced") : t("refunded")}</p>
      ) : secret ? (
        <CardSecret card={secret} timeZone={timeZone} />
      ) : null}
      {card.report ? (
        <Alert tone={card.report.outcome === "open" ? "warning" : "info"} live={false}>
          {card.report.outcome === "open"
            ? t("reportOpen")
            : card.report.outcome === "confirmed"
              ? t("reportConfirmed")
              : t("reportRefused")}
        </Alert>
      ) : null}
      {standing ? (
        <div className="flex flex-wrap items-center gap-2" data-print="hide">
          {secret ? (
            <Button variant="outline" icon={<EyeOff aria-hidden />} onClick={onHide}>
              {t("hide")}
            </Button>
          ) : (
            <Button
              size="lg"
              className="min-w-40 flex-1"
              icon={<Eye aria-hidden />}
              loading={asking}
              onClick={onReveal}
            >
              {t("show")}
            </Button>
          )}
          {card.reportable ? <ReportButton card={card} address={address} onChange={onChange} /> : null}
        </div>
      ) : null}
    </li>
  );
}

function ReportButton({
  card,
  address,
  onChange,
}: {
  card: PickupCard;
  address: PickupAddress;
  onChange: () => Promise<void>;
}) {
  const t = useTranslations("store.cards");
  const client = useTRPCClient();
  const [reason, setReason] = useState("");
  return (
    <ConfirmDialog
      onOpenChange={() => setReason("")}
      trigger={
        <Button variant="ghost" icon={<Flag aria-hidden />}>
          {t("report")}
        </Button>
      }
      title={t("reportTitle")}
      description={t("reportBody")}
      confirmLabel={t("reportSubmit")}
      disabled={reason.trim() === ""}
      onConfirm={async () => {
        const { outcome } = await client.store.report.mutate({
          ...address,
          deliveryId: card.deliveryId,
          reason: reason.trim(),
        });
        toast.success(outcome === "replaced" ? t("reportReplaced") : t("reportDone"));
        await onChange();
      }}
    >
      <Field label={t("reportReason")} hint={t("reportReasonHint")} required>
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
