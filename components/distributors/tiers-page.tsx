"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Pencil, Plus, Trash2 } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Controller } from "react-hook-form";
import { z } from "zod";
import { formatCount } from "@/components/format/format";
import { useCan, useViewer } from "@/components/layout/viewer";
import { useTRPC } from "@/components/trpc";
import { Button, IconButton } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { Dialog } from "@/components/ui/dialog";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorAlert } from "@/components/ui/error-alert";
import { Form, FormField, useZodForm } from "@/components/ui/form";
import { Input } from "@/components/ui/input";
import { Money } from "@/components/ui/money";
import { MoneyInput } from "@/components/ui/money-input";
import { PageFrame } from "@/components/ui/page-frame";
import { Skeleton } from "@/components/ui/skeleton";
import { toast } from "@/components/ui/toast";
import type { Tier } from "@/server/domain/pricing";
import { createTierInput } from "@/server/domain/pricing/schemas";
import { DistributorTabs } from "./tabs";

export function TiersPage() {
  const t = useTranslations("distributors.tiers");
  const can = useCan();
  const trpc = useTRPC();
  const [edited, setEdited] = useState<Tier | "new" | null>(null);
  const { data: tiers, error, refetch } = useQuery(trpc.tiers.list.queryOptions());
  const create = can("distributor:write") ? (
    <Button icon={<Plus aria-hidden />} onClick={() => setEdited("new")}>
      {t("new")}
    </Button>
  ) : null;
  return (
    <PageFrame title={t("title")} description={t("description")} actions={create}>
      <DistributorTabs />
      {error ? <ErrorAlert error={error} onRetry={() => void refetch()} /> : null}
      {tiers === undefined ? (
        error ? null : (
          <Skeleton className="h-48 rounded-lg" />
        )
      ) : tiers.length === 0 ? (
        <EmptyState title={t("empty.title")} description={t("empty.description")} actions={create} />
      ) : (
        <TierTable tiers={tiers} onEdit={setEdited} />
      )}
      {edited ? (
        <TierDialog
          tier={edited === "new" ? null : edited}
          count={tiers?.length ?? 0}
          onClose={() => setEdited(null)}
        />
      ) : null}
    </PageFrame>
  );
}

function TierTable({ tiers, onEdit }: { tiers: readonly Tier[]; onEdit: (tier: Tier) => void }) {
  const t = useTranslations("distributors.tiers");
  const can = useCan();
  const trpc = useTRPC();
  const queries = useQueryClient();
  const remove = useMutation(trpc.tiers.remove.mutationOptions());
  const cell = "px-4 py-2";
  return (
    <Card flush>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reached by keyboard */}
      <section className="overflow-x-auto" tabIndex={0} aria-label={t("title")}>
        <table className="w-full text-sm">
          <caption className="sr-only">{t("title")}</caption>
          <thead className="text-xs text-muted-foreground">
            <tr className="border-b border-border">
              <th scope="col" className={`${cell} text-end font-medium`}>
                {t("rank")}
              </th>
              <th scope="col" className={`${cell} text-start font-medium`}>
                {t("name")}
              </th>
              <th scope="col" className={`${cell} text-end font-medium`}>
                {t("minVolume")}
              </th>
              <th scope="col" className={`${cell} text-end font-medium`}>
                {t("distributors")}
              </th>
              {can("distributor:write") ? (
                <th scope="col" className={cell}>
                  <span className="sr-only">{t("actions")}</span>
                </th>
              ) : null}
            </tr>
          </thead>
          <tbody>
            {tiers.map((tier) => (
              <tr key={tier.code} className="border-b border-border last:border-0">
                <td className={`${cell} figure text-end`}>{tier.rank}</td>
                <th scope="row" className={`${cell} text-start font-normal`}>
                  <span className="font-medium">{tier.name}</span>
                  <span className="figure block text-xs text-muted-foreground">{tier.code}</span>
                </th>
                <td className={`${cell} text-end`}>
                  <Money amount={tier.minVolume} currency={tier.currency} />
                </td>
                <td className={`${cell} figure text-end`}>{formatCount(tier.distributors ?? 0)}</td>
                {can("distributor:write") ? (
                  <td className={`${cell} text-end whitespace-nowrap`}>
                    <IconButton label={`${t("edit")} ${tier.name}`} onClick={() => onEdit(tier)}>
                      <Pencil aria-hidden />
                    </IconButton>
                    <ConfirmDialog
                      danger
                      title={t("removeTitle", { name: tier.name })}
                      description={t("removeDescription")}
                      confirmLabel={t("remove")}
                      trigger={
                        <IconButton label={`${t("remove")} ${tier.name}`}>
                          <Trash2 aria-hidden />
                        </IconButton>
                      }
                      onConfirm={async () => {
                        await remove.mutateAsync({ code: tier.code });
                        await queries.invalidateQueries({ queryKey: trpc.tiers.pathKey() });
                        await queries.invalidateQueries({ queryKey: trpc.prices.pathKey() });
                        toast.success(t("removed"));
                      }}
                    />
                  </td>
                ) : null}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </Card>
  );
}

const rankText = z
  .string()
  .regex(/^\d{1,2}$/)
  .refine((text) => text !== "0" && text !== "00");
const tierForm = z.object({
  code: createTierInput.shape.code,
  name: createTierInput.shape.name,
  rank: rankText,
  minVolume: z.bigint().min(0n),
});

function TierDialog({ tier, count, onClose }: { tier: Tier | null; count: number; onClose: () => void }) {
  const t = useTranslations("distributors.tiers");
  const { tenant } = useViewer();
  const trpc = useTRPC();
  const queries = useQueryClient();
  const create = useMutation(trpc.tiers.create.mutationOptions());
  const update = useMutation(trpc.tiers.update.mutationOptions());
  const currency = tier?.currency ?? tenant.currency;
  const form = useZodForm(tierForm, {
    defaultValues: {
      code: tier?.code ?? "",
      name: tier?.name ?? "",
      rank: `${tier?.rank ?? count + 1}`,
      minVolume: tier?.minVolume ?? 0n,
    },
  });
  return (
    <Dialog open sticky onOpenChange={(open) => (open ? null : onClose())} title={t(tier ? "edit" : "new")}>
      <Form
        form={form}
        onSubmit={async (values) => {
          const input = { ...values, rank: Number(values.rank) };
          if (tier) await update.mutateAsync(input);
          else await create.mutateAsync(input);
          await Promise.all([
            queries.invalidateQueries({ queryKey: trpc.tiers.pathKey() }),
            queries.invalidateQueries({ queryKey: trpc.distributors.pathKey() }),
          ]);
          toast.success(t(tier ? "saved" : "created"));
          onClose();
        }}
        footer={
          <Button type="submit" loading={form.formState.isSubmitting}>
            {t("save")}
          </Button>
        }
      >
        <FormField name="name" label={t("name")} required>
          <Input {...form.register("name")} />
        </FormField>
        <FormField name="code" label={t("code")} hint={t("codeHint")} required>
          <Input
            disabled={tier !== null}
            autoComplete="off"
            spellCheck={false}
            className="figure"
            {...form.register("code")}
          />
        </FormField>
        <FormField name="rank" label={t("rank")} hint={t("rankHint")} required>
          <Input inputMode="numeric" className="figure max-w-24" {...form.register("rank")} />
        </FormField>
        <FormField name="minVolume" label={t("minVolume")} hint={t("minVolumeHint")}>
          <Controller
            control={form.control}
            name="minVolume"
            render={({ field }) => (
              <MoneyInput
                value={field.value}
                currency={currency}
                onValueChange={field.onChange}
                onBlur={field.onBlur}
              />
            )}
          />
        </FormField>
      </Form>
    </Dialog>
  );
}
