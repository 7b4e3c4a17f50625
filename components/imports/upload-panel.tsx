"use client";

import { useTranslations } from "next-intl";
import { FileUpload } from "@/components/ui/file-upload";

/** Sends a file of past sales. Gives the id of what was stored. */
export function UploadPanel({ onStored }: { onStored: (fileId: string) => void }) {
  const t = useTranslations("imports.upload");
  return (
    <FileUpload
      label={t("step")}
      choose={t("choose")}
      hint={t("hint")}
      drop={t("drop")}
      uploading={(name) => t("uploading", { name })}
      accept=".csv,.txt,text/csv,text/plain"
      address={(file) => `/api/imports/files?name=${encodeURIComponent(file.name)}`}
      contentType="text/csv"
      isAnswer={isStored}
      onStored={({ id }) => onStored(id)}
    />
  );
}

function isStored(answer: unknown): answer is { id: string } {
  return typeof answer === "object" && answer !== null && "id" in answer && typeof answer.id === "string";
}
