"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Controller, useWatch } from "react-hook-form";
import { readCount } from "@/components/format/read";
import { useViewer } from "@/components/layout/viewer";
import { PartyPicker } from "@/components/parties/party-picker";
import { useTRPC } from "@/components/trpc";
import { Alert } from "@/components/ui/alert";
import { Button, LinkButton } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { useErrorMessage } from "@/components/ui/error-message";
import { Field } from "@/components/ui/field";
import { Form, FormField, useZodForm } from "@/components/ui/form";
import { Input, Textarea } from "@/components/ui/input";
import { MoneyInput } from "@/components/ui/money-input";
import { PageFrame } from "@/components/ui/page-frame";
import { RadioGroup } from "@/components/ui/radio-group";
import { toast } from "@/components/ui/toast";
import { NoRecord } from "@/components/vouchers/no-record";
import { isCurrency } from "@/server/core/money";
import type { ProductDetail } from "@/server/domain/cards";
import { createProductInput } from "@/server/domain/cards/schemas";
import { type PictureChange, PictureField } from "./picture-field";
import { sendPicture } from "./send-picture";

export function ProductEditor({ id }: { id: string }) {
  const trpc = useTRPC();
  const { data, error, refetch } = useQuery(trpc.products.get.queryOptions({ id }));
  if (!data) return <NoRecord noun="products" error={error} onRetry={() => void refetch()} />;
  return <ProductForm product={data} />;
}

/** A new product, or with `product` its change. What its keys rely on is fixed once there are any. */
export function ProductForm({ product }: { product?: ProductDetail }) {
  const t = useTranslations("products");
  const f = useTranslations("products.form");
  const common = useTranslations("common.actions");
  const router = useRouter();
  const trpc = useTRPC();
  const queries = useQueryClient();
  const explain = useErrorMessage();
  const { tenant } = useViewer();
  const [picture, setPicture] = useState<PictureChange>({ kind: "keep" });
  const create = useMutation(trpc.products.create.mutationOptions());
  const update = useMutation(trpc.products.update.mutationOptions());
  const locked = product?.locked ?? false;
  const form = useZodForm(createProductInput, {
    defaultValues: {
      supplierId: product?.supplierId ?? undefined,
      name: product?.name ?? "",
      description: product?.description ?? "",
      face: product?.face,
      currency: product?.currency ?? tenant.currency,
      looped: product?.looped ?? false,
      lowStockAt: product?.lowStockAt ?? 10,
      maxPerOrder: product?.maxPerOrder ?? 100,
    },
  });
  const typed = useWatch({ control: form.control, name: "currency" });
  const currency = typed && isCurrency(typed) ? typed : tenant.currency;

  return (
    <PageFrame
      title={product ? `${t("edit")}: ${product.name}` : t("new")}
      width="narrow"
      breadcrumbs={[
        { label: t("title"), href: "/products" },
        ...(product ? [{ label: product.number, href: `/products/${product.id}` }] : []),
      ]}
    >
      <Form
        form={form}
        onSubmit={async (input) => {
          let id = product?.id;
          let number = product?.number ?? "";
          if (product) {
            const { supplierId, face, currency, looped, ...free } = input;
            const fixed = { supplierId, face, currency, looped };
            await update.mutateAsync({ id: product.id, ...free, ...(locked ? {} : fixed) });
          } else {
            ({ id, number } = await create.mutateAsync(input));
          }
          if (!id) return;
          try {
            await sendPicture(id, picture);
          } catch (error) {
            // The product stands; its picture can be chosen again where it is edited.
            toast.warning(f("pictureFailed"), { description: explain(error).message });
          }
          toast.success(product ? f("saved") : f("created", { number }));
          await Promise.all([
            queries.invalidateQueries(trpc.products.pathFilter()),
            queries.invalidateQueries(trpc.stock.pathFilter()),
          ]);
          router.push(`/products/${id}`);
        }}
        footer={
          <>
            <LinkButton variant="outline" href={product ? `/products/${product.id}` : "/products"}>
              {common("cancel")}
            </LinkButton>
            <Button type="submit" loading={form.formState.isSubmitting}>
              {product ? f("save") : f("create")}
            </Button>
          </>
        }
      >
        {locked ? <Alert title={f("lockedTitle")}>{f("lockedText")}</Alert> : null}
        <Card title={f("basics")}>
          <div className="space-y-5">
            <FormField name="name" label={f("name")} hint={f("nameHint")} required>
              <Input maxLength={120} autoComplete="off" {...form.register("name")} />
            </FormField>
            <FormField name="description" label={f("description")} hint={f("descriptionHint")} optional>
              <Textarea rows={4} maxLength={4_000} {...form.register("description")} />
            </FormField>
            <Field group label={t("picture.label")}>
              <PictureField current={product?.imagePath ?? null} value={picture} onChange={setPicture} />
            </Field>
          </div>
        </Card>
        <Card title={f("keys")}>
          <fieldset disabled={locked} className="min-w-0 space-y-5">
            <FormField name="supplierId" label={f("supplier")} hint={f("supplierHint")} required>
              {locked ? (
                <Input value={product?.supplierName ?? ""} readOnly />
              ) : (
                <Controller
                  control={form.control}
                  name="supplierId"
                  render={({ field }) => (
                    <PartyPicker
                      kinds={["supplier"]}
                      value={field.value ?? null}
                      onValueChange={(id) => field.onChange(id ?? undefined)}
                    />
                  )}
                />
              )}
            </FormField>
            <div className="grid gap-4 sm:grid-cols-[minmax(0,1fr)_8rem]">
              <FormField name="face" label={f("face")} hint={f("faceHint")} required>
                {/* The field reads amounts by the currency: another one begins it anew. */}
                <Controller
                  key={currency}
                  control={form.control}
                  name="face"
                  render={({ field }) => (
                    <MoneyInput
                      value={field.value ?? null}
                      currency={currency}
                      disabled={locked}
                      onBlur={field.onBlur}
                      onValueChange={(value) => field.onChange(value ?? undefined)}
                    />
                  )}
                />
              </FormField>
              <FormField name="currency" label={f("currency")} required>
                <Input
                  maxLength={5}
                  autoComplete="off"
                  spellCheck={false}
                  {...form.register("currency", {
                    setValueAs: (text: string) => text.normalize("NFKC").trim().toUpperCase(),
                  })}
                />
              </FormField>
            </div>
            <FormField name="looped" label={f("kind")} group required>
              <Controller
                control={form.control}
                name="looped"
                render={({ field }) => (
                  <RadioGroup
                    look="cards"
                    value={field.value ? "looped" : "once"}
                    onValueChange={(kind) => field.onChange(kind === "looped")}
                    options={(["once", "looped"] as const).map((kind) => ({
                      value: kind,
                      label: t(`kinds.${kind}`),
                      hint: f(`${kind}Hint`),
                    }))}
                  />
                )}
              />
            </FormField>
          </fieldset>
        </Card>
        <Card title={f("selling")}>
          <div className="grid gap-4 sm:grid-cols-2">
            <FormField name="lowStockAt" label={f("lowStockAt")} hint={f("lowStockHint")} required>
              <Input
                inputMode="numeric"
                autoComplete="off"
                className="figure text-end"
                {...form.register("lowStockAt", { setValueAs: countOf })}
              />
            </FormField>
            <FormField name="maxPerOrder" label={f("maxPerOrder")} hint={f("maxPerOrderHint")} required>
              <Input
                inputMode="numeric"
                autoComplete="off"
                className="figure text-end"
                {...form.register("maxPerOrder", { setValueAs: countOf })}
              />
            </FormField>
          </div>
        </Card>
      </Form>
    </PageFrame>
  );
}

/** Nothing is missing; what is no whole number is not understood. */
function countOf(text: unknown): unknown {
  if (typeof text !== "string") return text;
  return text.trim() === "" ? null : (readCount(text) ?? Number.NaN);
}
