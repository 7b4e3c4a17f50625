"use client";

import { useTranslations } from "next-intl";
import { useMemo } from "react";
import { SYSTEM_ACTORS } from "@/server/core/system-words";

type Name = keyof typeof SYSTEM_ACTORS;
const NAMES = new Map<string, Name>(
  (Object.keys(SYSTEM_ACTORS) as Name[]).map((name) => [SYSTEM_ACTORS[name], name]),
);
const KINDS = ["user", "apiKey", "system"] as const;

/** Who did it, as the reader's language has it: parts of the system translated, people as they are called. */
export function useActor() {
  const t = useTranslations("audit");
  return useMemo(
    () => ({
      name({ actorKind, actorName }: { actorKind: string; actorName: string }): string {
        const name = actorKind === "system" ? NAMES.get(actorName) : undefined;
        return name ? t(`actors.${name}`) : actorName;
      },
      kind({ actorKind }: { actorKind: string }): string {
        const known = KINDS.find((one) => one === actorKind);
        return known ? t(`actorKinds.${known}`) : actorKind;
      },
    }),
    [t],
  );
}
