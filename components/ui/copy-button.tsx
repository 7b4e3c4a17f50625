"use client";

import { Check, Copy } from "lucide-react";
import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import { Button, IconButton } from "./button";

/** Copies `value`. Without `label`, an icon whose name says what it copies (`what`). */
export function CopyButton({ value, what, label }: { value: string; what?: string; label?: string }) {
  const t = useTranslations("common.actions");
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 1600);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = async () => {
    await copyText(value);
    setCopied(true);
  };
  const icon = copied ? <Check aria-hidden className="text-success" /> : <Copy aria-hidden />;
  const name = copied ? t("copied") : what ? `${t("copy")} ${what}` : t("copy");
  return (
    <>
      {label ? (
        <Button variant="outline" size="sm" icon={icon} onClick={copy}>
          {copied ? t("copied") : label}
        </Button>
      ) : (
        <IconButton label={name} size="icon-sm" onClick={copy}>
          {icon}
        </IconButton>
      )}
      <span role="status" className="sr-only">
        {copied ? t("copied") : ""}
      </span>
    </>
  );
}

/** The clipboard needs a secure page; a till on plain http in a shop's network has none. */
async function copyText(text: string): Promise<void> {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const area = document.createElement("textarea");
  area.value = text;
  area.style.position = "fixed";
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}
