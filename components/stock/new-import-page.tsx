"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Package, Play } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { parseAsString, useQueryState } from "nuqs";
import { useMemo } from "react";
import { Controller, useWatch } from "react-hook-form";
import { z } from "zod";
import { addDays, dateIn, startOfDayIn } from "@/components/format/format";
import { useFormat } from "@/components/format/use-format";
import { fileSize } from "@/components/imports/file-size";
import { useCan, useViewer } from "@/components/layout/viewer";
import { ProductPicker } from "@/components/products/product-picker";
import { isId } from "@/components/products/table";
import { useTRPC } from "@/components/trpc";
import { Alert } from "@/components/ui/alert";
import { Button, LinkButton } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { DateInput } from "@/components/ui/date-input";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorAlert } from "@/components/ui/error-alert";
import { FileUpload } from "@/components/ui/file-upload";
import { Form, FormField, useZodForm } from "@/components/ui/form";
import { Input } from "@/components/ui/input";
import { MoneyInput } from "@/components/ui/money-input";
import { PageFrame } from "@/components/ui/page-frame";
import { RadioGroup } from "@/components/ui/radio-group";
import { Skeleton } from "@/components/ui/skeleton";
import { toast } from "@/components/ui/toast";
import type { KeyFileInspection } from "@/server/domain/cards";
import { KEY_LINE_CODES, MAX_KEY_FILE_BYTES, startKeyImportInput } from "@/server/domain/cards/schemas";

const shape = z.object({
  productId: startKeyImportInput.shape.productId,
  cost: startKeyImportInput.shape.cost,
  note: startKeyImportInput.shape.note,
  layout: startKeyImportInput.shape.layout,
  /** The last day on which keys are valid. */
  lastDay: z.string().nullable(),
});

/** Which product, at what cost, until when, and the file. Product and file stand in the address: a reload keeps them. */
export function NewKeyImportPage() {
  const t = useTranslations("stock.import");
  const stock = useTranslations("stock");
  const can = useCan();
  const trpc = useTRPC();
  const any = useQuery(trpc.products.options.queryOptions({}));
  return (
    <PageFrame
      title={t("title")}
      description={t("description")}
      breadcrumbs={[{ label: stock("title"), href: "/stock" }]}
      width="narrow"
    >
      <ErrorAlert error={any.error} onRetry={any.refetch} />
      {any.isPending ? <Skeleton className="h-96 w-full rounded-lg" /> : null}
      {any.data?.length === 0 ? (
        <Card>
          <EmptyState
            icon={<Package />}
            title={t("noProducts")}
            description={t("noProductsHint")}
            actions={
              can("product:write") ? (
                <LinkButton href="/products/new">{stock("toProducts")}</LinkButton>
              ) : null
            }
          />
        </Card>
      ) : null}
      {any.data && any.data.length > 0 ? <ImportForm /> : null}
    </PageFrame>
  );
}

function ImportForm() {
  const t = useTranslations("stock.import");
  const trpc = useTRPC();
  const router = useRouter();
  const queries = useQueryClient();
  const { tenant } = useViewer();
  const [givenProduct, setProduct] = useQueryState("product", parseAsString);
  const [fileId, setFileId] = useQueryState("file", parseAsString);
  const start = useMutation(trpc.stock.startImport.mutationOptions());
  const inspection = useQuery({
    ...trpc.stock.inspect.queryOptions({ fileId: fileId ?? "" }),
    enabled: isId(fileId),
    retry: false,
  });
  const today = dateIn(new Date(), tenant.timezone);
  const schema = useMemo(
    () =>
      shape.refine(({ lastDay }) => lastDay === null || lastDay >= today, {
        path: ["lastDay"],
        message: t("expiryPast"),
      }),
    [t, today],
  );
  const form = useZodForm(schema, {
    defaultValues: {
      productId: isId(givenProduct) ? givenProduct : undefined,
      cost: undefined,
      note: "",
      layout: "auto",
      lastDay: null,
    },
  });
  const productId = useWatch({ control: form.control, name: "productId" });
  const product = useQuery({
    ...trpc.products.get.queryOptions({ id: productId ?? "" }),
    enabled: isId(productId),
  });
  const currency = product.data?.currency ?? tenant.currency;
  const ready = inspection.data !== undefined && inspection.data.sample.lines > 0;

  return (
    <Form
      form={form}
      onSubmit={async ({ lastDay, ...input }) => {
        if (!inspection.data) return;
        const { importId } = await start.mutateAsync({
          ...input,
          fileId: inspection.data.file.id,
          // The end of its last day.
          expiresAt: lastDay ? startOfDayIn(addDays(lastDay, 1), tenant.timezone) : null,
        });
        await queries.invalidateQueries(trpc.stock.pathFilter());
        toast.success(t("started"));
        router.push(`/stock/imports/${importId}`);
      }}
      footer={
        <>
          {ready ? null : <span className="text-sm text-muted-foreground">{t("starting")}</span>}
          <Button
            type="submit"
            icon={<Play aria-hidden />}
            disabled={!ready}
            loading={form.formState.isSubmitting}
          >
            {t("start")}
          </Button>
        </>
      }
    >
      <Card title={t("step1")}>
        <div className="space-y-5">
          <FormField name="productId" label={t("product")} hint={t("productHint")} required>
            <Controller
              control={form.control}
              name="productId"
              render={({ field }) => (
                <ProductPicker
                  value={field.value ?? null}
                  onValueChange={(id) => {
                    field.onChange(id ?? undefined);
                    void setProduct(id);
                  }}
                />
              )}
            />
          </FormField>
          <div className="grid gap-4 sm:grid-cols-2">
            <FormField name="cost" label={t("cost")} hint={t("costHint")} required>
              {/* The field reads amounts by the currency: another one begins it anew. */}
              <Controller
                key={currency}
                control={form.control}
                name="cost"
                render={({ field }) => (
                  <MoneyInput
                    value={field.value ?? null}
                    currency={currency}
                    onBlur={field.onBlur}
                    onValueChange={(value) => field.onChange(value ?? undefined)}
                  />
                )}
              />
            </FormField>
            <FormField name="lastDay" label={t("expiry")} hint={t("expiryHint")} optional>
              <Controller
                control={form.control}
                name="lastDay"
                render={({ field }) => (
                  <DateInput
                    value={field.value}
                    min={today}
                    onBlur={field.onBlur}
                    onValueChange={field.onChange}
                  />
                )}
              />
            </FormField>
          </div>
          <FormField name="note" label={t("note")} hint={t("noteHint")} optional>
            <Input maxLength={500} autoComplete="off" {...form.register("note")} />
          </FormField>
        </div>
      </Card>
      <Card
        title={t("step2")}
        actions={
          fileId ? (
            <Button variant="outline" size="sm" onClick={() => void setFileId(null)}>
              {t("upload.another")}
            </Button>
          ) : null
        }
      >
        {isId(fileId) ? (
          <div className="space-y-4">
            <ErrorAlert error={inspection.error} />
            {inspection.isPending ? <Skeleton className="h-16" /> : null}
            {inspection.data ? <Inspection inspection={inspection.data} /> : null}
            {inspection.data ? (
              <FormField name="layout" label={t("layout")} group>
                <Controller
                  control={form.control}
                  name="layout"
                  render={({ field }) => (
                    <RadioGroup
                      value={field.value ?? "auto"}
                      onValueChange={field.onChange}
                      options={(["auto", "pair", "line"] as const).map((value) => ({
                        value,
                        label: t(`layoutChoices.${value}`),
                      }))}
                    />
                  )}
                />
              </FormField>
            ) : null}
          </div>
        ) : (
          <Upload onStored={(id) => void setFileId(id)} />
        )}
      </Card>
    </Form>
  );
}

function Upload({ onStored }: { onStored: (fileId: string) => void }) {
  const t = useTranslations("stock.import");
  return (
    <div className="space-y-4">
      <FileUpload
        label={t("upload.label")}
        choose={t("upload.choose")}
        hint={t("upload.hint", { max: fileSize(MAX_KEY_FILE_BYTES) })}
        drop={t("upload.drop")}
        uploading={(name) => t("upload.uploading", { name })}
        accept=".csv,.txt,text/csv,text/plain"
        address={(file) => `/api/stock/files?name=${encodeURIComponent(file.name)}`}
        contentType="text/csv"
        isAnswer={isStored}
        onStored={({ id }) => onStored(id)}
      />
      <div className="space-y-1.5 text-sm">
        <h3 className="font-medium">{t("format")}</h3>
        <p className="text-muted-foreground">{t("formatText")}</p>
        <pre className="overflow-x-auto rounded-lg bg-muted px-3 py-2 font-mono text-xs">
          {t("formatExample")}
        </pre>
        <p className="text-xs text-muted-foreground">{t("upload.secret")}</p>
      </div>
    </div>
  );
}

/** What the first lines look like, without showing any. */
function Inspection({ inspection }: { inspection: KeyFileInspection }) {
  const t = useTranslations("stock");
  const { count } = useFormat();
  const { file, layout, hasHeader, hasExpiry, sample } = inspection;
  const reasons = KEY_LINE_CODES.filter((code) => (sample.rejected[code] ?? 0) > 0);
  return (
    <div className="space-y-3 text-sm">
      <p>
        <span className="font-medium break-all">{file.name}</span>{" "}
        <span className="text-muted-foreground">
          {[
            fileSize(file.size),
            t(`encodings.${file.encoding}`),
            t(`layouts.${layout}`),
            t(hasHeader ? "import.withHeader" : "import.withoutHeader"),
            t(hasExpiry ? "import.withExpiry" : "import.withoutExpiry"),
          ].join(" · ")}
        </span>
      </p>
      {reasons.length === 0 ? (
        <Alert tone={sample.lines > 0 ? "success" : "warning"} live={false}>
          {t(sample.lines > 0 ? "import.sampleGood" : "import.sampleEmpty", { lines: count(sample.lines) })}
        </Alert>
      ) : (
        <Alert
          tone="warning"
          live={false}
          title={t("import.sampleBad", {
            lines: count(sample.lines),
            bad: count(sample.lines - sample.good),
          })}
        >
          {reasons.map((code) => `${t(`codes.${code}`)} ${count(sample.rejected[code] ?? 0)}`).join(" · ")}
          <p className="mt-1">{t("import.sampleHint")}</p>
        </Alert>
      )}
    </div>
  );
}

function isStored(answer: unknown): answer is { id: string } {
  return typeof answer === "object" && answer !== null && "id" in answer && typeof answer.id === "string";
}
