"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";

/** While something is unsaved: a link waits for the saving, and asks if it fails; closing the window asks always. */
export function LeaveGuard({ unsaved, flush }: { unsaved: boolean; flush: () => Promise<boolean> }) {
  const t = useTranslations("rules.editor.leave");
  const router = useRouter();
  const [asking, setAsking] = useState<string | null>(null);
  useEffect(() => {
    if (!unsaved) return;
    const closing = (event: BeforeUnloadEvent) => event.preventDefault();
    const clicked = (event: MouseEvent) => {
      const link = event.target instanceof Element ? event.target.closest("a[href]") : null;
      const plain =
        event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
      if (!(link instanceof HTMLAnchorElement) || !plain || link.target === "_blank") return;
      if (link.origin !== window.location.origin || link.hash !== "") return;
      event.preventDefault();
      event.stopPropagation();
      const href = `${link.pathname}${link.search}`;
      void flush().then((saved) => (saved ? router.push(href) : setAsking(href)));
    };
    window.addEventListener("beforeunload", closing);
    document.addEventListener("click", clicked, true);
    return () => {
      window.removeEventListener("beforeunload", closing);
      document.removeEventListener("click", clicked, true);
    };
  }, [unsaved, flush, router]);
  return (
    <ConfirmDialog
      danger
      open={asking !== null}
      onOpenChange={(open) => (open ? undefined : setAsking(null))}
      title={t("title")}
      description={t("text")}
      confirmLabel={t("confirm")}
      onConfirm={() => router.push(asking ?? "/")}
    />
  );
}
