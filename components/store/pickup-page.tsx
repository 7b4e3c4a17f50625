"use client";

import { useQuery } from "@tanstack/react-query";
import { CircleCheck, CreditCard, Hourglass, Printer, RotateCcw, TriangleAlert } from "lucide-react";
import { useTranslations } from "next-intl";
import { type ReactNode, useState } from "react";
import { useFormat } from "@/components/format/use-format";
import { useTRPCClient } from "@/components/trpc";
import { Alert } from "@/components/ui/alert";
import { Button, buttonStyles } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { readError } from "@/components/ui/error-message";
import { Instant } from "@/components/ui/instant";
import { Money } from "@/components/ui/money";
import { Spinner } from "@/components/ui/spinner";
import type { PickupView } from "@/server/domain/orders/types";
import { Cards, type PickupAddress } from "./cards";
import { lookAgainIn } from "./look-again";
import { StoreRefusal } from "./refusal";
import { LinkMissing, StoreFrame } from "./store-frame";
import { useCountdown } from "./use-countdown";

/** A buyer's order from its payment to its cards; it looks again by itself until there is nothing to wait for. */
export function PickupPage({ address, initial }: { address: PickupAddress; initial: PickupView }) {
  const t = useTranslations("store.order");
  const client = useTRPCClient();
  const query = useQuery<{ view: PickupView; receivedAt: number | null }>({
    queryKey: ["pickup", address.tenant, address.token],
    queryFn: async ({ signal }) => ({
      view: await client.store.view.mutate(address, { signal }),
      receivedAt: Date.now(),
    }),
    initialData: () => ({ view: initial, receivedAt: null }),
    initialDataUpdatedAt: 0,
    refetchInterval: ({ state }) => lookAgainIn(state.data?.view),
    refetchOnWindowFocus: "always",
    refetchOnReconnect: "always",
    networkMode: "always",
    staleTime: 0,
    gcTime: 0,
    retry: 1,
  });
  const { view, receivedAt } = query.data;
  if (isGone(query.error)) return <LinkMissing />;
  const refresh = async () => void (await query.refetch());
  return (
    <StoreFrame title={t("frame", { seller: view.sellerName })} name={view.sellerName}>
      <Status view={view} receivedAt={receivedAt} address={address} />
      {query.isError ? (
        <Alert tone="warning" live={false}>
          {t("offline")}
        </Alert>
      ) : null}
      {view.cards.length > 0 ? <Cards view={view} address={address} onChange={refresh} /> : null}
      <Facts view={view} />
      <p className="text-center text-xs text-muted-foreground" data-print="hide">
        {t("timesIn", { zone: view.timeZone })}
        <br />
        {t("keep")}
      </p>
    </StoreFrame>
  );
}

/** The link was made anew, or ran out while the page was open. */
function isGone(error: unknown): boolean {
  return error !== null && ["LINK_INVALID", "NOT_FOUND", "INPUT_INVALID"].includes(readError(error).code);
}

const LOOK = {
  pending: { icon: Hourglass, box: "border-info/40 bg-info-soft", mark: "text-info" },
  paid: { icon: Hourglass, box: "border-info/40 bg-info-soft", mark: "text-info" },
  delivered: { icon: CircleCheck, box: "border-success/50 bg-success-soft", mark: "text-success" },
  completed: { icon: CircleCheck, box: "border-success/50 bg-success-soft", mark: "text-success" },
  expired: { icon: Hourglass, box: "border-border bg-muted", mark: "text-muted-foreground" },
  refunded: { icon: RotateCcw, box: "border-border bg-muted", mark: "text-muted-foreground" },
  flagged: { icon: TriangleAlert, box: "border-warning/50 bg-warning-soft", mark: "text-warning" },
} as const satisfies Record<PickupView["state"], unknown>;

function Status({
  view,
  receivedAt,
  address,
}: {
  view: PickupView;
  receivedAt: number | null;
  address: PickupAddress;
}) {
  const t = useTranslations("store.order");
  const { icon: Icon, box, mark } = LOOK[view.state];
  return (
    <section className={`space-y-3 rounded-2xl border-2 p-5 ${box}`} data-print="hide">
      <div role="status" className="space-y-1">
        <h1 className={`flex items-center gap-2 text-2xl leading-tight font-semibold ${mark}`}>
          <Icon aria-hidden className="size-7 shrink-0" />
          {t(`states.${view.state}`)}
        </h1>
        <Words view={view} />
      </div>
      {view.payable ? <Pay view={view} receivedAt={receivedAt} address={address} /> : null}
    </section>
  );
}

function Words({ view }: { view: PickupView }) {
  const t = useTranslations("store.order");
  const format = useFormat({ timeZone: view.timeZone });
  const refunded = format.money(view.refunded, view.currency);
  switch (view.state) {
    case "pending":
      return view.payable ? null : <p>{t("bodies.pendingBusiness")}</p>;
    case "paid":
      return (
        <p className="flex items-center gap-2">
          <Spinner /> {t("bodies.paid")}
        </p>
      );
    case "delivered":
    case "completed":
      return (
        <>
          <p>
            {view.until
              ? t("bodies.delivered", { until: format.instant(view.until) })
              : t("bodies.deliveredForever")}
          </p>
          {view.refunded > 0n ? <p>{t("refundedPart", { amount: refunded })}</p> : null}
        </>
      );
    case "expired":
      return <p>{t("bodies.expired")}</p>;
    case "refunded":
      return <p>{t("bodies.refunded", { amount: refunded })}</p>;
    case "flagged":
      return <p>{t("bodies.flagged")}</p>;
  }
}

/** How long the cards are held, and the way to the cashier, where it was opened before or anew. */
function Pay({
  view,
  receivedAt,
  address,
}: {
  view: PickupView;
  receivedAt: number | null;
  address: PickupAddress;
}) {
  const t = useTranslations("store.order");
  const format = useFormat({ timeZone: view.timeZone });
  const client = useTRPCClient();
  const left = useCountdown(view.expiresAt.getTime() - view.asOf.getTime(), receivedAt);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const pay = async () => {
    setBusy(true);
    setFailure(null);
    try {
      const { cashierUrl } = await client.store.pay.mutate(address);
      if (cashierUrl) return window.location.assign(cashierUrl);
      setBusy(false);
    } catch (error) {
      setFailure(error);
      setBusy(false);
    }
  };
  const label = t("payNow", { amount: format.money(view.total, view.currency) });
  return (
    <>
      {left === null ? null : <p>{t("bodies.pending", { left })}</p>}
      {view.cashierUrl ? (
        <>
          <p className="flex items-center gap-2 text-sm text-muted-foreground">
            <Spinner /> {t("bodies.checking")}
          </p>
          {/* Another origin: a plain link. */}
          <a href={view.cashierUrl} className={buttonStyles({ size: "xl", className: "w-full" })}>
            <CreditCard aria-hidden />
            {label}
          </a>
        </>
      ) : (
        <Button
          size="xl"
          className="w-full"
          loading={busy}
          icon={<CreditCard aria-hidden />}
          onClick={() => void pay()}
        >
          {label}
        </Button>
      )}
      <StoreRefusal error={failure} />
    </>
  );
}

function Facts({ view }: { view: PickupView }) {
  const t = useTranslations("store.order");
  const { currency, timeZone } = view;
  return (
    <section className="rounded-2xl border border-border bg-card p-5">
      <h2 className="figure font-semibold">{t("title", { reference: view.reference })}</h2>
      <ul className="mt-3 space-y-1.5">
        {view.lines.map((line) => (
          <Row
            key={line.productId}
            label={
              <>
                {line.productName} <span className="figure text-muted-foreground">× {line.quantity}</span>
              </>
            }
          >
            <Money amount={line.price * BigInt(line.quantity)} currency={currency} />
          </Row>
        ))}
      </ul>
      <ul className="mt-3 space-y-1.5 border-t border-border pt-3">
        <Row label={t("total")}>
          <Money amount={view.total} currency={currency} className="font-semibold" />
        </Row>
        {view.refunded > 0n ? (
          <Row label={t("refunded")}>
            <Money amount={-view.refunded} currency={currency} />
          </Row>
        ) : null}
        <Row label={t("createdAt")}>
          <Instant at={view.createdAt} timeZone={timeZone} />
        </Row>
        <Row label={t("seller")}>{view.sellerName}</Row>
      </ul>
      <div className="mt-4 flex flex-wrap gap-2" data-print="hide">
        <PageLink />
        {view.cards.length > 0 ? (
          <Button variant="outline" size="sm" icon={<Printer aria-hidden />} onClick={() => window.print()}>
            {t("print")}
          </Button>
        ) : null}
      </div>
    </section>
  );
}

function PageLink() {
  const t = useTranslations("store.order");
  const href = typeof window === "undefined" ? "" : `${window.location.origin}${window.location.pathname}`;
  return <CopyButton value={href} label={t("copyLink")} />;
}

function Row({ label, children }: { label: ReactNode; children: ReactNode }) {
  return (
    <li className="flex items-baseline justify-between gap-4 text-sm">
      <span className="min-w-0 break-words text-muted-foreground">{label}</span>
      <span className="min-w-0 text-end break-words">{children}</span>
    </li>
  );
}
