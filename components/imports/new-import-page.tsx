"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { FlaskConical, Play, Save, Trash2 } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { parseAsString, useQueryState } from "nuqs";
import { useState } from "react";
import { useWatch } from "react-hook-form";
import { useViewer } from "@/components/layout/viewer";
import { useTRPC } from "@/components/trpc";
import { Alert } from "@/components/ui/alert";
import { Button, IconButton } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { ErrorAlert } from "@/components/ui/error-alert";
import { Field } from "@/components/ui/field";
import { Form, useZodForm } from "@/components/ui/form";
import { Input } from "@/components/ui/input";
import { PageFrame } from "@/components/ui/page-frame";
import { Select } from "@/components/ui/select";
import { Skeleton } from "@/components/ui/skeleton";
import { toast } from "@/components/ui/toast";
import type { FileInspection } from "@/server/domain/imports";
import { type Delimiter, type SalesMapping, salesMapping } from "@/server/domain/imports/schemas";
import { DryRunResult } from "./dry-run-result";
import { fileSize } from "./file-size";
import { guessMapping } from "./guess-mapping";
import { MappingFields, type MappingForm } from "./mapping-fields";
import { UploadPanel } from "./upload-panel";

/** Upload, say what the columns mean, try, start. The file stands in the address: a reload goes on with it. */
export function NewImportPage() {
  const t = useTranslations("imports");
  const [fileId, setFileId] = useQueryState("file", parseAsString);
  const [delimiter, setDelimiter] = useState<Delimiter>();
  const trpc = useTRPC();
  const inspection = useQuery({
    ...trpc.imports.inspect.queryOptions({ fileId: fileId ?? "", delimiter }),
    enabled: fileId !== null,
    placeholderData: (previous) => (previous?.file.id === fileId ? previous : undefined),
    retry: false,
  });
  const forget = () => {
    setDelimiter(undefined);
    void setFileId(null);
  };
  const another = (
    <Button variant="outline" size="sm" onClick={forget}>
      {t("upload.another")}
    </Button>
  );
  return (
    <PageFrame
      title={t("new")}
      description={t("description")}
      breadcrumbs={[{ label: t("title"), href: "/imports" }]}
    >
      <Card title={t("upload.step")} actions={fileId ? another : null}>
        {fileId === null ? (
          <UploadPanel onStored={(id) => void setFileId(id)} />
        ) : inspection.data ? (
          <p className="text-sm">
            {t("upload.chosen", {
              name: inspection.data.file.name,
              size: fileSize(inspection.data.file.size),
            })}
          </p>
        ) : inspection.error ? (
          <ErrorAlert error={inspection.error} />
        ) : (
          <Skeleton className="h-5 w-60" />
        )}
      </Card>
      {fileId && inspection.data ? (
        <MappingSteps key={fileId} inspection={inspection.data} onDelimiter={setDelimiter} />
      ) : null}
    </PageFrame>
  );
}

function MappingSteps({
  inspection,
  onDelimiter,
}: {
  inspection: FileInspection;
  onDelimiter: (delimiter: Delimiter) => void;
}) {
  const t = useTranslations("imports");
  const trpc = useTRPC();
  const { tenant } = useViewer();
  const form: MappingForm = useZodForm(salesMapping, {
    defaultValues: guessMapping(inspection.header, inspection.delimiter, tenant),
  });
  const dryRun = useMutation(trpc.imports.dryRun.mutationOptions());
  /** What was tried; the start is offered for this and nothing else. */
  const [tried, setTried] = useState<{ asked: string; mapping: SalesMapping } | null>(null);
  const asked = JSON.stringify(useWatch({ control: form.control }));
  const current = tried !== null && tried.asked === asked;

  const tryOut = async (mapping: SalesMapping) => {
    setTried(null);
    await dryRun.mutateAsync({ fileId: inspection.file.id, mapping });
    setTried({ asked: JSON.stringify(form.getValues()), mapping });
  };
  return (
    <>
      <Card title={t("mapping.step")}>
        <div className="space-y-6">
          <Preview inspection={inspection} />
          <SavedMappings
            form={form}
            onChosen={(definition) => {
              form.reset(definition);
              onDelimiter(definition.delimiter);
            }}
          />
          <Form
            form={form}
            onSubmit={tryOut}
            footer={
              <Button type="submit" icon={<FlaskConical />} loading={dryRun.isPending}>
                {tried ? t("dryRun.rerun") : t("dryRun.run")}
              </Button>
            }
          >
            <MappingFields form={form} header={inspection.header} onDelimiter={onDelimiter} />
          </Form>
        </div>
      </Card>
      {dryRun.data && tried ? (
        <Card
          title={t("dryRun.step")}
          description={t("dryRun.hint")}
          footer={
            <div className="flex flex-wrap items-center justify-end gap-3">
              {current ? null : <Alert tone="warning">{t("dryRun.stale")}</Alert>}
              <StartButton
                disabled={!current}
                fileId={inspection.file.id}
                name={inspection.file.name}
                mapping={tried.mapping}
              />
            </div>
          }
        >
          <DryRunResult run={dryRun.data} />
        </Card>
      ) : null}
    </>
  );
}

function StartButton({
  fileId,
  name,
  mapping,
  disabled,
}: {
  fileId: string;
  name: string;
  mapping: SalesMapping;
  disabled: boolean;
}) {
  const t = useTranslations("imports.start");
  const trpc = useTRPC();
  const router = useRouter();
  const queries = useQueryClient();
  const start = useMutation(trpc.imports.start.mutationOptions());
  return (
    <ConfirmDialog
      trigger={
        <Button icon={<Play />} disabled={disabled}>
          {t("action")}
        </Button>
      }
      title={t("title", { name })}
      description={t("body")}
      confirmLabel={t("action")}
      onConfirm={async () => {
        const { importId } = await start.mutateAsync({ fileId, mapping });
        await queries.invalidateQueries(trpc.imports.list.pathFilter());
        toast.success(t("started"));
        router.push(`/imports/${importId}`);
      }}
    />
  );
}

function Preview({ inspection }: { inspection: FileInspection }) {
  const t = useTranslations("imports.mapping");
  const { header, rows } = inspection;
  return (
    <section
      aria-label={t("preview")}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table is scrolled by the keyboard, too
      tabIndex={0}
      className="max-h-72 overflow-auto rounded-lg border border-border"
    >
      <table className="w-full text-xs">
        <caption className="sr-only">{t("preview")}</caption>
        <thead className="sticky top-0 bg-muted text-left">
          <tr>
            <th scope="col" className="px-2 py-1.5 font-medium whitespace-nowrap">
              {t("lineNumber")}
            </th>
            {placed(header).map(({ id, text }) => (
              <th key={id} scope="col" className="px-2 py-1.5 font-medium whitespace-nowrap">
                {text}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.line} className="border-t border-border">
              <td className="figure px-2 py-1 text-muted-foreground">{row.line}</td>
              {placed(row.fields).map(({ id, text }) => (
                <td key={id} className="figure max-w-60 truncate px-2 py-1">
                  {text}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** Cells are told apart by their place: names may repeat. */
function placed(texts: readonly string[]): { id: string; text: string }[] {
  return texts.map((text, i) => ({ id: `${i}`, text }));
}

/** Choose a kept mapping, keep this one, or do away with one. */
function SavedMappings({
  form,
  onChosen,
}: {
  form: MappingForm;
  onChosen: (definition: SalesMapping) => void;
}) {
  const t = useTranslations("imports.mapping");
  const trpc = useTRPC();
  const queries = useQueryClient();
  const mappings = useQuery(trpc.imports.mappings.queryOptions());
  const save = useMutation(trpc.imports.saveMapping.mutationOptions());
  const remove = useMutation(trpc.imports.deleteMapping.mutationOptions());
  const [chosenId, setChosenId] = useState("");
  const [name, setName] = useState("");
  const chosen = mappings.data?.find((one) => one.id === chosenId);
  const refresh = () => queries.invalidateQueries(trpc.imports.mappings.pathFilter());
  const keep = form.handleSubmit(async (definition) => {
    const id = await save.mutateAsync({ name, definition });
    await refresh();
    setChosenId(id);
    toast.success(t("savedAs", { name: name.trim() }));
  });
  return (
    <div className="space-y-2">
      <div className="flex flex-wrap items-end gap-3">
        {mappings.data && mappings.data.length > 0 ? (
          <div className="flex min-w-56 flex-1 items-end gap-1">
            <Field label={t("saved")} className="flex-1">
              <Select
                options={mappings.data.map((one) => ({ value: one.id, label: one.name }))}
                placeholder={t("choose")}
                value={chosenId}
                onValueChange={(id) => {
                  setChosenId(id);
                  const found = mappings.data.find((one) => one.id === id);
                  if (!found) return;
                  setName(found.name);
                  onChosen(found.definition);
                }}
              />
            </Field>
            {chosen ? (
              <ConfirmDialog
                trigger={
                  <IconButton label={t("delete")}>
                    <Trash2 />
                  </IconButton>
                }
                title={t("deleteTitle", { name: chosen.name })}
                description={t("deleteBody")}
                confirmLabel={t("delete")}
                danger
                onConfirm={async () => {
                  await remove.mutateAsync({ id: chosen.id });
                  setChosenId("");
                  await refresh();
                }}
              />
            ) : null}
          </div>
        ) : null}
        <div className="flex min-w-56 flex-1 items-end gap-2">
          <Field label={t("name")} className="flex-1">
            <Input value={name} maxLength={80} onChange={(event) => setName(event.target.value)} />
          </Field>
          <Button
            variant="outline"
            icon={<Save />}
            disabled={name.trim() === ""}
            loading={save.isPending}
            onClick={() => void keep()}
          >
            {t("save")}
          </Button>
        </div>
      </div>
      <ErrorAlert error={save.error} />
    </div>
  );
}
