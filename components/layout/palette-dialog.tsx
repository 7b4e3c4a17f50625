"use client";

import { Dialog as Base } from "@base-ui/react/dialog";
import { Command } from "cmdk";
import { Search } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import { Spinner } from "@/components/ui/spinner";
import { NAV } from "./nav";
import { findPages, type PaletteGroup, type PaletteHit } from "./palette-search";
import { useNavName } from "./use-nav-name";
import { usePaletteProviders } from "./use-palette-providers";
import { useViewer } from "./viewer";

const ORDER: readonly PaletteGroup[] = [
  "pages",
  "parties",
  "products",
  "campaigns",
  "vouchers",
  "redemptions",
  "orders",
  "statements",
  "rules",
  "fees",
  "users",
];

export default function PaletteDialog(props: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const t = useTranslations("common.palette");
  const nav = useNavName();
  const viewer = useViewer();
  const router = useRouter();
  const [query, setQuery] = useState("");
  const { hits, searching } = useFound(query.trim());
  const pages = findPages(query, viewer.role, nav);
  const found = [...pages, ...hits];
  const go = (hit: PaletteHit) => {
    props.onOpenChange(false);
    setQuery("");
    router.push(hit.href);
  };
  return (
    <Base.Root open={props.open} onOpenChange={(open) => props.onOpenChange(open)}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-50 bg-black/45" />
        <Base.Viewport className="fixed inset-0 z-50 flex items-start justify-center p-3 pt-[12dvh]">
          <Base.Popup className="w-full max-w-xl overflow-hidden rounded-xl border border-border bg-popover shadow-pop outline-none">
            <Base.Title className="sr-only">{t("title")}</Base.Title>
            <Base.Description className="sr-only">{t("hint")}</Base.Description>
            <Command shouldFilter={false} label={t("title")} loop>
              <div className="flex items-center gap-3 border-b border-border px-4">
                {searching ? (
                  <Spinner className="text-muted-foreground" label={t("searching")} />
                ) : (
                  <Search aria-hidden className="size-4 shrink-0 text-muted-foreground" />
                )}
                <Command.Input
                  autoFocus
                  value={query}
                  onValueChange={setQuery}
                  placeholder={t("placeholder")}
                  className="h-12 w-full bg-transparent text-base outline-none"
                />
              </div>
              <Command.List className="max-h-[min(24rem,60dvh)] overflow-y-auto p-1.5">
                {found.length === 0 && !searching ? (
                  <Command.Empty className="px-3 py-8 text-center text-sm text-muted-foreground">
                    {t("none", { query: query.trim() })}
                  </Command.Empty>
                ) : null}
                {ORDER.map((group) => {
                  const items = found.filter((hit) => hit.group === group);
                  if (items.length === 0) return null;
                  return (
                    <Command.Group
                      key={group}
                      heading={t(group)}
                      className="[&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:text-muted-foreground"
                    >
                      {items.map((hit) => (
                        <Command.Item
                          key={hit.id}
                          value={`${group} ${hit.id}`}
                          onSelect={() => go(hit)}
                          className="flex min-h-10 cursor-pointer items-center gap-3 rounded-md px-2.5 py-1.5 text-sm data-[selected=true]:bg-accent pointer-coarse:min-h-12"
                        >
                          <HitIcon hit={hit} />
                          <span className="min-w-0 flex-1 truncate">{hit.label}</span>
                          {hit.detail ? (
                            <span className="figure truncate text-xs text-muted-foreground">
                              {hit.detail}
                            </span>
                          ) : null}
                        </Command.Item>
                      ))}
                    </Command.Group>
                  );
                })}
              </Command.List>
            </Command>
          </Base.Popup>
        </Base.Viewport>
      </Base.Portal>
    </Base.Root>
  );
}

function HitIcon({ hit }: { hit: PaletteHit }) {
  const key = hit.group === "pages" ? hit.id : hit.group;
  const Icon = NAV.find((item) => item.key === key)?.icon ?? Search;
  return <Icon aria-hidden className="size-4 shrink-0 text-muted-foreground" />;
}

/** Asks the providers once the typing pauses; a provider that fails leaves the others' findings. */
function useFound(query: string): { hits: readonly PaletteHit[]; searching: boolean } {
  const providers = usePaletteProviders();
  const [found, setFound] = useState<{ query: string; hits: readonly PaletteHit[] }>({ query: "", hits: [] });
  const asks = query.length >= 2 && providers.length > 0;
  useEffect(() => {
    if (!asks) return;
    const controller = new AbortController();
    const timer = setTimeout(async () => {
      const answers = await Promise.allSettled(
        providers.map((provider) => provider(query, controller.signal)),
      );
      if (controller.signal.aborted) return;
      setFound({
        query,
        hits: answers.flatMap((answer) => (answer.status === "fulfilled" ? answer.value : [])),
      });
    }, 180);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [asks, providers, query]);
  if (!asks) return { hits: [], searching: false };
  return { hits: found.hits, searching: found.query !== query };
}
