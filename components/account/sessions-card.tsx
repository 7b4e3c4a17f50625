"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { MonitorSmartphone } from "lucide-react";
import { useTranslations } from "next-intl";
import { useTRPC } from "@/components/trpc";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { ErrorAlert } from "@/components/ui/error-alert";
import { Instant } from "@/components/ui/instant";
import { Skeleton } from "@/components/ui/skeleton";
import { toast } from "@/components/ui/toast";
import { deviceOf } from "./device";

export function SessionsCard() {
  const t = useTranslations("account.sessions");
  const trpc = useTRPC();
  const queries = useQueryClient();
  const sessions = useQuery(trpc.account.sessions.queryOptions());
  const end = useMutation(trpc.account.endSession.mutationOptions());
  const endOthers = useMutation(trpc.account.endOtherSessions.mutationOptions());
  const reload = () => queries.invalidateQueries({ queryKey: trpc.account.sessions.queryKey() });
  const nameOf = (userAgent: string | null) => {
    const device = deviceOf(userAgent);
    return device ? t("device", device) : t("unknownDevice");
  };
  const others = sessions.data?.some((session) => !session.current) ?? false;
  return (
    <Card
      title={t("title")}
      description={t("description")}
      flush
      actions={
        others ? (
          <ConfirmDialog
            trigger={
              <Button variant="outline" size="sm">
                {t("endOthers")}
              </Button>
            }
            title={t("endOthersTitle")}
            description={t("endOthersDescription")}
            confirmLabel={t("endOthers")}
            danger
            onConfirm={async () => {
              const { ended } = await endOthers.mutateAsync();
              await reload();
              toast.success(t("othersEnded", { count: ended }));
            }}
          />
        ) : null
      }
    >
      <div className="px-4 pb-4">
        <ErrorAlert error={sessions.error} onRetry={sessions.refetch} />
        {sessions.isPending ? <Skeleton className="h-24" /> : null}
        <ul className="divide-y divide-border">
          {sessions.data?.map((session) => {
            const name = nameOf(session.userAgent);
            return (
              <li key={session.id} className="flex items-start gap-3 py-3 first:pt-0 last:pb-0">
                <MonitorSmartphone aria-hidden className="mt-0.5 size-5 shrink-0 text-muted-foreground" />
                <div className="min-w-0 flex-1 text-sm">
                  <p className="flex flex-wrap items-center gap-2 font-medium">
                    {name}
                    {session.current ? <Badge tone="primary">{t("current")}</Badge> : null}
                    {session.secondFactorAt ? <Badge tone="success">{t("withSecondFactor")}</Badge> : null}
                  </p>
                  <p className="text-xs text-muted-foreground">
                    {session.ip ?? "–"} ·{" "}
                    {t.rich("signedIn", { time: () => <Instant at={session.createdAt} /> })} ·{" "}
                    {t.rich("lastSeen", { time: () => <Instant at={session.lastSeenAt} /> })}
                  </p>
                </div>
                {session.current ? null : (
                  <ConfirmDialog
                    trigger={
                      <Button variant="outline" size="sm">
                        {t("end")}
                      </Button>
                    }
                    title={t("endTitle")}
                    description={t("endDescription", { device: name, ip: session.ip ?? "–" })}
                    confirmLabel={t("end")}
                    danger
                    onConfirm={async () => {
                      await end.mutateAsync({ sessionId: session.id });
                      await reload();
                      toast.success(t("ended"));
                    }}
                  />
                )}
              </li>
            );
          })}
        </ul>
      </div>
    </Card>
  );
}
