"use client";

import { FileUp } from "lucide-react";
import { useTranslations } from "next-intl";
import { type DragEvent, useId, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { ErrorAlert } from "@/components/ui/error-alert";
import { Progress } from "@/components/ui/progress";

/** Sends a file as it is read, and tells how far it is. Gives the id of what was stored. */
export function UploadPanel({ onStored }: { onStored: (fileId: string) => void }) {
  const t = useTranslations("imports.upload");
  const input = useRef<HTMLInputElement>(null);
  const hintId = useId();
  const [sending, setSending] = useState<{ name: string; sent: number; size: number } | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [over, setOver] = useState(false);

  const send = async (file: File | undefined) => {
    if (!file || sending) return;
    setError(null);
    setSending({ name: file.name, sent: 0, size: file.size });
    try {
      onStored(await upload(file, (sent) => setSending({ name: file.name, sent, size: file.size })));
    } catch (failure) {
      setError(failure);
    } finally {
      setSending(null);
      if (input.current) input.current.value = "";
    }
  };
  const drag = (inside: boolean) => (event: DragEvent) => {
    event.preventDefault();
    setOver(inside);
  };

  return (
    <div className="space-y-3">
      <ErrorAlert error={error} />
      <fieldset
        aria-label={t("step")}
        onDragOver={drag(true)}
        onDragLeave={drag(false)}
        onDrop={(event) => {
          drag(false)(event);
          void send(event.dataTransfer.files[0]);
        }}
        className={cn(
          "flex flex-col items-center gap-3 rounded-lg border border-dashed border-input px-4 py-8 text-center",
          over && "border-primary bg-primary-soft",
        )}
      >
        {sending ? (
          <Progress
            className="w-full max-w-md"
            label={t("uploading", { name: sending.name })}
            value={sending.sent}
            max={sending.size}
          />
        ) : (
          <>
            <input
              ref={input}
              type="file"
              accept=".csv,.txt,text/csv,text/plain"
              className="sr-only"
              tabIndex={-1}
              aria-label={t("choose")}
              aria-describedby={hintId}
              onChange={(event) => void send(event.target.files?.[0])}
            />
            <Button icon={<FileUp />} onClick={() => input.current?.click()} aria-describedby={hintId}>
              {t("choose")}
            </Button>
            <p id={hintId} className="text-sm text-muted-foreground">
              {over ? t("drop") : t("hint")}
            </p>
          </>
        )}
      </fieldset>
    </div>
  );
}

/** XMLHttpRequest, because fetch does not tell how much was sent. */
function upload(file: File, onProgress: (sent: number) => void): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", `/api/imports/files?name=${encodeURIComponent(file.name)}`);
    request.setRequestHeader("content-type", "text/csv");
    request.responseType = "json";
    request.upload.onprogress = (event) => onProgress(event.loaded);
    request.onerror = () => reject(new TypeError("the server could not be reached"));
    request.onload = () => {
      const answer: unknown = request.response;
      if (request.status === 201 && isStored(answer)) resolve(answer.id);
      else reject({ data: answer });
    };
    request.send(file);
  });
}

function isStored(answer: unknown): answer is { id: string } {
  return typeof answer === "object" && answer !== null && "id" in answer && typeof answer.id === "string";
}
