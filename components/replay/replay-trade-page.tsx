"use client";

import { useSuspenseQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { FeeSteps } from "@/components/trace/fee-steps";
import { How } from "@/components/trace/how";
import { useLegName } from "@/components/trace/leg-name";
import type { RoleName } from "@/components/trace/roles";
import { useTRPC } from "@/components/trpc";
import { Alert } from "@/components/ui/alert";
import { LinkButton } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { DescriptionList } from "@/components/ui/description-list";
import { isErrorCode, useErrorText } from "@/components/ui/error-message";
import { Instant } from "@/components/ui/instant";
import { Money } from "@/components/ui/money";
import { PageFrame } from "@/components/ui/page-frame";
import type { ErrorParams } from "@/server/core/errors";
import { amountOf, type LegPair, moves, pairLegs } from "./pair-legs";
import type { ReplayedTrade } from "./types";

/** One trade of a replay, with both traces side by side. */
export function ReplayTradePage({ id, tradeId }: { id: string; tradeId: string }) {
  const t = useTranslations("replays");
  const trpc = useTRPC();
  const { data: replay } = useSuspenseQuery(trpc.replays.get.queryOptions({ id }));
  const { data } = useSuspenseQuery(trpc.replays.trade.queryOptions({ replayId: id, tradeId }));
  const { trade } = data;
  return (
    <PageFrame
      title={t("trade.title", { reference: trade.reference })}
      breadcrumbs={[
        {
          label: t("titleOf", { name: replay.name || replay.number, version: replay.version }),
          href: `/replays/${id}`,
        },
        { label: t("trades.title"), href: `/replays/${id}/trades` },
      ]}
      actions={
        <LinkButton
          variant="outline"
          href={trade.kind === "redemption" ? `/redemptions/${trade.id}` : `/trades/${trade.id}`}
        >
          {t("trade.open")}
        </LinkButton>
      }
    >
      <Facts replayed={data} />
      <Traces replayed={data} />
    </PageFrame>
  );
}

function Facts({ replayed: { trade, rule, isTried } }: { replayed: ReplayedTrade }) {
  const t = useTranslations("replays.trade");
  const facts = useTranslations("trace.facts");
  return (
    <Card>
      <DescriptionList
        columns={4}
        items={[
          { label: facts("order"), value: <Money amount={trade.gross} currency={trade.currency} /> },
          { label: facts("discount"), value: <Money amount={trade.discount} currency={trade.currency} /> },
          { label: facts("paid"), value: <Money amount={trade.paid} currency={trade.currency} /> },
          { label: facts("tradedAt"), value: <Instant at={trade.tradedAt} style="second" /> },
        ]}
      />
      <p className="mt-3 text-sm">
        {rule ? (
          <Link href={`/rules/${rule.ruleId}`} className="text-primary underline underline-offset-2">
            {t("by", { rule: rule.name || rule.number, version: rule.version })}
          </Link>
        ) : (
          t("byNone")
        )}
        {" · "}
        {isTried ? t("tried") : t("same")}
      </p>
    </Card>
  );
}

function Traces({ replayed }: { replayed: ReplayedTrade }) {
  const t = useTranslations("replays.trade");
  const sentence = useErrorText();
  const role = useRole(replayed);
  const { before, after, trade } = replayed;
  const refused = "code" in after ? after : null;
  const pairs = pairLegs(before.legs, "code" in after ? [] : after.legs).filter(moves);
  return (
    <>
      {refused ? (
        <Alert tone="warning" live={false} title={t("refused")}>
          {isErrorCode(refused.code) ? sentence(refused.code, refused.params as ErrorParams) : refused.code}
        </Alert>
      ) : null}
      <ol className="space-y-3">
        {pairs.map((pair) => (
          <li key={pair.key}>
            <Pair pair={pair} currency={trade.currency} role={role} refused={refused !== null} />
          </li>
        ))}
      </ol>
    </>
  );
}

function Pair({
  pair: { before, after },
  currency,
  role,
  refused,
}: {
  pair: LegPair;
  currency: string;
  role: RoleName;
  refused: boolean;
}) {
  const t = useTranslations("replays.sides");
  const legName = useLegName();
  const leg = after ?? before;
  if (!leg) return null;
  const difference = amountOf(after) - amountOf(before);
  return (
    <Card
      title={legName(leg.code)}
      description={`${role(leg.from, leg.debit?.partyId)} → ${role(leg.to, leg.credit?.partyId)}`}
      actions={
        refused || difference === 0n ? null : (
          <span className="text-sm">
            <span className="text-xs text-muted-foreground">{t("difference")} </span>
            <Money amount={difference} currency={currency} signed className="font-medium" />
          </span>
        )
      }
    >
      <div className="grid gap-4 md:grid-cols-2">
        <Side title={t("before")} leg={before} currency={currency} role={role} />
        {refused ? null : <Side title={t("after")} leg={after} currency={currency} role={role} />}
      </div>
    </Card>
  );
}

function Side({
  title,
  leg,
  currency,
  role,
}: {
  title: string;
  leg: LegPair["before"];
  currency: string;
  role: RoleName;
}) {
  const t = useTranslations("replays.trade");
  return (
    <section className="min-w-0 text-sm">
      <h3 className="flex items-baseline justify-between gap-3 text-xs font-semibold text-muted-foreground">
        {title}
        {leg ? (
          <Money amount={amountOf(leg)} currency={currency} className="text-sm text-foreground" />
        ) : null}
      </h3>
      {leg ? (
        // A sentence of figures may break between them.
        <div className="mt-1 space-y-2 [&_p.figure]:whitespace-normal [&_span.figure]:whitespace-normal">
          <How leg={leg} currency={currency} role={role} />
          <FeeSteps leg={leg} currency={currency} />
        </div>
      ) : (
        <p className="mt-1 text-muted-foreground">{t("none")}</p>
      )}
    </section>
  );
}

/** A role of the trade with the name of who plays it. */
function useRole({ names }: ReplayedTrade): RoleName {
  const t = useTranslations("trace.roles");
  const known = new Map(names.map(({ id, name }) => [id, name]));
  return (ref, partyId) => {
    const name = known.get(partyId ?? ref);
    const level = /^upline:(\d)$/.exec(ref)?.[1];
    if (level) return [t("upline", { level: Number(level) }), name].filter(Boolean).join(" · ");
    const key = ref as Parameters<typeof t>[0];
    if (!t.has(key)) return name ?? ref;
    return name && ref !== "payer" ? `${t(key)} · ${name}` : t(key);
  };
}
