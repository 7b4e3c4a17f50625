"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { type FormEvent, useId, useState } from "react";
import { useFormat } from "@/components/format/use-format";
import { useViewer } from "@/components/layout/viewer";
import { ProductPicker } from "@/components/products/product-picker";
import { useTRPC } from "@/components/trpc";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Combobox, type ComboboxOption } from "@/components/ui/combobox";
import { DateInput } from "@/components/ui/date-input";
import { ErrorAlert } from "@/components/ui/error-alert";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { toast } from "@/components/ui/toast";
import { useUnchanged } from "@/components/versions/use-unchanged";
import type { Problem, SplitRuleDefinition, TradeKind } from "@/server/domain/clearing/schemas";
import { validateDefinition } from "@/server/domain/clearing/validate";
import { RuleWords } from "./rule-words";
import type { RuleView } from "./types";

/** What both forms share: name and scope of a new rule, the rule in words, what is wrong with it, and when it begins. */
export function Publish({
  rule,
  kind,
  definition,
  children,
}: {
  rule?: RuleView;
  kind: TradeKind;
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
  const [scope, setScope] = useState<Scope>(ANYTHING);
  const [priority, setPriority] = useState("0");
  const [day, setDay] = useState<string | null>(null);
  const [note, setNote] = useState("");
  const problems = definition ? validateDefinition(definition, kind) : [];
  const unchanged = useUnchanged(rule?.versions, definition, day);
  const reason = useId();
  const ready =
    definition !== null &&
    unchanged === null &&
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
          tradeKind: kind,
          campaignId: scope.campaign?.value,
          merchantId: scope.merchant?.value,
          channelId: scope.channel?.value,
          productId: scope.productId,
          tier: scope.tier,
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
            <ScopeFields kind={kind} scope={scope} onChange={setScope} />
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
      <div className="flex flex-wrap items-center justify-end gap-x-4 gap-y-2">
        <p id={reason} aria-live="polite" className="text-sm text-muted-foreground empty:hidden">
          {unchanged}
        </p>
        <Button type="submit" disabled={!ready} aria-describedby={reason} loading={mutation.isPending}>
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
  productId: string | null;
  tier: string | null;
}
const PARTIES = ["campaign", "merchant", "channel"] as const;
const CARD_PARTIES = ["channel"] as const;
const ANYTHING: Scope = { campaign: null, merchant: null, channel: null, productId: null, tier: null };

function ScopeFields({
  kind,
  scope,
  onChange,
}: {
  kind: TradeKind;
  scope: Scope;
  onChange: (scope: Scope) => void;
}) {
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
        {kind === "card_sale" ? <CardScopeFields scope={scope} onChange={onChange} /> : null}
        {(kind === "card_sale" ? CARD_PARTIES : PARTIES).map((key) => (
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

/** Of card sales: which product, and distributors of which tier. */
function CardScopeFields({ scope, onChange }: { scope: Scope; onChange: (scope: Scope) => void }) {
  const t = useTranslations("rules.scope");
  const editor = useTranslations("rules.editor.scope");
  const trpc = useTRPC();
  const { data: tiers = [] } = useQuery(trpc.tiers.list.queryOptions());
  return (
    <>
      <Field label={t("product")}>
        <ProductPicker
          clearable
          placeholder={t("all")}
          value={scope.productId}
          onValueChange={(productId) => onChange({ ...scope, productId })}
        />
      </Field>
      <Field label={editor("tier")}>
        <Select
          value={scope.tier ?? ""}
          onValueChange={(tier) => onChange({ ...scope, tier: tier || null })}
          options={[
            { value: "", label: t("all") },
            ...tiers.map(({ code, name }) => ({ value: code, label: name })),
          ]}
        />
      </Field>
    </>
  );
}
