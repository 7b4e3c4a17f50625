"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Download } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useEffect, useRef } from "react";
import { formatCount } from "@/components/format/format";
import { useCan } from "@/components/layout/viewer";
import { useTRPC } from "@/components/trpc";
import { Alert } from "@/components/ui/alert";
import { Badge, type Tone } from "@/components/ui/badge";
import { Button, buttonStyles } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { isErrorCode, useErrorText } from "@/components/ui/error-message";
import { Instant } from "@/components/ui/instant";
import { Progress } from "@/components/ui/progress";
import type { ErrorParams } from "@/server/core/errors";
import type { JobRun } from "@/server/domain/outbox";

const RECENT = 30;
const isOpen = (job: JobRun) => job.state === "queued" || job.state === "running";

/** Bulk issues and voidings of a campaign: they go on without this page, and are found here again. */
export function CampaignJobs({ campaignId }: { campaignId: string }) {
  const t = useTranslations("campaigns.jobs");
  const trpc = useTRPC();
  const client = useQueryClient();
  const polled = {
    refetchInterval: (query: { state: { data?: { items: JobRun[] } } }) =>
      query.state.data?.items.some((job) => isOpen(job) && concerns(job, campaignId)) ? 1_000 : false,
  } as const;
  const issues = useQuery({
    ...trpc.jobs.list.queryOptions({ kind: "issue-vouchers", limit: RECENT }),
    ...polled,
  });
  const voids = useQuery({
    ...trpc.jobs.list.queryOptions({ kind: "void-vouchers", limit: RECENT }),
    ...polled,
  });
  const jobs = [...(issues.data?.items ?? []), ...(voids.data?.items ?? [])]
    .filter((job) => concerns(job, campaignId))
    .sort((a, b) => (a.id < b.id ? 1 : -1));
  // The numbers of the campaign follow what the work does.
  const done = jobs.reduce((sum, job) => sum + job.progress, 0);
  const seen = useRef(done);
  useEffect(() => {
    if (seen.current === done) return;
    seen.current = done;
    void client.invalidateQueries(trpc.campaigns.get.queryFilter({ id: campaignId }));
  }, [done, client, trpc, campaignId]);
  if (jobs.length === 0) return null;
  return (
    <Card flush title={t("title")}>
      <ul className="divide-y divide-border border-t border-border">
        {jobs.map((job) => (
          <li key={job.id} className="px-4 py-3">
            <JobLine job={job} />
          </li>
        ))}
      </ul>
    </Card>
  );
}

const TONES: Record<JobRun["state"], Tone> = {
  queued: "neutral",
  running: "primary",
  done: "success",
  failed: "danger",
  cancelled: "warning",
};

function JobLine({ job }: { job: JobRun }) {
  const t = useTranslations("campaigns.jobs");
  const can = useCan();
  const trpc = useTRPC();
  const client = useQueryClient();
  const errorText = useErrorText();
  const cancel = useMutation(trpc.jobs.cancel.mutationOptions());
  const open = isOpen(job);
  const issues = job.kind === "issue-vouchers";
  const count = t("progress", {
    done: formatCount(job.progress),
    total: job.total === null ? "–" : formatCount(job.total),
  });
  return (
    <div className="space-y-2">
      <div className="flex flex-wrap items-center justify-between gap-2 text-sm">
        <span className="font-medium">
          {issues ? t("issue") : t("void")} <Badge tone={TONES[job.state]}>{t(`states.${job.state}`)}</Badge>
        </span>
        <span className="text-xs text-muted-foreground">
          {t("by", { name: job.createdByName })}
          <Instant at={job.createdAt} />
        </span>
      </div>
      {open ? (
        <Progress
          label={job.cancelRequestedAt ? t("cancelling") : t(`states.${job.state}`)}
          value={job.total === null ? null : job.progress}
          max={job.total ?? 100}
          detail={count}
        />
      ) : (
        <p className="figure text-sm text-muted-foreground">{count}</p>
      )}
      {job.error && isErrorCode(job.error.code) ? (
        <Alert tone="danger">{errorText(job.error.code, job.error.params as ErrorParams)}</Alert>
      ) : null}
      <div className="flex flex-wrap gap-2 empty:hidden">
        {open && can("job:cancel") && !job.cancelRequestedAt ? (
          <ConfirmDialog
            danger
            trigger={
              <Button variant="outline" size="sm">
                {t("cancel")}
              </Button>
            }
            title={t("cancelTitle")}
            description={t("cancelText")}
            confirmLabel={t("cancel")}
            onConfirm={async () => {
              await cancel.mutateAsync({ id: job.id });
              await client.invalidateQueries(trpc.jobs.pathFilter());
            }}
          />
        ) : null}
        {issues && !open && job.progress > 0 ? (
          <>
            {can("voucher:reveal") ? (
              <a
                href={`/api/export/job-codes?jobId=${job.id}`}
                download
                className={buttonStyles({ variant: "outline", size: "sm" })}
              >
                <Download aria-hidden />
                {t("download")}
              </a>
            ) : null}
            <Link
              href={`/vouchers?f.jobId=${job.id}`}
              className={buttonStyles({ variant: "ghost", size: "sm" })}
            >
              {t("vouchers")}
            </Link>
          </>
        ) : null}
      </div>
    </div>
  );
}

function concerns({ params }: JobRun, campaignId: string): boolean {
  const filter = params.filter;
  return (
    params.campaignId === campaignId ||
    (typeof filter === "object" &&
      filter !== null &&
      "campaignId" in filter &&
      filter.campaignId === campaignId)
  );
}
