"use client";

import { useTranslations } from "next-intl";
import { Badge, type Tone } from "@/components/ui/badge";

export type JobState = "queued" | "running" | "done" | "failed" | "cancelled";

export const JOB_TONES: Record<JobState, Tone> = {
  queued: "neutral",
  running: "info",
  done: "success",
  failed: "danger",
  cancelled: "warning",
};

export function ImportState({ state }: { state: JobState }) {
  const t = useTranslations("imports.states");
  return <Badge tone={JOB_TONES[state]}>{t(state)}</Badge>;
}

/** Whether a run may still change: such are asked for again every second or two. */
export function isUnderWay(state: JobState): boolean {
  return state === "queued" || state === "running";
}
