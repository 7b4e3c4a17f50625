"use client";

import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Pencil } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useQueryStates } from "nuqs";
import { useState } from "react";
import { z } from "zod";
import { formatRate } from "@/components/format/format";
import { useFormat } from "@/components/format/use-format";
import { useCan } from "@/components/layout/viewer";
import { DistributorFigures } from "@/components/overview/distributor-figures";
import { overviewQuery, rangeParsers } from "@/components/overview/range";
import { useTRPC } from "@/components/trpc";
import { Alert } from "@/components/ui/alert";
import { Badge } from "@/components/ui/badge";
import { Button, LinkButton } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { DateRangePicker } from "@/components/ui/date-range-picker";
import { DescriptionList } from "@/components/ui/description-list";
import { Dialog } from "@/components/ui/dialog";
import { ErrorAlert } from "@/components/ui/error-alert";
import { Form, useZodForm } from "@/components/ui/form";
import { PageFrame } from "@/components/ui/page-frame";
import { Skeleton } from "@/components/ui/skeleton";
import { toast } from "@/components/ui/toast";
import { NoRecord } from "@/components/vouchers/no-record";
import type { Distributor } from "@/server/domain/pricing";
import { TermsFields, termsFields } from "./terms-fields";

/** One distributor, for the house: what was agreed with it, and what it sells. */
export function DistributorPage({ id }: { id: string }) {
  const t = useTranslations("distributors");
  const overview = useTranslations("overview");
  const can = useCan();
  const trpc = useTRPC();
  const { timeZone } = useFormat();
  const [editing, setEditing] = useState(false);
  const [values, setValues] = useQueryStates(rangeParsers, { history: "replace", scroll: false });
  const query = { ...overviewQuery(values, timeZone), partyId: id };
  const { data: distributor, error, refetch } = useQuery(trpc.distributors.get.queryOptions({ partyId: id }));
  const figures = useQuery(
    trpc.distributors.overview.queryOptions(query, { placeholderData: keepPreviousData }),
  );
  if (!distributor) return <NoRecord noun="distributors" error={error} onRetry={() => void refetch()} />;
  return (
    <PageFrame
      title={distributor.name}
      badge={
        <Badge tone={distributor.status === "active" ? "success" : "neutral"}>
          {t(`status.${distributor.status}`)}
        </Badge>
      }
      description={<span className="figure">{distributor.number}</span>}
      breadcrumbs={[{ label: t("title"), href: "/distributors" }]}
      actions={
        <>
          <LinkButton variant="outline" href={`/commission?f.partyId=${id}`}>
            {t("links.commission")}
          </LinkButton>
          {can("shop:write") && distributor.tier ? (
            <LinkButton variant="outline" href={`/shop?partyId=${id}`}>
              {t("links.shop")}
            </LinkButton>
          ) : null}
          {can("distributor:write") ? (
            <Button icon={<Pencil aria-hidden />} onClick={() => setEditing(true)}>
              {t(distributor.tier ? "terms.edit" : "terms.set")}
            </Button>
          ) : null}
        </>
      }
    >
      <Terms distributor={distributor} />
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h2 className="text-base font-semibold">{t("figures")}</h2>
        <DateRangePicker
          label={overview("range")}
          required
          value={{ from: query.from, to: query.to }}
          onValueChange={(range) => void setValues(range)}
        />
      </div>
      {figures.error ? (
        <ErrorAlert error={figures.error} onRetry={() => void figures.refetch()} />
      ) : figures.data ? (
        <DistributorFigures data={figures.data} own={false} />
      ) : (
        <Skeleton className="h-80 rounded-lg" />
      )}
      {editing ? <TermsDialog distributor={distributor} onClose={() => setEditing(false)} /> : null}
    </PageFrame>
  );
}

function Terms({ distributor }: { distributor: Distributor }) {
  const t = useTranslations("distributors");
  const { partyId, tier, tierName, upline, commissionRate, shopSlug, shopTitle, shopOpen } = distributor;
  const link = "text-primary underline underline-offset-2";
  return (
    <Card title={t("terms.title")} description={t("terms.description")}>
      {tier === null ? (
        <Alert tone="warning">{t("terms.none")}</Alert>
      ) : (
        <DescriptionList
          columns={4}
          items={[
            { label: t("fields.tier"), value: tierName ?? tier },
            {
              label: t("fields.upline"),
              value: upline ? (
                <Link className={link} href={`/distributors/${upline.partyId}`}>
                  {upline.name}
                </Link>
              ) : (
                t("noUpline")
              ),
            },
            {
              label: t("fields.commissionRate"),
              value: commissionRate === null ? t("byRule") : formatRate(commissionRate),
            },
            {
              label: t("fields.shop"),
              value:
                shopSlug === null
                  ? "–"
                  : `${shopTitle ?? shopSlug} · ${t(shopOpen ? "shopOpen" : "shopShut")}`,
            },
          ]}
        />
      )}
      <p className="mt-3 flex flex-wrap gap-x-4 gap-y-1 text-sm">
        <Link className={link} href={`/parties/${partyId}`}>
          {t("links.party")}
        </Link>
        <Link className={link} href={`/statements?f.partyId=${partyId}`}>
          {t("links.statements")}
        </Link>
      </p>
    </Card>
  );
}

const termsForm = z.object(termsFields);

function TermsDialog({ distributor, onClose }: { distributor: Distributor; onClose: () => void }) {
  const t = useTranslations("distributors.terms");
  const trpc = useTRPC();
  const queries = useQueryClient();
  const set = useMutation(trpc.distributors.set.mutationOptions());
  const settings = useQuery(trpc.tenant.settings.queryOptions());
  const form = useZodForm(termsForm, {
    defaultValues: {
      tier: distributor.tier ?? "",
      uplineId: distributor.upline?.partyId ?? null,
      commissionRate: distributor.commissionRate,
      shopSlug: distributor.shopSlug ?? "",
    },
  });
  return (
    <Dialog open sticky onOpenChange={(open) => (open ? null : onClose())} title={t("title")}>
      <Form
        form={form}
        onSubmit={async (terms) => {
          await set.mutateAsync({
            ...terms,
            partyId: distributor.partyId,
            version: distributor.updatedAt ?? undefined,
          });
          await Promise.all([
            queries.invalidateQueries({ queryKey: trpc.distributors.pathKey() }),
            queries.invalidateQueries({ queryKey: trpc.tiers.pathKey() }),
          ]);
          toast.success(t("saved"));
          onClose();
        }}
        footer={
          <Button type="submit" loading={form.formState.isSubmitting}>
            {t("save")}
          </Button>
        }
      >
        <TermsFields uplineLevels={settings.data?.uplineLevels ?? null} />
      </Form>
    </Dialog>
  );
}
