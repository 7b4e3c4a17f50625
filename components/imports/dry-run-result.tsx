"use client";

import { useTranslations } from "next-intl";
import { useFormat } from "@/components/format/use-format";
import { useLegName } from "@/components/trace/leg-name";
import { Badge } from "@/components/ui/badge";
import { EmptyState } from "@/components/ui/empty-state";
import { Instant } from "@/components/ui/instant";
import { Money } from "@/components/ui/money";
import type { DryRun, DryRunLine } from "@/server/domain/imports";
import { RejectCodes } from "./reject-codes";

const TONES = { accepted: "success", repeated: "neutral", rejected: "danger" } as const;

/** What the first lines of a file would come to. */
export function DryRunResult({ run }: { run: DryRun }) {
  const t = useTranslations("imports.dryRun");
  const { count } = useFormat();
  return (
    <div className="space-y-3">
      <p className="text-sm text-muted-foreground">
        {t("summary", {
          read: count(run.read),
          skipped: count(run.skipped),
          shown: count(run.lines.length),
        })}{" "}
        {run.partiesToOpen > 0 ? t("opens", { count: count(run.partiesToOpen) }) : null}
      </p>
      {run.lines.length === 0 ? (
        <EmptyState title={t("nothing")} description={t("nothingHint")} />
      ) : (
        <ul
          aria-label={t("label")}
          className="divide-y divide-border overflow-hidden rounded-lg border border-border"
        >
          {run.lines.map((line) => (
            <Line key={line.line} line={line} currency={run.currency} />
          ))}
        </ul>
      )}
    </div>
  );
}

function Line({ line, currency }: { line: DryRunLine; currency: string }) {
  const t = useTranslations("imports.dryRun");
  const legName = useLegName();
  const { sale, rule, legs, codes } = line;
  const money = (amount: bigint) => <Money amount={amount} currency={currency} />;
  return (
    <li className="grid gap-x-6 gap-y-2 p-3 text-sm md:grid-cols-[8rem_1fr_1fr]">
      <div className="flex items-start gap-2 md:flex-col">
        <span className="figure text-muted-foreground">
          {t("line")} {line.line}
        </span>
        <Badge tone={TONES[line.outcome]}>{t(`outcomes.${line.outcome}`)}</Badge>
      </div>
      <div className="min-w-0 space-y-1">
        {sale ? (
          <>
            <p className="break-words">
              {t("merchant", { id: sale.merchant })}
              {sale.brand ? ` · ${t("brand", { id: sale.brand })}` : null}
              {sale.orderRef ? ` · ${sale.orderRef}` : null}
            </p>
            <p className="text-xs text-muted-foreground">
              <Instant at={sale.soldAt} style="second" />
            </p>
            <p className="text-xs text-muted-foreground">
              {t("gross")} {money(sale.gross)} · {t("discount")} {money(sale.discount)} · {t("paid")}{" "}
              {money(sale.paid)}
            </p>
          </>
        ) : null}
        {codes.length > 0 ? <RejectCodes codes={codes} /> : null}
      </div>
      <div className="min-w-0">
        {line.outcome === "accepted" && legs.length === 0 ? (
          <p className="text-muted-foreground">{t("noLegs")}</p>
        ) : null}
        <ul className="space-y-1">
          {legs.map((leg) => (
            <li key={leg.code} className="grid grid-cols-[1fr_auto] gap-x-4">
              <span className="min-w-0 break-words">
                {legName(leg.code)}{" "}
                <span className="text-muted-foreground">{t("leg", { from: leg.from, to: leg.to })}</span>
              </span>
              {money(leg.amount)}
            </li>
          ))}
        </ul>
        {rule ? (
          <p className="mt-1 text-xs text-muted-foreground">
            <span className="figure">{rule.number}</span> {rule.name} v{rule.version}
          </p>
        ) : null}
      </div>
    </li>
  );
}
