"use client";

import { Eye, EyeOff } from "lucide-react";
import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import { Badge } from "@/components/ui/badge";
import { Button, IconButton } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { Dialog } from "@/components/ui/dialog";
import { ErrorAlert } from "@/components/ui/error-alert";
import { Instant } from "@/components/ui/instant";

/** A key as it is handed to a buyer. */
export interface OpenKey {
  number: string;
  secret: string;
  expiresAt: Date | null;
}

/** A key left on a screen is a key given away. */
const SHOWN_SECONDS = 60;

/**
 * Shows one key to those who may see it: says first that it is kept in the audit log, hides the key again by itself,
 * and forgets it when closed.
 */
export function RevealDialog({ name, reveal }: { name: string; reveal: () => Promise<OpenKey> }) {
  const t = useTranslations("stock.reveal");
  const [open, setOpen] = useState(false);
  return (
    <Dialog
      open={open}
      onOpenChange={setOpen}
      trigger={
        <IconButton label={t("actionOf", { key: name })} size="icon-sm">
          <Eye aria-hidden />
        </IconButton>
      }
      title={t("title")}
      description={<span className="figure">{name}</span>}
      size="sm"
    >
      {open ? <Revealing reveal={reveal} /> : null}
    </Dialog>
  );
}

function Revealing({ reveal }: { reveal: () => Promise<OpenKey> }) {
  const t = useTranslations("stock.reveal");
  const [shown, setShown] = useState<OpenKey | null>(null);
  const [looked, setLooked] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const look = async () => {
    setBusy(true);
    setError(null);
    try {
      setShown(await reveal());
      setLooked(true);
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  };
  if (shown) return <Shown card={shown} onHide={() => setShown(null)} />;
  return (
    <div className="space-y-4">
      <p className="text-sm text-muted-foreground">{looked ? t("hidden") : t("text")}</p>
      <ErrorAlert error={error} />
      <div className="flex justify-end">
        <Button icon={<Eye aria-hidden />} loading={busy} onClick={() => void look()}>
          {t("confirm")}
        </Button>
      </div>
    </div>
  );
}

function Shown({ card, onHide }: { card: OpenKey; onHide: () => void }) {
  const t = useTranslations("stock.reveal");
  const left = useCountdown(SHOWN_SECONDS, onHide);
  return (
    <div className="space-y-4">
      <Badge tone="info">{t("audited")}</Badge>
      <dl className="space-y-3">
        {card.number ? <Line label={t("number")} value={card.number} /> : null}
        <Line label={t("secret")} value={card.secret} />
        {card.expiresAt ? (
          <div>
            <dt className="text-xs text-muted-foreground">{t("expires")}</dt>
            <dd>
              <Instant at={card.expiresAt} />
            </dd>
          </div>
        ) : null}
      </dl>
      <div className="flex flex-wrap items-center justify-between gap-2">
        <span className="figure text-xs text-muted-foreground">{t("hidesIn", { seconds: left })}</span>
        <Button variant="outline" icon={<EyeOff aria-hidden />} onClick={onHide}>
          {t("hide")}
        </Button>
      </div>
    </div>
  );
}

function Line({ label, value }: { label: string; value: string }) {
  return (
    <div>
      <dt className="text-xs text-muted-foreground">{label}</dt>
      <dd className="mt-0.5 flex items-center justify-between gap-2 rounded-lg bg-muted px-3 py-2">
        <span className="min-w-0 font-mono text-base font-semibold break-all">{value}</span>
        <CopyButton value={value} what={label} />
      </dd>
    </div>
  );
}

function useCountdown(seconds: number, onEnd: () => void): number {
  const [left, setLeft] = useState(seconds);
  useEffect(() => {
    const timer = setInterval(() => setLeft((n) => n - 1), 1_000);
    return () => clearInterval(timer);
  }, []);
  useEffect(() => {
    if (left <= 0) onEnd();
  }, [left, onEnd]);
  return left;
}
