"use client";

import { useTranslations } from "next-intl";
import { useFormat } from "@/components/format/use-format";
import { Card } from "@/components/ui/card";
import { DescriptionList } from "@/components/ui/description-list";
import { Money } from "@/components/ui/money";
import { exactMajor } from "./exact";
import { useLegName } from "./leg-name";
import { besidesOf } from "./legs";
import { ScheduleLine } from "./rule-line";
import type { Explanation, Movement } from "./types";

/** What a refund or a true-up did to the months that fee schedules count. Nothing for other trades. */
export function FeeMovements({
  explanation,
  movements = explanation.fees,
}: {
  explanation: Explanation;
  movements?: readonly Movement[];
}) {
  return movements.map((movement) => (
    <MovementCard
      key={`${movement.leg}/${movement.partyId}/${movement.period}`}
      movement={movement}
      explanation={explanation}
    />
  ));
}

function MovementCard({
  movement,
  explanation: { transfers, trade },
}: {
  movement: Movement;
  explanation: Explanation;
}) {
  const t = useTranslations("trace.movement");
  const format = useFormat();
  const legName = useLegName();
  const { currency } = trade;
  const money = (amount: bigint) => <Money amount={amount} currency={currency} />;
  const difference = BigInt(movement.chargedAfter) - BigInt(movement.chargedBefore);
  const sum = (leg: string) =>
    transfers.reduce((total, transfer) => (transfer.leg === leg ? total + transfer.amount : total), 0n);
  const mirrored = sum(movement.leg);
  return (
    <Card title={t(`${movement.kind}.title`)} description={legName(movement.leg)}>
      <p className="mb-3 text-sm">
        {movement.kind === "true_up"
          ? t("true_up.text", {
              month: format.month(movement.period),
              volume: format.money(BigInt(movement.volumeAfter), currency),
              comesTo: format.money(BigInt(movement.chargedAfter), currency),
              charged: format.money(BigInt(movement.chargedBefore), currency),
              way: difference < 0n ? "less" : "more",
              amount: format.money(difference < 0n ? -difference : difference, currency),
            })
          : t("walk_back.text", {
              mirrored: format.money(mirrored, currency),
              ...besidesOf(movement.schedule.method, -difference - mirrored, (amount) =>
                format.money(amount, currency),
              ),
            })}
      </p>
      <DescriptionList
        columns={2}
        items={[
          { label: t("schedule"), wide: true, value: <ScheduleLine schedule={movement.schedule} /> },
          { label: t("month"), value: format.month(movement.period) },
          movement.kind === "walk_back"
            ? {
                label: t("volume"),
                value: (
                  <>
                    {money(BigInt(movement.volumeBefore))} → {money(BigInt(movement.volumeAfter))}
                  </>
                ),
              }
            : { label: t("volume"), value: money(BigInt(movement.volumeAfter)) },
          { label: t("band"), value: <span className="figure">{format.rate(movement.rate)}</span> },
          {
            label: t("exact"),
            value: <span className="figure">{exactMajor(movement.exact, currency, format)}</span>,
          },
          {
            label: t("charged"),
            value: (
              <>
                {money(BigInt(movement.chargedBefore))} → {money(BigInt(movement.chargedAfter))}
              </>
            ),
          },
        ]}
      />
    </Card>
  );
}
