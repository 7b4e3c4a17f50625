"use client";

import { Search } from "lucide-react";
import dynamic from "next/dynamic";
import { useTranslations } from "next-intl";
import { useEffect, useState, useSyncExternalStore } from "react";
import { Button } from "@/components/ui/button";

const PaletteDialog = dynamic(() => import("./palette-dialog"), { ssr: false });

/** ⌘K or Ctrl-K, from everywhere. What it opens is loaded at the first use. */
export function PaletteButton() {
  const t = useTranslations("common");
  const [open, setOpen] = useState(false);
  const [wanted, setWanted] = useState(false);
  const shortcut = useShortcut();
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if ((event.metaKey || event.ctrlKey) && !event.altKey && event.key.toLowerCase() === "k") {
        event.preventDefault();
        setWanted(true);
        setOpen((shown) => !shown);
      }
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
  return (
    <>
      <Button
        variant="ghost"
        aria-label={t("palette.open")}
        aria-keyshortcuts="Meta+K Control+K"
        icon={<Search aria-hidden />}
        className="text-muted-foreground md:border md:border-border md:bg-background md:font-normal"
        onClick={() => {
          setWanted(true);
          setOpen(true);
        }}
      >
        <span className="max-md:hidden">{t("palette.title")}</span>
        <kbd className="ms-4 rounded-sm border border-border bg-card px-1.5 font-sans text-xs max-md:hidden">
          {shortcut}
        </kbd>
      </Button>
      {wanted ? <PaletteDialog open={open} onOpenChange={setOpen} /> : null}
    </>
  );
}

function useShortcut(): string {
  return useSyncExternalStore(
    () => () => {},
    () => (/Mac|iPhone|iPad/.test(navigator.userAgent) ? "⌘K" : "Ctrl K"),
    () => "⌘K",
  );
}
