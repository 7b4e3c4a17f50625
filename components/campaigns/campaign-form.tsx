"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Lock } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { formatCount } from "@/components/format/format";
import { useViewer } from "@/components/layout/viewer";
import { useTRPC } from "@/components/trpc";
import { Alert } from "@/components/ui/alert";
import { Badge } from "@/components/ui/badge";
import { Button, LinkButton } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Switch } from "@/components/ui/checkbox";
import { DateTimeInput } from "@/components/ui/date-input";
import { ErrorAlert } from "@/components/ui/error-alert";
import { Field, type FieldProps } from "@/components/ui/field";
import { Input, Textarea } from "@/components/ui/input";
import { MoneyInput } from "@/components/ui/money-input";
import { PageFrame } from "@/components/ui/page-frame";
import { RadioGroup } from "@/components/ui/radio-group";
import { RateInput } from "@/components/ui/rate-input";
import { toast } from "@/components/ui/toast";
import { NoRecord } from "@/components/vouchers/no-record";
import { PartiesPicker, PartyPicker } from "@/components/vouchers/pickers";
import { isCurrency } from "@/server/core/money";
import { VERIFICATIONS, VOUCHER_TYPES } from "@/server/domain/vouchers/schemas";
import type { CampaignDetail } from "@/server/domain/vouchers/types";
import { CampaignSample } from "./campaign-sample";
import {
  type CampaignDraft,
  type DraftProblem,
  draftOf,
  emptyDraft,
  inputOf,
  linesOf,
  problemsOf,
} from "./draft";
import { FundingEditor } from "./funding-editor";

export function CampaignEditor({ id }: { id: string }) {
  const trpc = useTRPC();
  const { data, error, refetch } = useQuery(trpc.campaigns.get.queryOptions({ id }));
  if (!data) return <NoRecord noun="campaigns" error={error} onRetry={() => void refetch()} />;
  return <CampaignForm campaign={data} />;
}

/** A new campaign, or with `campaign` its change: one form for every type. */
export function CampaignForm({ campaign }: { campaign?: CampaignDetail }) {
  const t = useTranslations("campaigns");
  const f = useTranslations("campaigns.form");
  const common = useTranslations("common");
  const router = useRouter();
  const trpc = useTRPC();
  const client = useQueryClient();
  const { tenant } = useViewer();
  const [draft, setDraft] = useState<CampaignDraft>(() =>
    campaign ? draftOf(campaign, tenant.timezone) : emptyDraft(tenant.currency),
  );
  const [tried, setTried] = useState(0);
  const create = useMutation(trpc.campaigns.create.mutationOptions());
  const update = useMutation(trpc.campaigns.update.mutationOptions());
  const set = (change: Partial<CampaignDraft>) => setDraft((old) => ({ ...old, ...change }));
  const problems = problemsOf(draft);
  const wrong = Object.entries(problems);
  const locked = (campaign?.issued ?? 0) > 0;
  const alert = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (tried > 0) alert.current?.focus();
  }, [tried]);

  const sentence = (problem: DraftProblem | undefined) =>
    tried === 0 || !problem
      ? undefined
      : problem === "required"
        ? common("validation.required")
        : f(`problems.${problem}`);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (wrong.length > 0) {
      setTried((n) => n + 1);
      return;
    }
    const input = inputOf(draft, tenant.timezone);
    try {
      let id = campaign?.id;
      if (campaign) {
        const { type, terms, currency, funding, brandId, verification, usesPerVoucher, ...free } = input;
        const fixed = { type, terms, currency, funding, brandId, verification, usesPerVoucher };
        await update.mutateAsync({ id: campaign.id, ...free, ...(locked ? {} : fixed) });
      } else {
        ({ id } = await create.mutateAsync(input));
      }
      toast.success(campaign ? f("saved") : f("created"));
      await client.invalidateQueries(trpc.campaigns.pathFilter());
      router.push(`/campaigns/${id}`);
    } catch {
      setTried((n) => n + 1); // the failure itself is shown below
    }
  };
  const failure = create.error ?? update.error;
  const busy = create.isPending || update.isPending;
  const item = (name: string): Pick<FieldProps, "error"> => ({ error: sentence(problems[name]) });
  const money = (name: MoneyField) => ({
    value: draft[name],
    currency: draft.currency,
    onValueChange: (value: bigint | null) => set({ [name]: value }),
  });

  return (
    <PageFrame
      title={campaign ? `${t("edit")}: ${campaign.name}` : t("new")}
      breadcrumbs={[
        { label: t("title"), href: "/campaigns" },
        ...(campaign ? [{ label: campaign.number, href: `/campaigns/${campaign.id}` }] : []),
      ]}
    >
      <form
        noValidate
        onSubmit={submit}
        className="grid max-w-6xl items-start gap-4 xl:grid-cols-[minmax(0,1fr)_22rem]"
      >
        <div className="min-w-0 space-y-4">
          <div ref={alert} tabIndex={-1} className="space-y-3 outline-none empty:hidden">
            {tried > 0 && wrong.length > 0 ? (
              <Alert tone="danger" title={common("form.summary", { count: wrong.length })} />
            ) : null}
          </div>
          {locked && campaign ? (
            <Alert title={f("lockedTitle")}>
              {f("lockedText", { issued: formatCount(campaign.issued) })}
            </Alert>
          ) : null}

          <Card title={f("basics")}>
            <div className="space-y-5">
              <Field label={f("name")} hint={f("nameHint")} required {...item("name")}>
                <Input
                  value={draft.name}
                  maxLength={120}
                  autoComplete="off"
                  onChange={(event) => set({ name: event.target.value })}
                />
              </Field>
              <Lockable locked={locked}>
                <Field group label={f("type")} required>
                  <TypeChoice value={draft.type} onChange={(type) => set({ type })} />
                </Field>
                <div className="grid gap-4 sm:grid-cols-[minmax(0,1fr)_8rem]">
                  <Field label={f("brand")} hint={f("brandHint")} optional {...item("brand")}>
                    <PartyPicker
                      kinds={["brand"]}
                      value={draft.brand}
                      disabled={locked}
                      onValueChange={(brand) => set({ brand })}
                    />
                  </Field>
                  <Field label={f("currency")} required>
                    <CurrencyInput
                      value={draft.currency}
                      disabled={locked}
                      onChange={(currency) => set({ currency })}
                    />
                  </Field>
                </div>
              </Lockable>
            </div>
          </Card>

          <Card title={f("terms")} actions={<LockMark locked={locked} />}>
            <Lockable locked={locked}>
              {/* Fields read amounts by the currency: another one begins them anew. */}
              <Terms key={draft.currency} draft={draft} set={set} item={item} money={money} />
            </Lockable>
          </Card>

          <Card title={f("funding")} actions={<LockMark locked={locked} />}>
            <Lockable locked={locked}>
              <FundingEditor
                mode={draft.fundingMode}
                shares={draft.shares}
                brandName={draft.brand?.label ?? null}
                locked={locked}
                error={sentence(problems.funding)}
                onModeChange={(fundingMode) => set({ fundingMode })}
                onSharesChange={(shares) => set({ shares })}
              />
            </Lockable>
          </Card>

          <Card title={f("where")}>
            <div className="space-y-5">
              <Field group label={f("merchants")} {...item("merchants")}>
                <RadioGroup
                  look="inline"
                  value={draft.merchantsMode}
                  onValueChange={(merchantsMode) => set({ merchantsMode })}
                  options={(["all", "some"] as const).map((value) => ({
                    value,
                    label: f(`merchantsMode.${value}`),
                  }))}
                />
              </Field>
              {draft.merchantsMode === "some" ? (
                <Field
                  label={f("merchantsMode.some")}
                  hideLabel
                  hint={
                    draft.moreMerchantIds.length > 0
                      ? f("moreMerchants", { count: draft.moreMerchantIds.length })
                      : undefined
                  }
                >
                  <PartiesPicker
                    kinds={["merchant"]}
                    value={draft.merchants}
                    onValueChange={(merchants) => set({ merchants })}
                  />
                </Field>
              ) : null}
              <Field label={f("products")} hint={f("productsHint")} optional>
                <Textarea
                  rows={2}
                  value={draft.products}
                  onChange={(event) => set({ products: event.target.value })}
                />
              </Field>
            </div>
          </Card>

          <Card title={f("issue")}>
            <div className="grid gap-x-4 gap-y-5 sm:grid-cols-2">
              <Field label={f("issueFrom")} optional>
                <DateTimeInput
                  value={draft.issueFrom}
                  timeZone={tenant.timezone}
                  onValueChange={(issueFrom) => set({ issueFrom })}
                />
              </Field>
              <Field label={f("issueTo")} optional {...item("issueTo")}>
                <DateTimeInput
                  value={draft.issueTo}
                  timeZone={tenant.timezone}
                  onValueChange={(issueTo) => set({ issueTo })}
                />
              </Field>
              <Field label={f("quota")} hint={f("quotaHint")} optional {...item("quota")}>
                <CountInput value={draft.quota} onChange={(quota) => set({ quota })} />
              </Field>
              <Field label={f("perCustomer")} hint={f("quotaHint")} optional {...item("perCustomer")}>
                <CountInput value={draft.perCustomer} onChange={(perCustomer) => set({ perCustomer })} />
              </Field>
              <Field
                className="sm:col-span-2"
                label={f("audience")}
                hint={
                  draft.audience.trim() === ""
                    ? f("audienceHint")
                    : f("audienceCount", { count: formatCount(linesOf(draft.audience).length) })
                }
                optional
              >
                <Textarea
                  rows={2}
                  value={draft.audience}
                  onChange={(event) => set({ audience: event.target.value })}
                />
              </Field>
            </div>
          </Card>

          <Card title={f("validity")}>
            <div className="space-y-5">
              <Field group label={f("validity")} hideLabel>
                <RadioGroup
                  look="inline"
                  value={draft.validityMode}
                  onValueChange={(validityMode) => set({ validityMode })}
                  options={(["days", "window", "always"] as const).map((value) => ({
                    value,
                    label: f(`validityMode.${value}`),
                  }))}
                />
              </Field>
              {draft.validityMode === "days" ? (
                <Field
                  label={f("validDays")}
                  hint={f("validDaysHint")}
                  required
                  className="max-w-60"
                  {...item("validDays")}
                >
                  <CountInput value={draft.validDays} onChange={(validDays) => set({ validDays })} />
                </Field>
              ) : null}
              {draft.validityMode === "always" ? null : (
                <div className="grid gap-4 sm:grid-cols-2">
                  <Field label={draft.validityMode === "days" ? f("notBefore") : f("validFrom")} optional>
                    <DateTimeInput
                      value={draft.validFrom}
                      timeZone={tenant.timezone}
                      onValueChange={(validFrom) => set({ validFrom })}
                    />
                  </Field>
                  <Field
                    label={draft.validityMode === "days" ? f("notAfter") : f("validTo")}
                    optional
                    {...item("validTo")}
                  >
                    <DateTimeInput
                      value={draft.validTo}
                      timeZone={tenant.timezone}
                      onValueChange={(validTo) => set({ validTo })}
                    />
                  </Field>
                </div>
              )}
            </div>
          </Card>

          <Card title={f("redeeming")}>
            <div className="space-y-5">
              <Lockable locked={locked}>
                <Field group label={f("verification")} required>
                  <RadioGroup
                    look="cards"
                    value={draft.verification}
                    onValueChange={(verification) => set({ verification })}
                    options={VERIFICATIONS.map((value) => ({
                      value,
                      label: <VerificationName value={value} />,
                      hint: f(`verificationHint.${value}`),
                    }))}
                  />
                </Field>
                {draft.type === "gift_card" ? null : (
                  <Field label={f("uses")} required className="max-w-60" {...item("uses")}>
                    <CountInput value={draft.uses} onChange={(uses) => set({ uses })} />
                  </Field>
                )}
              </Lockable>
              <Field group label={f("collectedBy")} required>
                <RadioGroup
                  look="cards"
                  value={draft.collectedBy}
                  onValueChange={(collectedBy) => set({ collectedBy })}
                  options={(["merchant", "platform"] as const).map((value) => ({
                    value,
                    label: t(`detail.collected.${value}`),
                    hint: f(`collectedHint.${value}`),
                  }))}
                />
              </Field>
              {draft.collectedBy === "platform" || draft.type === "gift_card" ? (
                <Field
                  label={f("channel")}
                  required={draft.collectedBy === "platform"}
                  optional={draft.collectedBy !== "platform"}
                  {...item("channel")}
                >
                  <PartyPicker
                    kinds={["channel"]}
                    value={draft.channel}
                    placeholder={f("chooseChannel")}
                    onValueChange={(channel) => set({ channel })}
                  />
                </Field>
              ) : null}
              <Field label={f("stacking")} hint={f("stackingHint")} optional className="max-w-80">
                <Input
                  value={draft.stacking}
                  maxLength={64}
                  autoComplete="off"
                  onChange={(event) => set({ stacking: event.target.value })}
                />
              </Field>
            </div>
          </Card>

          <ErrorAlert error={failure} />
          <div className="flex flex-wrap justify-end gap-2">
            <LinkButton href={campaign ? `/campaigns/${campaign.id}` : "/campaigns"} variant="outline">
              {common("actions.cancel")}
            </LinkButton>
            <Button type="submit" loading={busy}>
              {campaign ? f("save") : f("create")}
            </Button>
          </div>
        </div>
        <CampaignSample draft={draft} />
      </form>
    </PageFrame>
  );
}

type MoneyField = {
  [K in keyof CampaignDraft]: CampaignDraft[K] extends bigint | null ? K : never;
}[keyof CampaignDraft];

function Terms({
  draft,
  set,
  item,
  money,
}: {
  draft: CampaignDraft;
  set: (change: Partial<CampaignDraft>) => void;
  item: (name: string) => Pick<FieldProps, "error">;
  money: (name: MoneyField) => {
    value: bigint | null;
    currency: string;
    onValueChange: (value: bigint | null) => void;
  };
}) {
  const f = useTranslations("campaigns.form");
  switch (draft.type) {
    case "fixed":
      return (
        <Field label={f("amount")} required className="max-w-80" {...item("fixedAmount")}>
          <MoneyInput {...money("fixedAmount")} />
        </Field>
      );
    case "threshold":
      return (
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label={f("threshold")} required {...item("threshold")}>
            <MoneyInput {...money("threshold")} />
          </Field>
          <Field label={f("thresholdAmount")} required {...item("thresholdAmount")}>
            <MoneyInput {...money("thresholdAmount")} />
          </Field>
          <div className="sm:pt-6">
            <Switch label={f("every")} checked={draft.every} onCheckedChange={(every) => set({ every })} />
          </div>
          {draft.every ? (
            <Field label={f("ceiling")} optional {...item("thresholdCeiling")}>
              <MoneyInput {...money("thresholdCeiling")} />
            </Field>
          ) : null}
        </div>
      );
    case "percent":
      return (
        <div className="grid gap-4 sm:grid-cols-3">
          <Field label={f("off")} hint={f("offHint")} required {...item("off")}>
            <RateInput value={draft.off} onValueChange={(off) => set({ off })} />
          </Field>
          <Field label={f("minimum")} optional>
            <MoneyInput {...money("minimum")} />
          </Field>
          <Field label={f("ceiling")} optional>
            <MoneyInput {...money("percentCeiling")} />
          </Field>
        </div>
      );
    case "exchange":
      return (
        <div className="grid gap-4 sm:grid-cols-2">
          <Field
            label={f("exchangeProducts")}
            hint={f("exchangeProductsHint")}
            required
            {...item("exchangeProducts")}
          >
            <Textarea
              rows={3}
              value={draft.exchangeProducts}
              onChange={(event) => set({ exchangeProducts: event.target.value })}
            />
          </Field>
          <Field label={f("exchangeCeiling")} optional>
            <MoneyInput {...money("exchangeCeiling")} />
          </Field>
        </div>
      );
    case "gift_card":
      return (
        <Field label={f("balance")} required className="max-w-80" {...item("balance")}>
          <MoneyInput {...money("balance")} />
        </Field>
      );
  }
}

function TypeChoice({
  value,
  onChange,
}: {
  value: CampaignDraft["type"];
  onChange: (type: CampaignDraft["type"]) => void;
}) {
  const f = useTranslations("campaigns.form.typeHints");
  const types = useTranslations("vouchers.types");
  return (
    <RadioGroup
      look="cards"
      className="lg:grid-cols-3"
      value={value}
      onValueChange={onChange}
      options={VOUCHER_TYPES.map((type) => ({ value: type, label: types(type), hint: f(type) }))}
    />
  );
}

function VerificationName({ value }: { value: (typeof VERIFICATIONS)[number] }) {
  return useTranslations("vouchers.verification")(value);
}

/** Three capitals; what is no currency is not told on. */
function CurrencyInput({
  value,
  disabled,
  onChange,
}: {
  value: string;
  disabled: boolean;
  onChange: (currency: string) => void;
}) {
  const [text, setText] = useState(value);
  return (
    <Input
      value={text}
      maxLength={5}
      disabled={disabled}
      autoComplete="off"
      spellCheck={false}
      aria-invalid={isCurrency(text) ? undefined : true}
      onChange={(event) => {
        const next = event.target.value.normalize("NFKC").trim().toUpperCase();
        setText(next);
        if (isCurrency(next)) onChange(next);
      }}
      onBlur={() => setText(value)}
    />
  );
}

function CountInput({ value, onChange }: { value: string; onChange: (text: string) => void }) {
  return (
    <Input
      inputMode="numeric"
      autoComplete="off"
      maxLength={16}
      value={value}
      className="figure text-end"
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

/** What holders of issued vouchers rely on can be read, not changed. */
function Lockable({ locked, children }: { locked: boolean; children: ReactNode }) {
  return (
    <fieldset disabled={locked} className="min-w-0 space-y-5">
      {children}
    </fieldset>
  );
}

function LockMark({ locked }: { locked: boolean }) {
  const f = useTranslations("campaigns.form");
  return locked ? <Badge icon={<Lock aria-hidden />}>{f("locked")}</Badge> : null;
}
