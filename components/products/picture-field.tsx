"use client";

import { ImageUp, Trash2 } from "lucide-react";
import { useTranslations } from "next-intl";
import { useEffect, useId, useRef, useState } from "react";
import { fileSize } from "@/components/imports/file-size";
import { Button } from "@/components/ui/button";
import { MAX_PICTURE_BYTES, PICTURE_TYPES } from "@/server/domain/cards/schemas";
import { ProductPicture } from "./product-picture";

/** What is to become of the picture when the form is saved. */
export type PictureChange = { kind: "keep" } | { kind: "replace"; file: File } | { kind: "remove" };

/** Chooses a picture and shows it before anything is sent. */
export function PictureField({
  current,
  value,
  onChange,
}: {
  /** Address of the picture that the product has. */
  current: string | null;
  value: PictureChange;
  onChange: (change: PictureChange) => void;
}) {
  const t = useTranslations("products.picture");
  const input = useRef<HTMLInputElement>(null);
  const hintId = useId();
  const [problem, setProblem] = useState<"tooLarge" | "wrongKind" | null>(null);
  const file = value.kind === "replace" ? value.file : null;
  const preview = useObjectUrl(file);
  const shown = value.kind === "keep" ? current : preview;
  const max = fileSize(MAX_PICTURE_BYTES);
  const choose = (chosen: File | undefined) => {
    if (!chosen) return;
    const known = (PICTURE_TYPES as readonly string[]).includes(chosen.type);
    const wrong = !known ? "wrongKind" : chosen.size > MAX_PICTURE_BYTES ? "tooLarge" : null;
    setProblem(wrong);
    if (!wrong) onChange({ kind: "replace", file: chosen });
    if (input.current) input.current.value = "";
  };
  return (
    <div className="flex flex-wrap items-center gap-4">
      <ProductPicture src={shown} alt={shown ? t("label") : ""} className="size-24" />
      <div className="min-w-0 flex-1 space-y-2">
        <input
          ref={input}
          type="file"
          accept={PICTURE_TYPES.join(",")}
          className="sr-only"
          tabIndex={-1}
          aria-label={t("label")}
          aria-describedby={hintId}
          onChange={(event) => choose(event.target.files?.[0])}
        />
        <div className="flex flex-wrap gap-2">
          <Button
            variant="outline"
            size="sm"
            icon={<ImageUp aria-hidden />}
            onClick={() => input.current?.click()}
          >
            {shown ? t("another") : t("choose")}
          </Button>
          {shown ? (
            <Button
              variant="ghost"
              size="sm"
              icon={<Trash2 aria-hidden />}
              onClick={() =>
                onChange(current && value.kind === "keep" ? { kind: "remove" } : { kind: "keep" })
              }
            >
              {t("remove")}
            </Button>
          ) : null}
        </div>
        <p id={hintId} className="text-xs text-muted-foreground">
          {t("hint", { max })}
          {file ? ` ${t("pending")}` : ""}
        </p>
        {problem ? (
          <p role="alert" className="text-xs font-medium text-destructive">
            {t(problem, { max })}
          </p>
        ) : null}
      </div>
    </div>
  );
}

/** An address of a file on this machine, given back when it is no longer shown. */
function useObjectUrl(file: File | null): string | null {
  const [url, setUrl] = useState<string | null>(null);
  useEffect(() => {
    if (!file) {
      setUrl(null);
      return;
    }
    const made = URL.createObjectURL(file);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [file]);
  return url;
}
