"use client";

import { useTranslations } from "next-intl";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { RadioGroup } from "@/components/ui/radio-group";
import { Select } from "@/components/ui/select";
import { type CycleValue, useCycleText, weekday } from "./use-cycle-text";

const KINDS = ["windows", "immediate", "weekly", "monthly"] as const;
const STARTS: Record<CycleValue["kind"], CycleValue> = {
  immediate: { kind: "immediate" },
  windows: { kind: "windows", windowsPerDay: 1, delay: 1, dayCount: "calendar" },
  weekly: { kind: "weekly", weekStart: 1 },
  monthly: { kind: "monthly" },
};
export const DEFAULT_CYCLE = STARTS.windows;

/** The settlement cycle of a party, and what it comes to in words. */
export function CycleFields({
  value,
  onValueChange,
  disabled,
}: {
  value: CycleValue;
  onValueChange: (next: CycleValue) => void;
  disabled?: boolean;
}) {
  const t = useTranslations("parties.cycle");
  const textOf = useCycleText();
  return (
    <div className="space-y-4">
      <Field label={t("kind")}>
        <Select
          value={value.kind}
          disabled={disabled}
          options={KINDS.map((kind) => ({ value: kind, label: t(kind) }))}
          onValueChange={(kind) => onValueChange(STARTS[kind])}
        />
      </Field>
      {value.kind === "windows" ? (
        <>
          <Field label={t("windowsPerDay")} group>
            <RadioGroup
              look="inline"
              value={String(value.windowsPerDay)}
              options={[
                { value: "1", label: t("oneWindow"), disabled },
                { value: "2", label: t("twoWindows"), disabled },
              ]}
              onValueChange={(next) => onValueChange({ ...value, windowsPerDay: next === "2" ? 2 : 1 })}
            />
          </Field>
          <Field label={t("delay")} hint={t("delayHint")}>
            <Input
              type="number"
              inputMode="numeric"
              min={1}
              max={366}
              disabled={disabled}
              className="max-w-32"
              value={Number.isNaN(value.delay) ? "" : value.delay}
              onChange={(event) => onValueChange({ ...value, delay: event.target.valueAsNumber })}
            />
          </Field>
          <Field label={t("dayCount")} group>
            <RadioGroup
              look="inline"
              value={value.dayCount}
              options={[
                { value: "calendar", label: t("calendar"), disabled },
                { value: "business", label: t("business"), disabled },
              ]}
              onValueChange={(dayCount) => onValueChange({ ...value, dayCount })}
            />
          </Field>
        </>
      ) : null}
      {value.kind === "weekly" ? (
        <Field label={t("weekStart")}>
          <Select
            value={weekday(value.weekStart)}
            disabled={disabled}
            options={([1, 2, 3, 4, 5, 6, 7] as const).map((day) => ({
              value: weekday(day),
              label: t(`days.${weekday(day)}`),
            }))}
            onValueChange={(day) => onValueChange({ ...value, weekStart: Number(day) })}
          />
        </Field>
      ) : null}
      {value.kind === "windows" && Number.isNaN(value.delay) ? null : (
        <p aria-live="polite" className="text-sm font-medium">
          {textOf(value)}
        </p>
      )}
    </div>
  );
}
