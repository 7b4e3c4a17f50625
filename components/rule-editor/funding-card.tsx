"use client";

import { Plus, X } from "lucide-react";
import { useTranslations } from "next-intl";
import { FundingBar } from "@/components/campaigns/funding-bar";
import { formatRate } from "@/components/format/format";
import { Button, IconButton } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { RateInput } from "@/components/ui/rate-input";
import type { Change as ChangeOf } from "@/components/versions/history";
import type { ProblemAt } from "@/components/versions/use-problems";
import { PartySelect, useRefName } from "./party-select";
import { addShare, FUNDERS, fraction, millionths, type RuleDoc, sumOf } from "./state";

const WHOLE = 1_000_000;
export type Change = ChangeOf<RuleDoc>;

/** Who bears a discount where the campaign does not say, in shares that have to fill the bar. */
export function FundingCard({ doc, change, at }: { doc: RuleDoc; change: Change; at: ProblemAt }) {
  const t = useTranslations("rules.editor");
  const words = useTranslations("campaigns.form");
  const name = useRefName();
  const sum = sumOf(doc.funding);
  const last = doc.funding.at(-1);
  const set = (key: string, part: { party?: string; share?: string | null }, field: string) =>
    change(field, (old) => ({
      ...old,
      funding: old.funding.map((one) => (one.key === key ? { ...one, ...part } : one)),
    }));
  return (
    <Card title={t("funding.title")} description={t("funding.hint")}>
      <div className="space-y-3">
        {doc.funding.length === 0 ? (
          <p className="text-sm text-muted-foreground">{t("funding.none")}</p>
        ) : null}
        <ul className="space-y-3">
          {doc.funding.map(({ key, party, share }, i) => (
            <li key={key} className="grid grid-cols-[minmax(0,1fr)_7.5rem_auto] items-start gap-2">
              <Field hideLabel label={t("funding.party", { place: i + 1 })} error={at("funding", i, "party")}>
                <PartySelect
                  value={party}
                  roles={FUNDERS}
                  label={t("funding.party", { place: i + 1 })}
                  onChange={(next) => set(key, { party: next }, `share/${key}/party`)}
                />
              </Field>
              <Field
                hideLabel
                label={t("funding.share", { party: party.includes("-") || !party ? i + 1 : name(party) })}
                error={at("funding", i, "share")}
              >
                <RateInput
                  value={share}
                  onValueChange={(next) => set(key, { share: next }, `share/${key}/share`)}
                />
              </Field>
              <IconButton
                label={t("funding.remove", { place: i + 1 })}
                onClick={() =>
                  change(`share/${key}/remove`, (old) => ({
                    ...old,
                    funding: old.funding.filter((one) => one.key !== key),
                  }))
                }
              >
                <X aria-hidden />
              </IconButton>
            </li>
          ))}
        </ul>
        {doc.funding.length > 0 ? (
          <FundingBar
            shares={doc.funding.map(({ key, party, share }) => ({
              key,
              share,
              label: party ? name(party) : "–",
            }))}
          />
        ) : null}
        <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
          {doc.funding.length > 0 ? (
            <p
              aria-live="polite"
              className={`figure text-sm font-medium ${sum === WHOLE ? "text-success" : "text-destructive"}`}
            >
              {sum === WHOLE
                ? words("sum", { sum: rate(sum) })
                : sum < WHOLE
                  ? words("sumShort", { sum: rate(sum), rest: rate(WHOLE - sum) })
                  : words("sumOver", { sum: rate(sum), rest: rate(sum - WHOLE) })}
            </p>
          ) : null}
          {last && sum !== WHOLE && millionths(last.share) + WHOLE - sum > 0 ? (
            <Button
              type="button"
              size="sm"
              variant="outline"
              onClick={() =>
                set(
                  last.key,
                  { share: fraction(millionths(last.share) + WHOLE - sum) },
                  `share/${last.key}/fill`,
                )
              }
            >
              {words("fill")}
            </Button>
          ) : null}
          <Button
            type="button"
            size="sm"
            variant="outline"
            icon={<Plus aria-hidden />}
            disabled={doc.funding.length >= 20}
            onClick={() => change(`share/add/${doc.funding.length}`, addShare)}
          >
            {words("addParty")}
          </Button>
        </div>
      </div>
    </Card>
  );
}

const rate = (parts: number) => formatRate(fraction(parts));
