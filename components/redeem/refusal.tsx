"use client";

import { CircleX } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { useFormat } from "@/components/format/use-format";
import type { Messages } from "@/components/i18n/messages";
import { useErrorMessage } from "@/components/ui/error-message";
import { lastMoment } from "@/components/vouchers/last-moment";
import type { ErrorParams } from "@/server/core/errors";

type Known = keyof Messages["redeem"]["refusals"];

/** Why not, large enough to be read across a counter; then what to do. */
export function RefusalPanel({
  error,
  currency,
  actions,
}: {
  /** A failed call, or `{ code, params }` of a look-up. */
  error: unknown;
  currency: string;
  actions?: ReactNode;
}) {
  const t = useTranslations("redeem");
  const { title, body, requestId } = useRefusalText()(error, currency);
  return (
    <section
      role="alert"
      className="space-y-3 rounded-xl border-2 border-destructive/50 bg-destructive-soft p-4 sm:p-5"
    >
      <p className="flex items-center gap-2 text-sm font-medium text-destructive">
        <CircleX aria-hidden className="size-5 shrink-0" />
        {t("refused.label")}
      </p>
      <p className="text-2xl leading-tight font-semibold text-balance break-words sm:text-3xl">{title}</p>
      <p className="text-base">{body}</p>
      <p className="text-sm text-muted-foreground">{t("refused.nothingMoved")}</p>
      {requestId ? <p className="text-xs text-muted-foreground">{requestId}</p> : null}
      {actions ? <div className="flex flex-wrap gap-2 pt-1">{actions}</div> : null}
    </section>
  );
}

/** The same, in the place of the offer: another amount mends it. */
export function RefusalNote({ error, currency }: { error: unknown; currency: string }) {
  const { title, body } = useRefusalText()(error, currency);
  return (
    <div role="alert" className="rounded-xl border-2 border-destructive/50 bg-destructive-soft px-4 py-3">
      <p className="text-2xl leading-tight font-semibold text-balance break-words text-destructive">
        {title}
      </p>
      <p className="mt-1 text-sm">{body}</p>
    </div>
  );
}

/** A short title and what to do; errors that are no refusals of a voucher keep their own sentence. */
export function useRefusalText() {
  const t = useTranslations("redeem.refusals");
  const explain = useErrorMessage();
  const format = useFormat();
  return (error: unknown, fallbackCurrency: string) => {
    const { code, params, message, requestId } = explain(error);
    if (!t.has(`${code as Known}.title`)) return { code, title: t("OTHER.title"), body: message, requestId };
    const currency = typeof params.currency === "string" ? params.currency : fallbackCurrency;
    const money = (name: string) => moneyParam(params, name, (amount) => format.money(amount, currency));
    const at = (...names: string[]) => {
      const value = names.map((name) => params[name]).find((one) => typeof one === "string");
      return typeof value === "string" ? format.instant(value) : "none";
    };
    const until = (value: unknown) =>
      typeof value === "string" ? format.instant(lastMoment(new Date(value), format.timeZone)) : "none";
    const text = (name: string) => {
      const value = params[name];
      return value === undefined || value === null || value === "" ? "none" : String(value);
    };
    const values = {
      at: code === "VOUCHER_EXPIRED" ? until(params.validTo ?? params.at) : at("at"),
      from: at("from", "validFrom"),
      until: at("until"),
      merchant: text("merchant"),
      reference: text("reference"),
      campaign: text("campaign"),
      products: text("products"),
      balance: money("balance"),
      missing: money("missing"),
      threshold: money("threshold"),
    };
    return {
      code,
      title: t(`${code as Known}.title`, values),
      body: t(`${code as Known}.body`, values),
      requestId: null,
    };
  };
}

/** Amounts travel as texts of minor units. */
function moneyParam(params: ErrorParams, name: string, show: (amount: bigint) => string): string {
  const value = params[name];
  return typeof value === "string" && /^-?\d+$/.test(value) ? show(BigInt(value)) : "none";
}
