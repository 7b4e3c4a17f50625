"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useTranslations } from "next-intl";
import { useMemo, useState } from "react";
import { type DataColumn, DataTable, useTableState } from "@/components/data-table";
import { LOCALE_NAMES } from "@/components/i18n/config";
import { useCan } from "@/components/layout/viewer";
import { useTRPC } from "@/components/trpc";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { Instant } from "@/components/ui/instant";
import { PageFrame } from "@/components/ui/page-frame";
import { PARTY_KINDS } from "@/server/core/permissions";
import type { PartyRow } from "@/server/domain/parties";
import { CreatePartyDialog } from "./create-party-dialog";
import { partiesInput, partiesTable } from "./table";
import { useCycleText } from "./use-cycle-text";

export function PartiesPage() {
  const t = useTranslations("parties");
  const kindNames = useTranslations("common.partyKinds");
  const cycleText = useCycleText();
  const can = useCan();
  const trpc = useTRPC();
  const [creating, setCreating] = useState(false);
  const table = useTableState(partiesTable);
  const list = useQuery(
    trpc.parties.list.queryOptions(partiesInput(table.query), { placeholderData: keepPreviousData }),
  );
  const columns = useMemo<DataColumn<PartyRow, "number" | "name" | "createdAt">[]>(
    () => [
      {
        id: "number",
        header: t("fields.number"),
        sort: "number",
        cell: (row) => <span className="figure">{row.number}</span>,
      },
      {
        id: "name",
        header: t("fields.name"),
        sort: "name",
        fixed: true,
        card: "title",
        cell: (row) => <span className="font-medium">{row.name}</span>,
      },
      { id: "kind", header: t("fields.kind"), cell: (row) => kindNames(row.kind) },
      { id: "externalId", header: t("fields.externalId"), cell: (row) => row.externalId ?? "–" },
      { id: "cycle", header: t("fields.cycle"), cell: (row) => cycleText(row.cycle) },
      {
        id: "bankAccount",
        header: t("fields.bankAccount"),
        cell: (row) =>
          row.bankAccountTail
            ? `${row.bankName ?? ""} ${t("bank.tail", { tail: row.bankAccountTail })}`
            : "–",
      },
      {
        id: "status",
        header: t("fields.status"),
        card: "aside",
        cell: (row) => (
          <Badge tone={row.status === "active" ? "success" : "neutral"}>{t(`status.${row.status}`)}</Badge>
        ),
      },
      { id: "contact", header: t("fields.contact"), hidden: true, cell: (row) => row.contact ?? "–" },
      { id: "locale", header: t("fields.locale"), hidden: true, cell: (row) => LOCALE_NAMES[row.locale] },
      {
        id: "createdAt",
        header: t("fields.created"),
        sort: "createdAt",
        hidden: true,
        cell: (row) => <Instant at={row.createdAt} />,
      },
    ],
    [t, kindNames, cycleText],
  );
  const create = can("party:write") ? (
    <Button icon={<Plus aria-hidden />} onClick={() => setCreating(true)}>
      {t("create.action")}
    </Button>
  ) : null;
  return (
    <PageFrame title={t("title")} description={t("description")} actions={create}>
      <DataTable
        table={table}
        label={t("title")}
        columns={columns}
        rows={list.data?.items}
        rowId={(row) => row.id}
        rowName={(row) => row.name}
        rowHref={(row) => `/parties/${row.id}`}
        nextCursor={list.data?.nextCursor}
        total={list.data?.total}
        loading={list.isPending}
        fetching={list.isPlaceholderData}
        error={list.error}
        onRetry={list.refetch}
        searchLabel={t("search")}
        filters={[
          {
            name: "kind",
            label: t("fields.kind"),
            options: PARTY_KINDS.map((value) => ({ value, label: kindNames(value) })),
          },
          {
            name: "status",
            label: t("fields.status"),
            options: (["active", "suspended"] as const).map((value) => ({
              value,
              label: t(`status.${value}`),
            })),
          },
        ]}
        exportHref={table.exportHref("/api/export/parties")}
        empty={<EmptyState title={t("empty.title")} description={t("empty.description")} actions={create} />}
      />
      {creating ? <CreatePartyDialog onClose={() => setCreating(false)} /> : null}
    </PageFrame>
  );
}
