"use client";

import { CircleX } from "lucide-react";
import { useTranslations } from "next-intl";
import type { Messages } from "@/components/i18n/messages";
import { useErrorMessage } from "@/components/ui/error-message";

type Known = keyof Messages["store"]["refusals"];

/** Why not, in a buyer's words; what is no refusal of a shop keeps its own sentence and reference. */
export function StoreRefusal({ error }: { error: unknown }) {
  const t = useTranslations("store.refusals");
  const explain = useErrorMessage();
  if (!error) return null;
  const { code, params, message, requestId } = explain(error);
  const known = code as Exclude<Known, "OTHER">;
  const isKnown = t.has(`${known}.body`);
  const values = Object.fromEntries(
    ["product", "available", "max"].map((name) => [name, String(params[name] ?? "–")]),
  );
  return (
    <section
      role="alert"
      className="space-y-1 rounded-xl border-2 border-destructive/50 bg-destructive-soft px-4 py-3"
    >
      <p className="flex items-center gap-2 text-lg leading-tight font-semibold text-destructive">
        <CircleX aria-hidden className="size-5 shrink-0" />
        {isKnown ? t(`${known}.title`) : t("OTHER.title")}
      </p>
      <p className="text-sm break-words">{isKnown ? t(`${known}.body`, values) : message}</p>
      {requestId && !isKnown ? <p className="text-xs text-muted-foreground">{requestId}</p> : null}
    </section>
  );
}
