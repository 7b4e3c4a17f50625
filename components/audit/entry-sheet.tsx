"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useTRPC } from "@/components/trpc";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { DescriptionList } from "@/components/ui/description-list";
import { Sheet } from "@/components/ui/dialog";
import { ErrorAlert } from "@/components/ui/error-alert";
import { Instant } from "@/components/ui/instant";
import { Skeleton } from "@/components/ui/skeleton";
import { useActor } from "./actor";
import { EntryData } from "./entry-data";

export interface EntryFilters {
  subject?: { kind: string; id: string };
  actorId?: string;
}

export function EntrySheet({
  seq,
  onClose,
  onFilter,
}: {
  seq: bigint;
  onClose: () => void;
  onFilter: (filters: EntryFilters) => void;
}) {
  const t = useTranslations("audit");
  const actor = useActor();
  const trpc = useTRPC();
  const query = useQuery(trpc.audit.get.queryOptions({ seq: String(seq) }));
  const entry = query.data;
  return (
    <Sheet
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title={t("detail.title", { seq: String(seq) })}
      description={entry?.action}
    >
      <ErrorAlert error={query.error} onRetry={query.refetch} />
      {query.isPending ? <Skeleton className="h-64" /> : null}
      {entry ? (
        <div className="space-y-6">
          <DescriptionList
            items={[
              { label: t("fields.at"), value: <Instant at={entry.at} style="full" />, wide: true },
              { label: t("fields.actor"), value: `${actor.name(entry)} · ${actor.kind(entry)}` },
              { label: t("fields.ip"), value: entry.ip },
              {
                label: t("fields.subject"),
                wide: true,
                value: (
                  <span className="font-mono text-xs break-all">
                    {entry.subjectKind} {entry.subjectId}
                  </span>
                ),
              },
              {
                label: t("fields.requestId"),
                wide: true,
                value: (
                  <span className="flex items-center gap-1">
                    <span className="font-mono text-xs break-all">{entry.requestId}</span>
                    <CopyButton value={entry.requestId} what={t("fields.requestId")} />
                  </span>
                ),
              },
            ]}
          />
          <div className="flex flex-wrap gap-2">
            <Button
              size="sm"
              variant="outline"
              onClick={() => onFilter({ subject: { kind: entry.subjectKind, id: entry.subjectId } })}
            >
              {t("detail.sameSubject")}
            </Button>
            {entry.actorId ? (
              <Button
                size="sm"
                variant="outline"
                onClick={() => onFilter({ actorId: entry.actorId ?? undefined })}
              >
                {t("detail.sameActor")}
              </Button>
            ) : null}
          </div>
          <section className="space-y-2">
            <h3 className="text-sm font-semibold">{t("detail.data")}</h3>
            <EntryData data={entry.data} />
          </section>
          <section className="space-y-2">
            <h3 className="text-sm font-semibold">{t("detail.chain")}</h3>
            <DescriptionList
              columns={1}
              items={[
                {
                  label: t("fields.prevHash"),
                  value: <span className="font-mono text-xs break-all">{entry.prevHash}</span>,
                },
                {
                  label: t("fields.hash"),
                  value: <span className="font-mono text-xs break-all">{entry.hash}</span>,
                },
              ]}
            />
          </section>
        </div>
      ) : null}
    </Sheet>
  );
}
