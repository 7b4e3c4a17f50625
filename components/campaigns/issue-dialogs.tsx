"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Layers, TicketPlus } from "lucide-react";
import { useTranslations } from "next-intl";
import { type FormEvent, useState } from "react";
import { formatCount } from "@/components/format/format";
import { useTRPC } from "@/components/trpc";
import { Alert } from "@/components/ui/alert";
import { Button, LinkButton } from "@/components/ui/button";
import { Dialog, DialogClose } from "@/components/ui/dialog";
import { ErrorAlert } from "@/components/ui/error-alert";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { MoneyInput } from "@/components/ui/money-input";
import { toast } from "@/components/ui/toast";
import { CodeAndLink } from "@/components/vouchers/code-and-link";
import { MAX_BULK_ISSUE } from "@/server/domain/vouchers/schemas";
import type { CampaignDetail, IssuedVoucher } from "@/server/domain/vouchers/types";
import { readWhole } from "./draft";

/** One voucher, whose code is shown to be handed over now. */
export function IssueDialog({ campaign }: { campaign: CampaignDetail }) {
  const t = useTranslations("campaigns.issue");
  const [open, setOpen] = useState(false);
  const [issued, setIssued] = useState<IssuedVoucher | null>(null);
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => {
        setOpen(next);
        setIssued(null);
      }}
      sticky
      trigger={<Button icon={<TicketPlus aria-hidden />}>{t("one")}</Button>}
      title={issued ? t("issued") : t("oneTitle")}
      description={campaign.name}
    >
      {issued ? (
        <Issued voucher={issued} campaign={campaign} onAnother={() => setIssued(null)} />
      ) : (
        <IssueForm campaign={campaign} onIssued={setIssued} />
      )}
    </Dialog>
  );
}

function IssueForm({
  campaign,
  onIssued,
}: {
  campaign: CampaignDetail;
  onIssued: (voucher: IssuedVoucher) => void;
}) {
  const t = useTranslations("campaigns.issue");
  const trpc = useTRPC();
  const client = useQueryClient();
  const [customer, setCustomer] = useState("");
  const [source, setSource] = useState("");
  const [paid, setPaid] = useState<bigint | null>(null);
  const issue = useMutation(trpc.vouchers.issue.mutationOptions({ gcTime: 0 }));
  const named = campaign.audience.length > 0 || campaign.perCustomerLimit !== null;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (named && customer.trim() === "") return;
    const voucher = await issue
      .mutateAsync({
        campaignId: campaign.id,
        customerId: customer.trim() || null,
        sourceId: source.trim() || null,
        paid: campaign.type === "gift_card" ? paid : null,
      })
      .catch(() => null); // shown below
    if (!voucher) return;
    onIssued(voucher);
    await client.invalidateQueries(trpc.campaigns.pathFilter());
    await client.invalidateQueries(trpc.vouchers.pathFilter());
  };
  return (
    <form onSubmit={submit} className="space-y-4">
      <Field
        label={t("customer")}
        required={named}
        optional={!named}
        hint={
          campaign.audience.length > 0
            ? t("customerHintAudience")
            : t("customerHint", { limit: campaign.perCustomerLimit ?? "none" })
        }
      >
        <Input
          value={customer}
          maxLength={128}
          autoComplete="off"
          onChange={(event) => setCustomer(event.target.value)}
        />
      </Field>
      <Field label={t("source")} hint={t("sourceHint")} optional>
        <Input
          value={source}
          maxLength={128}
          autoComplete="off"
          onChange={(event) => setSource(event.target.value)}
        />
      </Field>
      {campaign.type === "gift_card" ? <Paid campaign={campaign} value={paid} onChange={setPaid} /> : null}
      <ErrorAlert error={issue.error} />
      <div className="flex justify-end gap-2">
        <Button type="submit" loading={issue.isPending} disabled={named && customer.trim() === ""}>
          {t("submit")}
        </Button>
      </div>
    </form>
  );
}

function Paid({
  campaign,
  value,
  onChange,
}: {
  campaign: CampaignDetail;
  value: bigint | null;
  onChange: (value: bigint | null) => void;
}) {
  const t = useTranslations("campaigns.issue");
  return (
    <Field label={t("paid")} hint={campaign.channelId ? t("paidHint") : t("paidHintNone")} optional>
      <MoneyInput value={value} currency={campaign.currency} onValueChange={onChange} />
    </Field>
  );
}

function Issued({
  voucher,
  campaign,
  onAnother,
}: {
  voucher: IssuedVoucher;
  campaign: CampaignDetail;
  onAnother: () => void;
}) {
  const t = useTranslations("campaigns.issue");
  return (
    <div className="space-y-4">
      <Alert tone={voucher.replayed ? "info" : "success"} title={voucher.reference}>
        {voucher.replayed ? t("replayed") : t("shownOnce")}
      </Alert>
      <CodeAndLink
        code={voucher.code}
        walletPath={voucher.walletPath}
        dynamic={campaign.verification === "dynamic"}
      />
      <div className="flex flex-wrap justify-end gap-2 border-t border-border pt-4">
        <LinkButton href={`/vouchers/${voucher.voucherId}`} variant="outline">
          {t("open")}
        </LinkButton>
        <Button onClick={onAnother}>{t("another")}</Button>
      </div>
    </div>
  );
}

/** Up to a million bearer vouchers, in the background. */
export function BulkIssueDialog({ campaign }: { campaign: CampaignDetail }) {
  const t = useTranslations("campaigns.issue");
  const common = useTranslations("common.actions");
  const trpc = useTRPC();
  const client = useQueryClient();
  const [open, setOpen] = useState(false);
  const [text, setText] = useState("");
  const [paid, setPaid] = useState<bigint | null>(null);
  const start = useMutation(trpc.vouchers.startBulkIssue.mutationOptions());
  const named = campaign.audience.length > 0 || campaign.perCustomerLimit !== null;
  const count = readWhole(text);
  const left = campaign.quota === null ? null : campaign.quota - campaign.issued;
  const most = left === null ? MAX_BULK_ISSUE : Math.min(left, MAX_BULK_ISSUE);
  const fits = count !== null && count <= most;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (count === null || !fits) return;
    const started = await start
      .mutateAsync({
        campaignId: campaign.id,
        count,
        paid: campaign.type === "gift_card" ? paid : null,
      })
      .catch(() => null); // shown below
    if (!started) return;
    setOpen(false);
    toast.success(t("started"));
    await client.invalidateQueries(trpc.jobs.pathFilter());
  };
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => {
        setOpen(next);
        setText("");
        start.reset();
      }}
      trigger={
        <Button variant="outline" icon={<Layers aria-hidden />}>
          {t("bulk")}
        </Button>
      }
      title={t("bulkTitle")}
      description={t("bulkText")}
    >
      {named ? (
        <div className="space-y-4">
          <Alert tone="warning">{t("needsCustomer")}</Alert>
          <div className="flex justify-end">
            <DialogClose>{common("close")}</DialogClose>
          </div>
        </div>
      ) : (
        <form onSubmit={submit} className="space-y-4">
          <Field
            label={t("count")}
            required
            hint={[
              t("countHint", { max: formatCount(most) }),
              left === null ? "" : t("countLeft", { left: formatCount(left) }),
            ]
              .filter(Boolean)
              .join(" · ")}
            error={text !== "" && !fits ? t("countHint", { max: formatCount(most) }) : undefined}
          >
            <Input
              inputMode="numeric"
              autoComplete="off"
              value={text}
              className="figure text-end"
              onChange={(event) => setText(event.target.value)}
            />
          </Field>
          {campaign.type === "gift_card" ? (
            <Paid campaign={campaign} value={paid} onChange={setPaid} />
          ) : null}
          <ErrorAlert error={start.error} />
          <div className="flex justify-end gap-2">
            <Button type="submit" loading={start.isPending} disabled={!fits}>
              {t("start")}
            </Button>
          </div>
        </form>
      )}
    </Dialog>
  );
}
