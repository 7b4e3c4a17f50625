"use client";

import { Plus, X } from "lucide-react";
import { useTranslations } from "next-intl";
import { formatRate } from "@/components/format/format";
import { Button, IconButton } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { RadioGroup } from "@/components/ui/radio-group";
import { RateInput } from "@/components/ui/rate-input";
import { Select } from "@/components/ui/select";
import { PartyPicker } from "@/components/vouchers/pickers";
import { type ShareDraft, sumOf } from "./draft";
import { FundingBar, micros, useFunderName } from "./funding-bar";

const WHOLE = 1_000_000;
const ROLES = ["brand", "platform", "merchant", "party"] as const;

/** Who bears a discount, in shares that have to fill the bar. */
export function FundingEditor({
  mode,
  shares,
  brandName,
  locked,
  error,
  onModeChange,
  onSharesChange,
}: {
  mode: "rule" | "shares";
  shares: readonly ShareDraft[];
  brandName: string | null;
  locked: boolean;
  error?: string;
  onModeChange: (mode: "rule" | "shares") => void;
  onSharesChange: (shares: ShareDraft[]) => void;
}) {
  const t = useTranslations("campaigns.form");
  const sum = sumOf(shares);
  const change = (key: string, part: Partial<ShareDraft>) =>
    onSharesChange(shares.map((one) => (one.key === key ? { ...one, ...part } : one)));
  const unused =
    ROLES.find((role) => role === "party" || !shares.some((one) => one.role === role)) ?? "party";
  const last = shares.at(-1);
  return (
    <div className="space-y-5">
      <Field group label={t("funding")} hideLabel>
        <RadioGroup
          look="cards"
          value={mode}
          onValueChange={onModeChange}
          options={(["shares", "rule"] as const).map((value) => ({
            value,
            label: t(`fundingMode.${value}`),
            hint: t(`fundingModeHint.${value}`),
          }))}
        />
      </Field>
      {mode === "rule" ? null : (
        <Field group label={t("share")} hideLabel error={error}>
          <ul className="space-y-3">
            {shares.map((one) => (
              <Share
                key={one.key}
                share={one}
                shares={shares}
                brandName={brandName}
                locked={locked}
                onChange={(part) => change(one.key, part)}
                onRemove={() => onSharesChange(shares.filter((other) => other.key !== one.key))}
              />
            ))}
          </ul>
          <Bar shares={shares} brandName={brandName} />
          <div className="flex flex-wrap items-center gap-x-3 gap-y-2 pt-1">
            <p
              aria-live="polite"
              className={`figure text-sm font-medium ${sum === WHOLE ? "text-success" : "text-destructive"}`}
            >
              {sum === WHOLE
                ? t("sum", { sum: rate(sum) })
                : sum < WHOLE
                  ? t("sumShort", { sum: rate(sum), rest: rate(WHOLE - sum) })
                  : t("sumOver", { sum: rate(sum), rest: rate(sum - WHOLE) })}
            </p>
            {last && sum !== WHOLE && micros(last.share) + WHOLE - sum > 0 && !locked ? (
              <Button
                variant="outline"
                size="sm"
                onClick={() => change(last.key, { share: fraction(micros(last.share) + WHOLE - sum) })}
              >
                {t("fill")}
              </Button>
            ) : null}
            <Button
              variant="outline"
              size="sm"
              className="ms-auto"
              icon={<Plus aria-hidden />}
              disabled={shares.length >= 20 || locked}
              onClick={() =>
                onSharesChange([
                  ...shares,
                  {
                    key: unused === "party" ? `party-${shares.length}-${Date.now()}` : unused,
                    role: unused,
                    party: null,
                    share: sum < WHOLE ? fraction(WHOLE - sum) : null,
                  },
                ])
              }
            >
              {t("addParty")}
            </Button>
          </div>
        </Field>
      )}
    </div>
  );
}

function Share({
  share,
  shares,
  brandName,
  locked,
  onChange,
  onRemove,
}: {
  share: ShareDraft;
  shares: readonly ShareDraft[];
  brandName: string | null;
  locked: boolean;
  onChange: (part: Partial<ShareDraft>) => void;
  onRemove: () => void;
}) {
  const t = useTranslations("campaigns.form");
  const funders = useTranslations("campaigns.funders");
  const common = useTranslations("common.form");
  const funderName = useFunderName(share.party ? [share.party.value] : []);
  const name =
    share.role === "party"
      ? (share.party?.label ?? t("namedParty"))
      : share.role === "brand" && brandName
        ? `${funders("brand")} · ${brandName}`
        : funders(share.role);
  // A party that came with the campaign is known by its id alone at first.
  const party = share.party && { ...share.party, label: funderNameOr(share.party, funderName) };
  return (
    <li className="grid grid-cols-[minmax(0,1fr)_7.5rem_auto] items-start gap-2">
      <div className="min-w-0 space-y-2">
        <Select
          aria-label={t("party")}
          value={share.role}
          onValueChange={(role) => onChange({ role, party: null })}
          options={ROLES.map((role) => ({
            value: role,
            label:
              role === "party"
                ? t("namedParty")
                : role === "brand" && brandName
                  ? `${funders("brand")} · ${brandName}`
                  : funders(role),
            disabled: role !== "party" && role !== share.role && shares.some((other) => other.role === role),
          }))}
        />
        {share.role === "party" ? (
          <PartyPicker
            aria-label={t("chooseParty")}
            placeholder={t("chooseParty")}
            kinds={["brand", "merchant", "platform"]}
            value={party}
            disabled={locked}
            onValueChange={(next) => onChange({ party: next })}
          />
        ) : null}
      </div>
      <RateInput
        aria-label={`${t("share")} · ${name}`}
        value={share.share}
        onValueChange={(next) => onChange({ share: next })}
      />
      <IconButton label={common("removeItem", { name })} disabled={locked} onClick={onRemove}>
        <X aria-hidden />
      </IconButton>
    </li>
  );
}

function funderNameOr(party: { value: string; label: string }, nameOf: (ref: string) => string): string {
  return party.label === party.value ? nameOf(party.value) : party.label;
}

function Bar({ shares, brandName }: { shares: readonly ShareDraft[]; brandName: string | null }) {
  const funders = useTranslations("campaigns.funders");
  const t = useTranslations("campaigns.form");
  return (
    <FundingBar
      shares={shares.map(({ key, role, party, share }) => ({
        key,
        share,
        label:
          role === "party"
            ? (party?.label ?? t("namedParty"))
            : role === "brand"
              ? (brandName ?? funders("brand"))
              : funders(role),
      }))}
    />
  );
}

/** Millionths as an exact decimal, and as people read it. */
function fraction(millionths: number): string {
  const digits = String(millionths).padStart(7, "0");
  const places = digits.slice(-6).replace(/0+$/, "");
  return `${digits.slice(0, -6)}${places ? `.${places}` : ""}`;
}
const rate = (millionths: number) => formatRate(fraction(millionths));
