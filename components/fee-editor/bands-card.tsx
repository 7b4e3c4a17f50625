"use client";

import { Plus, Trash2 } from "lucide-react";
import { useTranslations } from "next-intl";
import { useLayoutEffect, useRef, useState } from "react";
import { formatMoneyShort } from "@/components/format/format";
import { useFormat } from "@/components/format/use-format";
import { Button, IconButton } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { MoneyInput } from "@/components/ui/money-input";
import { RadioGroup } from "@/components/ui/radio-group";
import { RateInput } from "@/components/ui/rate-input";
import type { Change } from "@/components/versions/history";
import type { ProblemAt } from "@/components/versions/use-problems";
import { currencyExponent } from "@/server/core/money";
import { FEE_METHODS } from "@/server/domain/clearing/fees/schemas";
import { type BandRow, changeBand, type FeeDoc, PRESETS, preset, removeBand, splitBand } from "./state";

interface Props {
  doc: FeeDoc;
  currency: string;
  change: Change<FeeDoc>;
  at: ProblemAt;
}

/** How a schedule prices, and its bands: each has a beginning alone, so that they can neither part nor overlap. */
export function BandsCard({ doc, currency, change, at }: Props) {
  const t = useTranslations("fees");
  const format = useFormat();
  const list = useRef<HTMLOListElement>(null);
  const [told, setTold] = useState("");
  const bands = doc.method === "flat" ? doc.bands.slice(0, 1) : doc.bands;
  /** Key of the band that is to get the focus once it stands there. */
  const wanted = useRef<string | undefined>(undefined);
  const focus = (key: string | undefined) => {
    wanted.current = key;
  };
  useLayoutEffect(() => {
    const place = wanted.current === undefined ? -1 : bands.findIndex(({ key }) => key === wanted.current);
    if (place < 0) return;
    list.current?.children[place]?.querySelector<HTMLInputElement>("input:not(:disabled)")?.focus();
    wanted.current = undefined;
  });
  const split = (band: BandRow, place: number) => {
    const { doc: next, key } = splitBand(doc, band.key);
    if (key === null) return setTold(t("editor.bands.tight"));
    change(`band/${key}/add`, () => next);
    const from = next.bands.find((one) => one.key === key)?.from;
    setTold(t("editor.bands.wasSplit", { place, from: format.money(BigInt(from ?? "0"), currency) }));
    focus(key);
  };
  const remove = (band: BandRow, i: number) => {
    change(`band/${band.key}/remove`, (old) => removeBand(old, band.key));
    setTold(t("editor.bands.removed", { place: i + 1 }));
    focus(doc.bands[i + 1]?.key ?? doc.bands[i - 1]?.key);
  };
  return (
    <Card title={t("fields.method")}>
      <div className="space-y-4">
        <Presets currency={currency} change={change} tell={setTold} />
        <Field group hideLabel label={t("fields.method")}>
          <RadioGroup
            look="cards"
            value={doc.method}
            onValueChange={(method) => change("method", (old) => ({ ...old, method }))}
            options={FEE_METHODS.map((value) => ({
              value,
              label: t(`methods.${value}`),
              hint: t(`methodHints.${value}`),
            }))}
          />
        </Field>
        {doc.method === "flat" ? null : (
          <p className="text-xs text-muted-foreground">{t("editor.bands.hint")}</p>
        )}
        <ol ref={list} className="space-y-3" aria-label={t("editor.bands.title")}>
          {bands.map((band, i) => (
            <li key={band.key}>
              <Band
                band={band}
                place={i}
                next={bands[i + 1] ?? null}
                flat={doc.method === "flat"}
                currency={currency}
                at={at}
                set={(part) =>
                  change(`band/${band.key}/${Object.keys(part).join()}`, (old) =>
                    changeBand(old, band.key, part),
                  )
                }
                onSplit={() => split(band, i + 1)}
                onRemove={bands.length > 1 ? () => remove(band, i) : null}
              />
            </li>
          ))}
        </ol>
        <p aria-live="assertive" className="sr-only">
          {told}
        </p>
      </div>
    </Card>
  );
}

function Band({
  band: { from, rate },
  place,
  next,
  flat,
  currency,
  at,
  set,
  onSplit,
  onRemove,
}: {
  band: BandRow;
  place: number;
  next: BandRow | null;
  flat: boolean;
  currency: string;
  at: ProblemAt;
  set: (part: Partial<BandRow>) => void;
  onSplit: () => void;
  /** Null of the only one. */
  onRemove: (() => void) | null;
}) {
  const t = useTranslations("fees.editor.bands");
  const format = useFormat();
  const numbered = { place: place + 1 };
  const rateField = (
    <Field label={t("rate")} error={at("bands", place, "rate")}>
      <RateInput value={rate} onValueChange={(typed) => set({ rate: typed })} />
    </Field>
  );
  if (flat) return <div className="max-w-60">{rateField}</div>;
  return (
    <fieldset className="min-w-0 rounded-md border border-border p-3 focus-within:border-primary">
      <legend className="sr-only">{t("band", numbered)}</legend>
      <div className="grid grid-cols-[minmax(0,1fr)_auto] items-start gap-x-3 gap-y-2 sm:grid-cols-[minmax(0,3fr)_minmax(0,2fr)_auto]">
        <div className="min-w-0">
          {place === 0 ? (
            <Field label={t("from")} error={at("bands", place, "from")}>
              <MoneyInput value={0n} currency={currency} disabled onValueChange={() => {}} />
            </Field>
          ) : (
            <Field label={t("from")} error={at("bands", place, "from")}>
              <MoneyInput
                key={currency}
                value={from === null ? null : BigInt(from)}
                currency={currency}
                onValueChange={(amount) => set({ from: amount === null ? null : `${amount}` })}
              />
            </Field>
          )}
          <p className="figure mt-1 text-end text-xs text-muted-foreground">
            {next === null
              ? t("noEnd")
              : next.from === null
                ? t("toNext")
                : t("to", { to: format.money(BigInt(next.from), currency) })}
          </p>
        </div>
        <div className="col-start-1 min-w-0 sm:col-start-2">{rateField}</div>
        <div className="col-start-2 row-start-1 flex gap-1 pt-6 sm:col-start-3">
          <IconButton size="icon-sm" label={t("split", numbered)} onClick={onSplit}>
            <Plus aria-hidden />
          </IconButton>
          <IconButton
            size="icon-sm"
            label={t("remove", numbered)}
            disabled={onRemove === null}
            onClick={() => onRemove?.()}
          >
            <Trash2 aria-hidden />
          </IconButton>
        </div>
      </div>
    </fieldset>
  );
}

/** What people of the trade say, as buttons. */
function Presets({
  currency,
  change,
  tell,
}: Pick<Props, "currency" | "change"> & { tell: (text: string) => void }) {
  const t = useTranslations("fees.editor.presets");
  const format = useFormat();
  const exponent = currencyExponent(currency);
  const short = (units: bigint) => formatMoneyShort(units * 10n ** BigInt(exponent), exponent, format.locale);
  const edges = { off: short(100_000n), above: short(500_000n) };
  return (
    <fieldset className="flex min-w-0 flex-wrap gap-2">
      <legend className="mb-1.5 text-xs text-muted-foreground">{t("title")}</legend>
      {PRESETS.map((which) => {
        const name = which === "off" || which === "above" ? t(which, { edge: edges[which] }) : t(which);
        return (
          <Button
            key={which}
            type="button"
            size="sm"
            variant="outline"
            onClick={() => {
              change(`preset/${which}`, (old) => preset(old, which));
              tell(t("done", { name }));
            }}
          >
            {name}
          </Button>
        );
      })}
    </fieldset>
  );
}
