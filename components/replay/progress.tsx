"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Square } from "lucide-react";
import { useTranslations } from "next-intl";
import { useFormat } from "@/components/format/use-format";
import { isUnderWay, JOB_TONES } from "@/components/imports/import-state";
import { useCan } from "@/components/layout/viewer";
import { useTRPC } from "@/components/trpc";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { Progress } from "@/components/ui/progress";
import { toast } from "@/components/ui/toast";
import type { ReplayHead } from "./types";

export function ReplayState({ replay: { state, stopping } }: { replay: ReplayHead }) {
  const t = useTranslations("replays");
  return <Badge tone={JOB_TONES[state]}>{stopping ? t("stopping") : t(`states.${state}`)}</Badge>;
}

/** How far it is; nothing once it has ended. */
export function ReplayProgress({ replay, className }: { replay: ReplayHead; className?: string }) {
  const t = useTranslations("replays");
  const { count } = useFormat();
  const { state, total, progress } = replay;
  if (!isUnderWay(state)) return null;
  return (
    <Progress
      className={className}
      label={state === "queued" ? t("states.queued") : total === null ? t("counting") : t("progress")}
      value={total === null ? null : progress}
      max={total ?? 0}
      detail={total === null ? null : t("of", { done: count(progress), total: count(total) })}
    />
  );
}

export function CancelReplay({ replay, size }: { replay: ReplayHead; size?: "sm" }) {
  const t = useTranslations("replays");
  const can = useCan();
  const trpc = useTRPC();
  const client = useQueryClient();
  const cancel = useMutation(trpc.replays.cancel.mutationOptions());
  if (!can("rule:write") || !isUnderWay(replay.state) || replay.stopping) return null;
  return (
    <ConfirmDialog
      danger
      trigger={
        <Button variant="outline" size={size} icon={<Square />}>
          {t("cancel")}
        </Button>
      }
      title={t("cancelTitle")}
      description={t("cancelBody")}
      confirmLabel={t("cancel")}
      onConfirm={async () => {
        await cancel.mutateAsync({ id: replay.id });
        await client.invalidateQueries(trpc.replays.pathFilter());
        toast.success(t("cancelled"));
      }}
    />
  );
}
