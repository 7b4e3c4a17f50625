"use client";

import { ArrowDown, ArrowUp, Plus, Trash2 } from "lucide-react";
import { useTranslations } from "next-intl";
import { type KeyboardEvent, useLayoutEffect, useRef, useState } from "react";
import { useLegName } from "@/components/trace/leg-name";
import { Button, IconButton } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Checkbox } from "@/components/ui/checkbox";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { MoneyInput } from "@/components/ui/money-input";
import { RateInput } from "@/components/ui/rate-input";
import { Select } from "@/components/ui/select";
import type { ProblemAt } from "@/components/versions/use-problems";
import { ROUNDING_MODES } from "@/server/core/money";
import type { Change } from "./funding-card";
import { PartySelect, useRefName } from "./party-select";
import { PricedBy } from "./priced-by";
import {
  addLeg,
  basesOf,
  changeLeg,
  kindsOf,
  type LegRow,
  moveLeg,
  payeesOf,
  payersOf,
  type RuleDoc,
  rated,
  removeLeg,
  rounds,
} from "./state";

/** The flows of money that follow from a trade, in their order. Alt+↑ and Alt+↓ move the one that has the focus. */
export function LegsCard({
  doc,
  currency,
  change,
  at,
}: {
  doc: RuleDoc;
  currency: string;
  change: Change;
  at: ProblemAt;
}) {
  const t = useTranslations("rules.editor.legs");
  const legName = useLegName();
  const list = useRef<HTMLOListElement>(null);
  const kept = useRef<HTMLElement | null>(null);
  /** Key of a leg that was added and is to get the focus once it stands there. */
  const added = useRef<string | null>(null);
  const [told, setTold] = useState("");
  // What had the focus keeps it while its row changes place.
  useLayoutEffect(() => {
    kept.current?.focus();
    kept.current = null;
    const place = added.current === null ? -1 : doc.legs.findIndex(({ key }) => key === added.current);
    if (place < 0) return;
    list.current?.children[place]?.querySelector("input")?.focus();
    added.current = null;
  });
  const move = (leg: LegRow, by: -1 | 1) => {
    const to = doc.legs.findIndex(({ key }) => key === leg.key) + by;
    if (to < 0 || to >= doc.legs.length) return setTold(t("atEnd"));
    kept.current = document.activeElement instanceof HTMLElement ? document.activeElement : null;
    change(`leg/${leg.key}/move/${to}`, (old) => moveLeg(old, leg.key, by));
    setTold(t("moved", { leg: legName(leg.code), place: to + 1, of: doc.legs.length }));
  };
  const onKey = (event: KeyboardEvent, leg: LegRow) => {
    if (!event.altKey || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
    event.preventDefault();
    event.stopPropagation();
    move(leg, event.key === "ArrowUp" ? -1 : 1);
  };
  return (
    <Card title={t("title")} description={t("hint")}>
      <ol ref={list} className="space-y-3">
        {doc.legs.map((leg, i) => (
          <li
            key={leg.key}
            onKeyDownCapture={(event) => onKey(event, leg)}
            className="rounded-md border border-border p-3 focus-within:border-primary"
          >
            <Leg
              leg={leg}
              place={i}
              last={i === doc.legs.length - 1}
              doc={doc}
              currency={currency}
              change={change}
              at={at}
              onMove={(by) => move(leg, by)}
              onRemove={() => {
                change(`leg/${leg.key}/remove`, (old) => removeLeg(old, leg.key));
                setTold(t("removed", { leg: legName(leg.code) }));
              }}
            />
          </li>
        ))}
      </ol>
      {at("legs") && doc.legs.every((_, i) => !at("legs", i)) ? (
        <p className="mt-3 text-sm font-medium text-destructive">{at("legs")}</p>
      ) : null}
      <Button
        type="button"
        size="sm"
        variant="outline"
        className="mt-3"
        icon={<Plus aria-hidden />}
        disabled={doc.legs.length >= 40}
        onClick={() => {
          const { doc: next, key } = addLeg(doc);
          added.current = key;
          change(`leg/${key}/add`, () => next);
        }}
      >
        {t("add")}
      </Button>
      <p aria-live="assertive" className="sr-only">
        {told}
      </p>
    </Card>
  );
}

function Leg({
  leg,
  place,
  last,
  doc,
  currency,
  change,
  at,
  onMove,
  onRemove,
}: {
  leg: LegRow;
  place: number;
  last: boolean;
  doc: RuleDoc;
  currency: string;
  change: Change;
  at: ProblemAt;
  onMove: (by: -1 | 1) => void;
  onRemove: () => void;
}) {
  const t = useTranslations("rules.editor.legs");
  const trace = useTranslations("trace");
  const legName = useLegName();
  const ref = useRefName();
  const { tradeKind } = doc.scope;
  const set = (part: Partial<LegRow>) =>
    change(`leg/${leg.key}/${Object.keys(part).join()}`, (old) => changeLeg(old, leg.key, part));
  const named = { leg: legName(leg.code), place: place + 1 };
  const whole = at("legs", place);
  const shown = (["code", "from", "to", "amount", "base", "rounding", "min", "max"] as const).some((field) =>
    at("legs", place, field),
  );
  return (
    <fieldset data-leg className="min-w-0">
      <legend className="sr-only">{t("leg", named)}</legend>
      <div className="flex items-start gap-2">
        <span aria-hidden className="figure mt-2 w-5 shrink-0 text-sm text-muted-foreground">
          {place + 1}
        </span>
        <p className="mt-1.5 min-w-0 flex-1 text-sm font-semibold break-words">{legName(leg.code)}</p>
        <IconButton
          size="icon-sm"
          label={t("up", named)}
          aria-keyshortcuts="Alt+ArrowUp"
          aria-disabled={place === 0}
          onClick={() => onMove(-1)}
        >
          <ArrowUp aria-hidden />
        </IconButton>
        <IconButton
          size="icon-sm"
          label={t("down", named)}
          aria-keyshortcuts="Alt+ArrowDown"
          aria-disabled={last}
          onClick={() => onMove(1)}
        >
          <ArrowDown aria-hidden />
        </IconButton>
        <IconButton size="icon-sm" label={t("remove", named)} onClick={onRemove}>
          <Trash2 aria-hidden />
        </IconButton>
      </div>
      <div className="mt-2 grid gap-3 sm:grid-cols-2 2xl:grid-cols-4">
        <Field label={t("code")} error={at("legs", place, "code")}>
          <Input
            value={leg.code}
            maxLength={40}
            spellCheck={false}
            className="font-mono text-xs"
            onChange={(event) => set({ code: event.target.value })}
          />
        </Field>
        <Field label={t("from")} error={at("legs", place, "from")}>
          <PartySelect
            value={leg.from}
            roles={payersOf(tradeKind)}
            label={t("from")}
            onChange={(from) => set({ from })}
          />
        </Field>
        <Field label={t("to")} error={at("legs", place, "to")}>
          <PartySelect
            value={leg.to}
            roles={payeesOf(tradeKind)}
            label={t("to")}
            onChange={(to) => set({ to })}
          />
        </Field>
        <Field
          label={t("kind")}
          error={leg.kind === "rate" || leg.kind === "fixed" ? undefined : notOfRate(at, place, leg.kind)}
        >
          <Select
            value={leg.kind}
            onValueChange={(kind) => set({ kind })}
            options={[...new Set([...kindsOf(tradeKind), leg.kind])].map((kind) => ({
              value: kind,
              label: t(`kinds.${kind}`),
            }))}
          />
        </Field>
        {leg.kind === "fixed" ? (
          <Field label={t("amount")} error={at("legs", place, "amount")}>
            <MoneyInput
              value={leg.amount === null ? null : BigInt(leg.amount)}
              key={currency}
              currency={currency}
              onValueChange={(amount) => set({ amount: amount === null ? null : `${amount}` })}
            />
          </Field>
        ) : null}
        {rated(leg.kind) ? (
          <>
            <Field
              label={t(leg.kind === "fee_schedule" ? "otherwise" : "rate")}
              error={leg.kind === "rate" ? at("legs", place, "amount") : at("legs", place, "amount", "rate")}
            >
              <RateInput value={leg.rate} onValueChange={(rate) => set({ rate })} />
            </Field>
            <Field label={t("base")} error={at("legs", place, "base")}>
              <Select
                value={leg.base}
                onValueChange={(base) => set({ base })}
                options={[...new Set([...basesOf(tradeKind), leg.base])].map((base) => ({
                  value: base,
                  label: base.startsWith("funding:")
                    ? trace("bases.funding", { party: ref(base.slice("funding:".length)) })
                    : trace(`bases.${base as "gross"}`),
                }))}
              />
            </Field>
          </>
        ) : null}
        {rounds(leg.kind) ? (
          <>
            <Field label={t("rounding")} error={at("legs", place, "rounding")}>
              <Select
                value={leg.rounding}
                onValueChange={(rounding) => set({ rounding })}
                options={ROUNDING_MODES.map((mode) => ({ value: mode, label: trace(`rounding.${mode}`) }))}
              />
            </Field>
            {(["min", "max"] as const).map((bound) => (
              <Field key={bound} label={t(bound)} error={at("legs", place, bound)} optional>
                <MoneyInput
                  value={leg[bound] === null ? null : BigInt(leg[bound])}
                  key={currency}
                  currency={currency}
                  onValueChange={(amount) => set({ [bound]: amount === null ? null : `${amount}` })}
                />
              </Field>
            ))}
          </>
        ) : null}
        {rated(leg.kind) && (leg.agreed || mayAgree(leg.to)) ? (
          <div className="self-end pb-2">
            <Checkbox
              label={t("agreed")}
              checked={leg.agreed}
              onCheckedChange={(agreed) => set({ agreed })}
            />
          </div>
        ) : null}
      </div>
      {leg.kind === "fee_schedule" || leg.kind === "channel_fee" ? <PricedBy leg={leg} /> : null}
      {whole && !shown ? <p className="mt-2 text-xs font-medium text-destructive">{whole}</p> : null}
    </fieldset>
  );
}

/** Rates of their own are agreed with distributors: who sells, who recruited it, or one that is named. */
const mayAgree = (to: string): boolean =>
  to === "distributor" || to.startsWith("upline:") || /^[0-9a-f-]{36}$/.test(to);

/** Of a leg by fee schedule, what is wrong with its kind stands at the kind, and with its rate at the rate. */
function notOfRate(at: ProblemAt, place: number, kind: LegRow["kind"]): string | undefined {
  return kind === "fee_schedule" && at("legs", place, "amount", "rate")
    ? undefined
    : at("legs", place, "amount");
}
