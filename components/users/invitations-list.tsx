"use client";

import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useMemo, useState } from "react";
import { type DataColumn, DataTable, useTableState } from "@/components/data-table";
import { useCan } from "@/components/layout/viewer";
import { useTRPC } from "@/components/trpc";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { EmptyState } from "@/components/ui/empty-state";
import { useErrorMessage } from "@/components/ui/error-message";
import { Instant } from "@/components/ui/instant";
import { toast } from "@/components/ui/toast";
import type { listInvitations } from "@/server/domain/parties";
import type { HandedLink } from "./link-dialog";
import { invitationsTable } from "./table";

type Invitation = Awaited<ReturnType<typeof listInvitations>>["items"][number];

export function InvitationsList({ onLink }: { onLink: (link: HandedLink) => void }) {
  const t = useTranslations("users");
  const roleNames = useTranslations("common.roles");
  const can = useCan();
  const trpc = useTRPC();
  const queries = useQueryClient();
  const explain = useErrorMessage();
  const table = useTableState(invitationsTable);
  const [busy, setBusy] = useState<string | null>(null);
  const { cursor, limit } = table.query;
  const list = useQuery(
    trpc.users.invitations.queryOptions({ cursor, limit }, { placeholderData: keepPreviousData }),
  );
  const renew = useMutation(trpc.users.renewInvitation.mutationOptions());
  const revoke = useMutation(trpc.users.revokeInvitation.mutationOptions());
  const mayWrite = can("user:write");
  const actionsLabel = useTranslations("common.table")("actions");
  const columns = useMemo<DataColumn<Invitation, never>[]>(() => {
    const reload = () => queries.invalidateQueries({ queryKey: trpc.users.invitations.queryKey() });
    const renewLink = async (invitation: Invitation) => {
      setBusy(invitation.id);
      try {
        const { token, expiresAt } = await renew.mutateAsync({ id: invitation.id });
        onLink({ email: invitation.email, token, expiresAt, renewsPassword: invitation.renewsPassword });
        await reload();
      } catch (error) {
        toast.error(explain(error).message);
      } finally {
        setBusy(null);
      }
    };
    return [
      {
        id: "email",
        header: t("fields.email"),
        fixed: true,
        card: "title",
        cell: (row) => (
          <span className="flex flex-wrap items-center gap-2">
            {row.email}
            {row.renewsPassword ? <Badge>{t("invitation.renewsPassword")}</Badge> : null}
            {row.lapsed ? <Badge tone="warning">{t("invitation.lapsed")}</Badge> : null}
          </span>
        ),
      },
      { id: "name", header: t("fields.name"), cell: (row) => row.name },
      { id: "role", header: t("fields.role"), cell: (row) => roleNames(row.role) },
      { id: "party", header: t("fields.party"), cell: (row) => row.partyName },
      { id: "createdAt", header: t("fields.invited"), cell: (row) => <Instant at={row.createdAt} /> },
      { id: "expiresAt", header: t("fields.expires"), cell: (row) => <Instant at={row.expiresAt} /> },
      ...(mayWrite
        ? [
            {
              id: "actions",
              header: actionsLabel,
              fixed: true,
              interactive: true,
              align: "end" as const,
              cell: (row: Invitation) => (
                <span className="flex flex-wrap justify-end gap-2">
                  <Button
                    size="sm"
                    variant="outline"
                    loading={busy === row.id}
                    onClick={() => void renewLink(row)}
                  >
                    {t("actions.renewInvitation")}
                  </Button>
                  <ConfirmDialog
                    trigger={
                      <Button size="sm" variant="ghost">
                        {t("actions.revokeInvitation")}
                      </Button>
                    }
                    title={t("invitation.revokeTitle", { email: row.email })}
                    description={t("invitation.revokeDescription")}
                    confirmLabel={t("invitation.revokeConfirm")}
                    danger
                    onConfirm={async () => {
                      await revoke.mutateAsync({ id: row.id });
                      await reload();
                      toast.success(t("invitation.revoked"));
                    }}
                  />
                </span>
              ),
            },
          ]
        : []),
    ];
  }, [
    t,
    roleNames,
    mayWrite,
    busy,
    renew.mutateAsync,
    revoke.mutateAsync,
    queries,
    trpc,
    onLink,
    explain,
    actionsLabel,
  ]);
  return (
    <DataTable
      table={table}
      label={t("tabs.invitations")}
      columns={columns}
      rows={list.data?.items}
      rowId={(row) => row.id}
      nextCursor={list.data?.nextCursor}
      loading={list.isPending}
      fetching={list.isPlaceholderData}
      error={list.error}
      onRetry={list.refetch}
      empty={<EmptyState title={t("noInvitations.title")} description={t("noInvitations.description")} />}
    />
  );
}
