"use client";

import { useTranslations } from "next-intl";
import { useMemo } from "react";
import { startOfDayIn } from "@/components/format/format";
import { useViewer } from "@/components/layout/viewer";
import { sameInForce } from "@/server/domain/clearing/unchanged";
import type { VersionView } from "./types";

const BEGUN = new Set<VersionView["status"]>(["in_force", "superseded", "ended"]);
const END_OF_TIME = new Date(8.64e15);

/**
 * Why a definition needs no publishing: nothing in it differs from the version that holds on the day it would begin
 * (null: at once). Null where something does, or it is not whole yet.
 */
export function useUnchanged(
  versions: readonly VersionView[] | undefined,
  definition: unknown,
  day: string | null,
): string | null {
  const t = useTranslations("rules.editor");
  const { tenant } = useViewer();
  const same = useMemo(() => {
    if (!versions || definition === null) return undefined;
    // What has begun is the server's to say, by its own clock.
    const begun = versions.filter(({ status }) => BEGUN.has(status));
    if (day === null) return sameInForce(begun, definition, END_OF_TIME);
    const published = [...begun, ...versions.filter(({ status }) => status === "scheduled")];
    return sameInForce(published, definition, startOfDayIn(day, tenant.timezone));
  }, [versions, definition, day, tenant.timezone]);
  if (!same) return null;
  return t("unchanged", { version: same.version, when: same.status === "in_force" ? "now" : "then" });
}
