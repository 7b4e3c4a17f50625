"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { Controller } from "react-hook-form";
import { z } from "zod";
import { useTRPC } from "@/components/trpc";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Switch } from "@/components/ui/checkbox";
import { Form, FormField, useZodForm } from "@/components/ui/form";
import { Input } from "@/components/ui/input";
import { toast } from "@/components/ui/toast";
import type { Shop } from "@/server/domain/pricing";
import { shopSlug } from "@/server/domain/pricing/schemas";

const empty = z.literal("").transform(() => null);
/** An open shop needs both; a closed one neither. */
const settingsForm = z.discriminatedUnion("open", [
  z.object({ open: z.literal(true), slug: shopSlug, title: z.string().trim().min(1).max(60) }),
  z.object({
    open: z.literal(false),
    slug: z.union([empty, shopSlug]),
    title: z.union([empty, z.string().trim().max(60)]),
  }),
]);

export function SettingsCard({ shop, partyId }: { shop: Shop; partyId: string | undefined }) {
  const t = useTranslations("shop");
  const trpc = useTRPC();
  const queries = useQueryClient();
  const update = useMutation(trpc.shop.update.mutationOptions());
  const form = useZodForm(settingsForm, {
    defaultValues: { slug: shop.slug ?? "", title: shop.title ?? "", open: shop.open },
  });
  return (
    <Card title={t("settings")}>
      <Form
        form={form}
        onSubmit={async (settings) => {
          await update.mutateAsync({ ...settings, partyId, version: shop.updatedAt });
          await Promise.all([
            queries.invalidateQueries({ queryKey: trpc.shop.get.queryKey() }),
            queries.invalidateQueries({ queryKey: trpc.distributors.pathKey() }),
          ]);
          toast.success(t("saved"));
        }}
        footer={
          <Button type="submit" loading={form.formState.isSubmitting}>
            {t("save")}
          </Button>
        }
      >
        <FormField name="slug" label={t("fields.slug")} hint={t("fields.slugHint")}>
          <Input autoComplete="off" spellCheck={false} className="figure" {...form.register("slug")} />
        </FormField>
        <FormField name="title" label={t("fields.title")} hint={t("fields.titleHint")}>
          <Input {...form.register("title")} />
        </FormField>
        <Controller
          control={form.control}
          name="open"
          render={({ field }) => (
            <Switch
              label={t("fields.open")}
              hint={t("fields.openHint")}
              checked={field.value}
              onCheckedChange={field.onChange}
            />
          )}
        />
      </Form>
    </Card>
  );
}
