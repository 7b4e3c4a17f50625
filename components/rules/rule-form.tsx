"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { type FormEvent, useState } from "react";
import { useFormat } from "@/components/format/use-format";
import { useViewer } from "@/components/layout/viewer";
import { useTRPC } from "@/components/trpc";
import { Alert } from "@/components/ui/alert";
import { Button, LinkButton } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Combobox, type ComboboxOption } from "@/components/ui/combobox";
import { DateInput } from "@/components/ui/date-input";
import { ErrorAlert } from "@/components/ui/error-alert";
import { Field } from "@/components/ui/field";
import { Input, Textarea } from "@/components/ui/input";
import { MoneyInput } from "@/components/ui/money-input";
import { PageFrame } from "@/components/ui/page-frame";
import { RateInput } from "@/components/ui/rate-input";
import { Select } from "@/components/ui/select";
import { toast } from "@/components/ui/toast";
import {
  type Problem,
  type SplitRuleDefinition,
  splitRuleDefinition,
} from "@/server/domain/clearing/schemas";
import { type RedemptionTerms, redemptionRule, redemptionTermsOf } from "@/server/domain/clearing/standard";
import { validateDefinition } from "@/server/domain/clearing/validate";
import { RuleWords } from "./rule-words";
import type { RuleView } from "./types";

const BASES = ["net_of_merchant_discount", "gross", "paid", "discount"] as const;
const BEARERS = ["platform", "merchant", "proportional"] as const;
const FUNDERS = ["brand", "platform", "merchant"] as const;

/** What the plain form holds; a rate that cannot be read is null. */
interface Terms {
  commissionRate: string | null;
  commissionBase: (typeof BASES)[number];
  feeBearer: (typeof BEARERS)[number];
  handling: bigint | null;
  funding: Record<(typeof FUNDERS)[number], string | null>;
}

/** A new rule, or with `rule` a further version of it. */
export function RuleForm({ rule }: { rule?: RuleView }) {
  const t = useTranslations("rules");
  const newest = rule?.versions[0]?.definition;
  const terms = newest ? redemptionTermsOf(newest) : null;
  const plain = !newest || (terms !== null && fitsForm(terms));
  return (
    <PageFrame
      title={rule ? `${t("newVersion")}: ${rule.name}` : t("new")}
      breadcrumbs={[{ label: t("title"), href: "/rules" }]}
      actions={
        <LinkButton variant="outline" href={rule ? `/rules/${rule.id}/edit` : "/rules/new"}>
          {t("editor.full")}
        </LinkButton>
      }
      width="narrow"
    >
      {plain ? <PlainForm rule={rule} terms={terms} /> : <AdvancedForm rule={rule} definition={newest} />}
    </PageFrame>
  );
}

/** The form names three funders by role and four bases; a rule that says otherwise is edited as it is. */
function fitsForm({ funding = [], commissionBase, feeBearer }: RedemptionTerms): boolean {
  return (
    funding.every((f) => (FUNDERS as readonly string[]).includes(f.party) && f.priority === undefined) &&
    (BASES as readonly (string | undefined)[]).includes(commissionBase) &&
    (BEARERS as readonly (string | undefined)[]).includes(feeBearer)
  );
}

function PlainForm({ rule, terms }: { rule?: RuleView; terms: RedemptionTerms | null }) {
  const t = useTranslations("rules");
  const base = useTranslations("trace.bases");
  const role = useTranslations("trace.roles");
  const { tenant } = useViewer();
  const [values, setValues] = useState<Terms>(() => formValues(terms));
  const set = (change: Partial<Terms>) => setValues((old) => ({ ...old, ...change }));
  const definition = definitionOf(values, tenant.currency);
  return (
    <Publish rule={rule} definition={definition}>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label={t("form.commission")} required>
          <RateInput
            value={values.commissionRate}
            onValueChange={(commissionRate) => set({ commissionRate })}
          />
        </Field>
        <Field label={t("form.base")}>
          <Select
            value={values.commissionBase}
            onValueChange={(commissionBase) => set({ commissionBase })}
            options={BASES.map((value) => ({ value, label: base(value) }))}
          />
        </Field>
        <Field label={t("form.bearer")}>
          <Select
            value={values.feeBearer}
            onValueChange={(feeBearer) => set({ feeBearer })}
            options={BEARERS.map((value) => ({ value, label: t(`form.bearers.${value}`) }))}
          />
        </Field>
        <Field label={t("form.handling")} hint={t("form.handlingHint")} optional>
          <MoneyInput
            value={values.handling}
            currency={tenant.currency}
            onValueChange={(handling) => set({ handling })}
          />
        </Field>
      </div>
      <Field group label={t("form.funding")} hint={t("form.fundingHint")}>
        <div className="grid gap-4 sm:grid-cols-3">
          {FUNDERS.map((funder) => (
            <Field key={funder} label={role(funder)}>
              <RateInput
                value={values.funding[funder]}
                onValueChange={(share) => set({ funding: { ...values.funding, [funder]: share } })}
              />
            </Field>
          ))}
        </div>
      </Field>
    </Publish>
  );
}

function formValues(terms: RedemptionTerms | null): Terms {
  const shareOf = (party: string) => terms?.funding?.find((f) => f.party === party)?.share ?? null;
  return {
    commissionRate: terms?.commissionRate ?? null,
    commissionBase: (terms?.commissionBase as Terms["commissionBase"]) ?? "net_of_merchant_discount",
    feeBearer: (terms?.feeBearer as Terms["feeBearer"]) ?? "platform",
    handling: terms?.handling ? BigInt(terms.handling.amount) : null,
    funding: { brand: shareOf("brand"), platform: shareOf("platform"), merchant: shareOf("merchant") },
  };
}

function definitionOf(values: Terms, currency: string): SplitRuleDefinition | null {
  if (values.commissionRate === null) return null;
  return redemptionRule({
    commissionRate: values.commissionRate,
    commissionBase: values.commissionBase,
    feeBearer: values.feeBearer,
    funding: FUNDERS.flatMap((party) => {
      const share = values.funding[party];
      return share === null || share === "0" ? [] : [{ party, share }];
    }),
    handling:
      values.handling !== null && values.handling > 0n
        ? { amount: values.handling.toString(), currency }
        : undefined,
  });
}

function AdvancedForm({ rule, definition }: { rule?: RuleView; definition?: SplitRuleDefinition }) {
  const t = useTranslations("rules.form");
  const [text, setText] = useState(() => JSON.stringify(definition, null, 2));
  return (
    <Publish rule={rule} definition={readDefinition(text)}>
      <Alert tone="info">{t("advanced")}</Alert>
      <Field label={t("definition")} required>
        <Textarea
          rows={20}
          spellCheck={false}
          className="font-mono text-xs"
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </Field>
    </Publish>
  );
}

function readDefinition(text: string): SplitRuleDefinition | null {
  try {
    const parsed = splitRuleDefinition.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null; // not JSON yet
  }
}

/** What both forms share: name and scope of a new rule, the rule in words, what is wrong with it, and when it begins. */
function Publish({
  rule,
  definition,
  children,
}: {
  rule?: RuleView;
  definition: SplitRuleDefinition | null;
  children: React.ReactNode;
}) {
  const t = useTranslations("rules");
  const router = useRouter();
  const client = useQueryClient();
  const trpc = useTRPC();
  const create = useMutation(trpc.rules.create.mutationOptions());
  const publish = useMutation(trpc.rules.publishVersion.mutationOptions());
  const { tenant } = useViewer();
  const [name, setName] = useState("");
  const [scope, setScope] = useState<Scope>({ campaign: null, merchant: null, channel: null });
  const [priority, setPriority] = useState("0");
  const [day, setDay] = useState<string | null>(null);
  const [note, setNote] = useState("");
  const problems = definition ? validateDefinition(definition, rule?.tradeKind ?? "redemption") : [];
  const ready =
    definition !== null &&
    problems.length === 0 &&
    (rule !== undefined || (name.trim() !== "" && /^-?\d{1,3}$/.test(priority)));
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!ready || definition === null) return;
    const shared = { definition, effectiveFrom: day ?? undefined, note: note.trim() || undefined };
    if (rule) {
      const version = await publish.mutateAsync({
        ...shared,
        ruleId: rule.id,
        expectedVersion: rule.versions[0]?.version,
      });
      toast.success(t(tenant.ruleFourEyes ? "editor.submitted" : "form.published", { version }));
      await client.invalidateQueries(trpc.rules.pathFilter());
      router.push(`/rules/${rule.id}`);
    } else {
      const id = await create.mutateAsync({
        ...shared,
        name,
        priority: Number(priority),
        scope: {
          tradeKind: "redemption",
          campaignId: scope.campaign?.value,
          merchantId: scope.merchant?.value,
          channelId: scope.channel?.value,
        },
      });
      toast.success(t("form.created"));
      await client.invalidateQueries(trpc.rules.pathFilter());
      router.push(`/rules/${id}`);
    }
  };
  const mutation = rule ? publish : create;
  return (
    <form onSubmit={(event) => void submit(event).catch(() => {})} className="space-y-4">
      {rule ? null : (
        <Card className="space-y-4">
          <div className="space-y-4">
            <Field label={t("fields.name")} required>
              <Input value={name} maxLength={120} onChange={(event) => setName(event.target.value)} />
            </Field>
            <ScopeFields scope={scope} onChange={setScope} />
            <Field label={t("fields.priority")} hint={t("fields.priorityHint")}>
              <Input
                inputMode="numeric"
                value={priority}
                onChange={(event) => setPriority(event.target.value)}
                className="figure max-w-32"
              />
            </Field>
          </div>
        </Card>
      )}
      <Card>
        <div className="space-y-4">{children}</div>
      </Card>
      <Card title={t("form.preview")}>
        {definition ? (
          <RuleWords definition={definition} />
        ) : (
          <p className="text-sm text-muted-foreground">{t("form.incomplete")}</p>
        )}
        <Problems problems={problems} definition={definition} />
      </Card>
      <Card>
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label={t("fields.effective")} hint={t("fields.effectiveHint")} optional>
            <DateInput value={day} onValueChange={setDay} />
          </Field>
          <Field label={t("fields.note")} hint={t("fields.noteHint")} optional>
            <Input value={note} maxLength={500} onChange={(event) => setNote(event.target.value)} />
          </Field>
        </div>
      </Card>
      {mutation.error ? <ErrorAlert error={mutation.error} /> : null}
      <div className="flex justify-end">
        <Button type="submit" disabled={!ready} loading={mutation.isPending}>
          {t("form.submit")}
        </Button>
      </div>
    </form>
  );
}

/** What keeps the definition from being published, each where it is. */
function Problems({
  problems,
  definition,
}: {
  problems: readonly Problem[];
  definition: SplitRuleDefinition | null;
}) {
  const t = useTranslations("rules");
  const format = useFormat();
  if (problems.length === 0) return null;
  let millionths = 0n;
  for (const { share } of definition?.funding ?? [])
    millionths +=
      BigInt((share.split(".")[1] ?? "").padEnd(6, "0")) + BigInt(share.split(".")[0] ?? "0") * 1_000_000n;
  const sum = `${millionths / 1_000_000n}.${(millionths % 1_000_000n).toString().padStart(6, "0")}`.replace(
    /\.?0+$/,
    "",
  );
  return (
    <Alert tone="danger" className="mt-3">
      <ul className="list-disc ps-5">
        {problems.map((problem) => (
          <li key={`${problem.code}/${problem.path.join(".")}`}>
            {t(`problems.${problem.code}`)}
            {problem.code === "SHARES_NOT_ONE" ? ` (${t("form.sum", { sum: format.rate(sum) })})` : null}
            {problem.path.length > 0 && problem.path[0] !== "funding" ? ` · ${problem.path.join(".")}` : null}
          </li>
        ))}
      </ul>
    </Alert>
  );
}

interface Scope {
  campaign: ComboboxOption | null;
  merchant: ComboboxOption | null;
  channel: ComboboxOption | null;
}

function ScopeFields({ scope, onChange }: { scope: Scope; onChange: (scope: Scope) => void }) {
  const t = useTranslations("rules.scope");
  const fields = useTranslations("rules.fields");
  const trpc = useTRPC();
  const [q, setQ] = useState({ campaign: "", merchant: "", channel: "" });
  const campaigns = useQuery(trpc.campaigns.options.queryOptions({ q: q.campaign || undefined }));
  const merchants = useQuery(
    trpc.parties.options.queryOptions({ kinds: ["merchant"], q: q.merchant || undefined }),
  );
  const channels = useQuery(
    trpc.parties.options.queryOptions({ kinds: ["channel"], q: q.channel || undefined }),
  );
  const lists = { campaign: campaigns, merchant: merchants, channel: channels };
  return (
    <Field group label={fields("scope")} hint={t("hint")}>
      <div className="grid gap-4 sm:grid-cols-3">
        {(["campaign", "merchant", "channel"] as const).map((key) => (
          <Field key={key} label={t(key)}>
            <Combobox
              clearable
              placeholder={t("all")}
              value={scope[key]}
              loading={lists[key].isFetching}
              options={(lists[key].data ?? []).map((o) => ({ value: o.id, label: o.name, detail: o.number }))}
              onQueryChange={(text) => setQ((old) => ({ ...old, [key]: text }))}
              onValueChange={(option) => onChange({ ...scope, [key]: option })}
            />
          </Field>
        ))}
      </div>
    </Field>
  );
}
