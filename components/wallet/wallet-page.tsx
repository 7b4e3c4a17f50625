"use client";

import { useQuery } from "@tanstack/react-query";
import { CircleCheck, CircleSlash, Hourglass, TicketX } from "lucide-react";
import { useTranslations } from "next-intl";
import { type ReactNode, useEffect, useState } from "react";
import { useFormat } from "@/components/format/use-format";
import { LocaleSwitch } from "@/components/layout/locale-switch";
import { useTRPCClient } from "@/components/trpc";
import { Alert } from "@/components/ui/alert";
import { Instant } from "@/components/ui/instant";
import { Money } from "@/components/ui/money";
import { lastMoment } from "@/components/vouchers/last-moment";
import { useTermsText } from "@/components/vouchers/terms-text";
import type { WalletView } from "@/server/domain/vouchers/types";
import type { Bars } from "./bars";
import { Barcode, QrCode } from "./symbols";

/** A holder's page: the voucher as it is at this moment, ready for the till. */
export function WalletPage({
  tenant,
  token,
  initial,
  bars,
}: {
  tenant: string;
  token: string;
  initial: WalletView;
  /** Of a fixed code, which never changes. */
  bars: Bars | null;
}) {
  const t = useTranslations("wallet");
  const client = useTRPCClient();
  const query = useQuery<{ view: WalletView; receivedAt: number | null }>({
    queryKey: ["wallet", tenant, token],
    queryFn: async ({ signal }) => ({
      view: await client.wallet.view.mutate({ tenant, token }, { signal }),
      receivedAt: Date.now(),
    }),
    initialData: () => ({ view: initial, receivedAt: null }),
    initialDataUpdatedAt: 0,
    // Once it is used at the till, the holder sees it without a touch. A rotating code is fetched as it runs out.
    refetchInterval: (current) => (current.state.data?.view.rotating ? false : 15_000),
    refetchOnWindowFocus: "always",
    refetchOnReconnect: "always",
    networkMode: "always",
    staleTime: 0,
    gcTime: 0,
    retry: 1,
  });
  const { view, receivedAt } = query.data;
  return (
    <WalletFrame tenantName={view.tenantName}>
      <Ticket
        view={view}
        bars={bars}
        receivedAt={receivedAt}
        refresh={() => void query.refetch()}
        refreshing={query.isFetching}
        failed={query.isError}
      />
      <p className="text-center text-xs text-muted-foreground">
        {t("timesIn", { zone: view.timeZone })}
        <br />
        {t("keep")}
      </p>
    </WalletFrame>
  );
}

export function WalletMissing() {
  const t = useTranslations("wallet.missing");
  return (
    <WalletFrame tenantName={null}>
      <div className="space-y-2 rounded-2xl border border-border bg-card px-6 py-12 text-center">
        <TicketX aria-hidden className="mx-auto size-12 text-muted-foreground" strokeWidth={1.5} />
        <h1 className="text-xl font-semibold">{t("title")}</h1>
        <p className="text-muted-foreground text-balance">{t("body")}</p>
      </div>
    </WalletFrame>
  );
}

function WalletFrame({ tenantName, children }: { tenantName: string | null; children: ReactNode }) {
  const t = useTranslations("wallet");
  const common = useTranslations("common");
  return (
    <div className="flex min-h-dvh flex-col">
      <title>{`${tenantName ? t("frame", { tenant: tenantName }) : t("title")} · ${common("product")}`}</title>
      <header className="mx-auto flex w-full max-w-md items-center justify-between gap-3 px-4 py-2">
        <span className="min-w-0 truncate text-sm font-medium">{tenantName ?? common("product")}</span>
        <LocaleSwitch />
      </header>
      <main className="mx-auto w-full max-w-md flex-1 space-y-4 px-4 pb-8">{children}</main>
    </div>
  );
}

function Ticket({
  view,
  bars,
  receivedAt,
  refresh,
  refreshing,
  failed,
}: {
  view: WalletView;
  bars: Bars | null;
  receivedAt: number | null;
  refresh: () => void;
  refreshing: boolean;
  failed: boolean;
}) {
  const t = useTranslations("wallet");
  const termsText = useTermsText();
  const format = useFormat({ timeZone: view.timeZone });
  const usable = view.status === "issued" || view.status === "locked";
  const notYet = usable && view.validFrom !== null && view.validFrom > view.asOf;
  const card = view.type === "gift_card";
  return (
    <article className="overflow-hidden rounded-2xl border border-border bg-card">
      <div className="space-y-1 px-5 pt-5 pb-4 text-center">
        <p className="text-sm break-words text-muted-foreground">{view.campaignName}</p>
        <h1 className="text-2xl leading-tight font-semibold text-balance break-words">
          {card && view.balance !== null ? (
            <>
              {t("balance")} <Money amount={view.balance} currency={view.currency} />
            </>
          ) : (
            termsText(view.terms, view.currency)
          )}
        </h1>
        {card && view.initialBalance !== null ? (
          <p className="text-sm text-muted-foreground">
            {t("ofInitial", { amount: format.money(view.initialBalance, view.currency) })}
          </p>
        ) : null}
        {usable ? (
          <p className="text-sm">
            {view.validTo
              ? t("validTo", { time: format.instant(lastMoment(view.validTo, view.timeZone)) })
              : t("forever")}
            {!card && view.usesLeft > 1 ? ` · ${t("usesLeft", { count: view.usesLeft })}` : ""}
          </p>
        ) : null}
      </div>
      {/* The tear of a ticket. */}
      <div aria-hidden className="border-t-2 border-dashed border-border" />
      <div className="space-y-4 p-5">
        {notYet && view.validFrom ? (
          <Alert tone="warning" live={false} title={t("notYet")}>
            {t("validFrom", { time: format.instant(view.validFrom) })}
          </Alert>
        ) : null}
        {view.status === "locked" ? <Alert tone="info">{t("locked")}</Alert> : null}
        {usable && !view.rotating && failed ? (
          <Alert tone="warning" live={false}>
            {t("offline")}
          </Alert>
        ) : null}
        {view.rotating ? (
          <Rotating
            rotating={view.rotating}
            asOf={view.asOf}
            receivedAt={receivedAt}
            refresh={refresh}
            refreshing={refreshing}
          />
        ) : view.code ? (
          <Fixed code={view.code} bars={bars} />
        ) : (
          <Over view={view} />
        )}
        <p className="figure text-center text-xs text-muted-foreground">
          {t("reference")} {view.reference}
        </p>
      </div>
      {card ? <Movements view={view} /> : null}
    </article>
  );
}

function Fixed({ code, bars }: { code: string; bars: Bars | null }) {
  const t = useTranslations("wallet");
  return (
    <div className="space-y-4">
      <p className="text-center text-sm text-muted-foreground">{t("show")}</p>
      <div className="mx-auto max-w-60">
        <QrCode text={code} label={t("qr")} />
      </div>
      {bars ? (
        <div className="rounded-lg bg-white p-2">
          <Barcode bars={bars} label={t("barcode")} />
        </div>
      ) : null}
      <p className="text-center">
        <span className="sr-only">{t("code")} </span>
        <span className="font-mono text-xl font-semibold tracking-wide whitespace-nowrap max-[359px]:text-lg">
          {code}
        </span>
      </p>
    </div>
  );
}

function Rotating({
  rotating,
  asOf,
  receivedAt,
  refresh,
  refreshing,
}: {
  rotating: NonNullable<WalletView["rotating"]>;
  asOf: Date;
  receivedAt: number | null;
  refresh: () => void;
  refreshing: boolean;
}) {
  const t = useTranslations("wallet");
  // Counted from the answer, not by the phone's own clock, which may be wrong.
  const lasts = rotating.validUntil.getTime() - asOf.getTime();
  const [now, setNow] = useState<number | null>(null);
  const left = receivedAt === null || now === null ? lasts : Math.min(lasts, receivedAt + lasts - now);
  const over = left <= 0;
  useEffect(() => {
    const tick = () => setNow(Date.now());
    const timer = setInterval(tick, 500);
    // A phone that wakes up does not wait for the next beat.
    document.addEventListener("visibilitychange", tick);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", tick);
    };
  }, []);
  useEffect(() => {
    if (!over || refreshing) return;
    const timer = setTimeout(refresh, 400);
    return () => clearTimeout(timer);
  }, [over, refreshing, refresh]);
  const seconds = Math.max(0, Math.ceil(left / 1_000));
  const stale = left < -3_000;
  return (
    <div className="space-y-4">
      <p className="text-center text-sm text-muted-foreground">{t("show")}</p>
      <div className={`mx-auto max-w-60 transition-opacity ${stale ? "opacity-15" : ""}`}>
        <QrCode text={rotating.qr} label={t("qr")} />
      </div>
      <div className="flex items-center justify-center gap-3">
        <Ring share={Math.max(0, left) / (rotating.everySeconds * 1_000)} />
        <span className={`font-mono text-3xl font-semibold tracking-wider ${stale ? "opacity-15" : ""}`}>
          <span className="sr-only">{t("digits")} </span>
          {rotating.digits.slice(0, 4)} {rotating.digits.slice(4)}
        </span>
      </div>
      {stale ? (
        <Alert tone="warning">{t("stale")}</Alert>
      ) : (
        <p className="text-center text-sm text-muted-foreground">
          {over ? t("refreshing") : t("refreshes", { seconds })}
        </p>
      )}
      <p className="text-center text-xs text-muted-foreground">{t("rotating")}</p>
    </div>
  );
}

function Ring({ share }: { share: number }) {
  const round = 2 * Math.PI * 15;
  return (
    <svg aria-hidden viewBox="0 0 36 36" className="size-9 -rotate-90">
      <circle cx="18" cy="18" r="15" fill="none" strokeWidth="4" className="stroke-secondary" />
      <circle
        cx="18"
        cy="18"
        r="15"
        fill="none"
        strokeWidth="4"
        strokeLinecap="round"
        strokeDasharray={round}
        strokeDashoffset={round * (1 - Math.min(1, share))}
        className="stroke-primary transition-[stroke-dashoffset] duration-500 ease-linear"
      />
    </svg>
  );
}

/** It cannot be used any more: since when, and where it was used. */
function Over({ view }: { view: WalletView }) {
  const t = useTranslations("wallet");
  const format = useFormat({ timeZone: view.timeZone });
  const status = view.status === "redeemed" || view.status === "expired" ? view.status : "void";
  const Icon = { redeemed: CircleCheck, expired: Hourglass, void: CircleSlash }[status];
  const at =
    status === "redeemed" ? view.redeemed?.at : view.validTo && lastMoment(view.validTo, view.timeZone);
  return (
    <div className="flex flex-col items-center gap-2 py-6 text-center">
      <Icon aria-hidden className="size-14 text-muted-foreground" strokeWidth={1.5} />
      <p className="text-2xl font-semibold">{t(`status.${status}`)}</p>
      <p className="max-w-xs text-muted-foreground text-balance">
        {t(`statusBody.${status}`, {
          at: at ? format.instant(at) : "none",
          merchant: view.redeemed?.merchantName ?? "none",
        })}
      </p>
    </div>
  );
}

function Movements({ view }: { view: WalletView }) {
  const t = useTranslations("wallet");
  return (
    <section className="border-t border-border px-5 py-4">
      <h2 className="text-sm font-semibold">{t("movements")}</h2>
      {view.movements.length === 0 ? (
        <p className="mt-1 text-sm text-muted-foreground">{t("noMovements")}</p>
      ) : (
        <ul className="mt-2 divide-y divide-border">
          {view.movements.map(({ at, amount, merchantName }) => (
            <li
              key={`${at.toISOString()} ${amount} ${merchantName ?? ""}`}
              className="flex items-baseline justify-between gap-4 py-2 text-sm"
            >
              <span className="min-w-0">
                <span className="block truncate">
                  {merchantName ?? (amount < 0n ? t("spent") : t("returned"))}
                </span>
                <Instant at={at} timeZone={view.timeZone} className="text-xs text-muted-foreground" />
              </span>
              <Money amount={amount} currency={view.currency} signed className="font-medium" />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
