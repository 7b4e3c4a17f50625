"use client";

import { useTranslations } from "next-intl";
import { useFormat } from "@/components/format/use-format";
import { cn } from "@/components/ui/cn";
import { Money } from "@/components/ui/money";
import type { SupplierRow } from "@/server/domain/cards";

type Account = Pick<SupplierRow, "toppedUp" | "consumed" | "remaining" | "warn" | "currency">;
const PARTS = ["toppedUp", "consumed", "remaining"] as const;

/** What was prepaid, as what is used of it and what is left; with `legend`, the figures. */
export function PrepaidBar({ account, legend }: { account: Account; legend?: boolean }) {
  const t = useTranslations("suppliers.account");
  const format = useFormat();
  const { toppedUp, remaining, warn, currency } = account;
  const left = warn ? "bg-chart-3" : "bg-chart-1";
  const colours = { toppedUp: null, consumed: "bg-chart-2", remaining: left };
  const words = PARTS.map((part) => `${t(part)} ${format.money(account[part], currency)}`);
  return (
    <div className="min-w-0">
      <div
        role="img"
        aria-label={words.join(", ")}
        title={words.join(" · ")}
        className={cn(
          "flex w-full min-w-24 justify-end overflow-hidden rounded-full",
          legend ? "h-3" : "h-2",
          toppedUp > 0n ? "bg-chart-2" : "bg-secondary",
        )}
      >
        <span
          className={cn("border-s-2 border-card", left)}
          style={{ width: `${partOf(remaining, toppedUp)}%` }}
        />
      </div>
      {legend ? (
        <dl className="mt-3 grid gap-x-6 gap-y-2 sm:grid-cols-3">
          {PARTS.map((part) => (
            <div key={part}>
              <dt className="flex items-center gap-1.5 text-xs text-muted-foreground">
                {colours[part] ? (
                  <span aria-hidden className={cn("size-2.5 rounded-sm", colours[part])} />
                ) : null}
                {t(part)}
              </dt>
              <dd className="text-lg font-semibold">
                <Money amount={account[part]} currency={currency} toned />
              </dd>
            </div>
          ))}
        </dl>
      ) : null}
    </div>
  );
}

/** For a width on a screen: thousandths are enough. */
function partOf(part: bigint, whole: bigint): number {
  if (whole <= 0n || part <= 0n) return 0;
  return part >= whole ? 100 : Number((part * 1_000n) / whole) / 10;
}
