"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useTRPC } from "@/components/trpc";
import type { RuleView } from "./types";

/** What a rule applies to, in words. */
export function RuleScopeText({ rule }: { rule: RuleView }) {
  const t = useTranslations("rules.scope");
  const trpc = useTRPC();
  const ids = [rule.merchantId, rule.channelId].filter((id): id is string => id !== null);
  const { data: parties = [] } = useQuery({
    ...trpc.parties.options.queryOptions({ ids }),
    enabled: ids.length > 0,
  });
  const { data: campaigns } = useQuery({
    ...trpc.campaigns.options.queryOptions({ ids: rule.campaignId ? [rule.campaignId] : [] }),
    enabled: rule.campaignId !== null,
  });
  const { data: products } = useQuery({
    ...trpc.products.options.queryOptions({ ids: rule.productId ? [rule.productId] : [] }),
    enabled: rule.productId !== null,
  });
  const nameOf = (id: string) => parties.find((p) => p.id === id)?.name ?? "…";
  const parts = [
    rule.campaignId && `${t("campaign")} ${campaigns?.[0]?.name ?? "…"}`,
    rule.merchantId && `${t("merchant")} ${nameOf(rule.merchantId)}`,
    rule.channelId && `${t("channel")} ${nameOf(rule.channelId)}`,
    rule.productId && `${t("product")} ${products?.[0]?.name ?? "…"}`,
    rule.tier && t("tier", { tier: rule.tier }),
  ].filter(Boolean);
  if (parts.length > 0) return <>{parts.join(" · ")}</>;
  const any = { redemption: "any", stored_value: "anyStoredValue", card_sale: "anyCardSale" } as const;
  return <>{t(any[rule.tradeKind])}</>;
}
