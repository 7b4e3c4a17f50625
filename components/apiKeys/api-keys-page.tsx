"use client";

import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useTranslations } from "next-intl";
import { useMemo, useState } from "react";
import { type DataColumn, DataTable, type FilterSpec, useTableState } from "@/components/data-table";
import { useCan } from "@/components/layout/viewer";
import { PartyPicker } from "@/components/parties/party-picker";
import { useTRPC } from "@/components/trpc";
import { Badge, type Tone } from "@/components/ui/badge";
import { Button, LinkButton } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { EmptyState } from "@/components/ui/empty-state";
import { Instant } from "@/components/ui/instant";
import { PageFrame } from "@/components/ui/page-frame";
import { toast } from "@/components/ui/toast";
import type { listApiKeys } from "@/server/domain/parties";
import { CreateKeyDialog, NewKeyDialog } from "./create-key-dialog";
import { apiKeysInput, apiKeysTable } from "./table";

type ApiKey = Awaited<ReturnType<typeof listApiKeys>>["items"][number];

const TONES: Record<ApiKey["state"], Tone> = { active: "success", expired: "warning", revoked: "neutral" };

export function ApiKeysPage() {
  const t = useTranslations("apiKeys");
  const scopeNames = useTranslations("common.apiScopes");
  const can = useCan();
  const trpc = useTRPC();
  const queries = useQueryClient();
  const [creating, setCreating] = useState(false);
  const [made, setMade] = useState<string | null>(null);
  const table = useTableState(apiKeysTable);
  const list = useQuery(
    trpc.apiKeys.list.queryOptions(apiKeysInput(table.query), { placeholderData: keepPreviousData }),
  );
  const revoke = useMutation(trpc.apiKeys.revoke.mutationOptions());
  const mayWrite = can("api_key:write");
  const actionsLabel = useTranslations("common.table")("actions");
  const seesAll = can("party:read");
  const columns = useMemo<DataColumn<ApiKey, never>[]>(
    () => [
      {
        id: "name",
        header: t("fields.name"),
        fixed: true,
        card: "title",
        cell: (row) => <span className="font-medium">{row.name}</span>,
      },
      {
        id: "prefix",
        header: t("fields.prefix"),
        cell: (row) => <code className="font-mono text-xs break-all">{row.prefix}…</code>,
      },
      {
        id: "scopes",
        header: t("fields.scopes"),
        cell: (row) => (
          <span className="flex flex-wrap gap-1 max-sm:justify-end">
            {row.scopes.map((scope) => (
              <Badge key={scope}>{scopeNames(scope)}</Badge>
            ))}
          </span>
        ),
      },
      ...(seesAll ? [{ id: "party", header: t("fields.party"), cell: (row: ApiKey) => row.partyName }] : []),
      {
        id: "state",
        header: t("fields.state"),
        card: "aside",
        cell: (row) => <Badge tone={TONES[row.state]}>{t(`state.${row.state}`)}</Badge>,
      },
      {
        id: "lastUsedAt",
        header: t("fields.lastUsed"),
        cell: (row) => (row.lastUsedAt ? <Instant at={row.lastUsedAt} /> : t("neverUsed")),
      },
      {
        id: "expiresAt",
        header: t("fields.expires"),
        cell: (row) => (row.expiresAt ? <Instant at={row.expiresAt} /> : t("noExpiry")),
      },
      {
        id: "createdAt",
        header: t("fields.created"),
        hidden: true,
        cell: (row) => <Instant at={row.createdAt} />,
      },
      ...(mayWrite
        ? [
            {
              id: "actions",
              header: actionsLabel,
              fixed: true,
              interactive: true,
              align: "end" as const,
              cell: (row: ApiKey) =>
                row.state === "active" ? (
                  <ConfirmDialog
                    trigger={
                      <Button size="sm" variant="outline">
                        {t("revoke.action")}
                      </Button>
                    }
                    title={t("revoke.title", { name: row.name })}
                    description={t("revoke.description")}
                    confirmLabel={t("revoke.confirm")}
                    danger
                    onConfirm={async () => {
                      await revoke.mutateAsync({ id: row.id });
                      await queries.invalidateQueries({ queryKey: trpc.apiKeys.list.queryKey() });
                      toast.success(t("revoke.done"));
                    }}
                  />
                ) : null,
            },
          ]
        : []),
    ],
    [t, scopeNames, seesAll, mayWrite, revoke.mutateAsync, queries, trpc, actionsLabel],
  );
  const filters: FilterSpec<typeof apiKeysTable.filters>[] = [
    {
      name: "state",
      label: t("fields.state"),
      options: (["active", "ended"] as const).map((value) => ({ value, label: t(`state.${value}`) })),
    },
  ];
  if (seesAll) {
    filters.push({
      name: "partyId",
      label: t("fields.party"),
      render: (value, onChange) => (
        <PartyPicker
          size="sm"
          clearable
          aria-label={t("fields.party")}
          value={value}
          onValueChange={onChange}
        />
      ),
    });
  }
  const create = mayWrite ? (
    <Button icon={<Plus aria-hidden />} onClick={() => setCreating(true)}>
      {t("create.action")}
    </Button>
  ) : null;
  return (
    <PageFrame
      title={t("title")}
      description={t("description")}
      actions={
        <>
          <LinkButton variant="outline" href="/api-docs">
            {t("docs")}
          </LinkButton>
          {create}
        </>
      }
    >
      <DataTable
        table={table}
        label={t("title")}
        columns={columns}
        rows={list.data?.items}
        rowId={(row) => row.id}
        rowName={(row) => row.name}
        nextCursor={list.data?.nextCursor}
        loading={list.isPending}
        fetching={list.isPlaceholderData}
        error={list.error}
        onRetry={list.refetch}
        searchLabel={t("search")}
        filters={filters}
        empty={<EmptyState title={t("empty.title")} description={t("empty.description")} actions={create} />}
      />
      {creating ? (
        <CreateKeyDialog
          onClose={() => setCreating(false)}
          onCreated={(key) => {
            setCreating(false);
            setMade(key);
          }}
        />
      ) : null}
      {made ? <NewKeyDialog apiKey={made} onClose={() => setMade(null)} /> : null}
    </PageFrame>
  );
}
