"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { UserPlus } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { parseAsStringLiteral, useQueryState } from "nuqs";
import { useCallback, useMemo, useState } from "react";
import { type DataColumn, DataTable, type FilterSpec, useTableState } from "@/components/data-table";
import { useCan, useViewer } from "@/components/layout/viewer";
import { PartyPicker } from "@/components/parties/party-picker";
import { useTRPC } from "@/components/trpc";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { Instant } from "@/components/ui/instant";
import { PageFrame } from "@/components/ui/page-frame";
import { Tabs } from "@/components/ui/tabs";
import { PLATFORM_ROLES, ROLES } from "@/server/core/permissions";
import type { UserRow } from "@/server/domain/parties";
import { rolesOfKind } from "@/server/domain/parties/schemas";
import { InvitationsList } from "./invitations-list";
import { InviteDialog } from "./invite-dialog";
import { type HandedLink, LinkDialog } from "./link-dialog";
import { usersInput, usersTable } from "./table";
import { UserActions } from "./user-actions";

const TABS = ["users", "invitations"] as const;

export function UsersPage() {
  const t = useTranslations("users");
  const can = useCan();
  const [tab, setTab] = useQueryState("tab", parseAsStringLiteral(TABS).withDefault("users"));
  const [, setCursor] = useQueryState("cursor");
  const open = (next: (typeof TABS)[number]) => {
    void setCursor(null); // a place in the one list is none in the other
    void setTab(next);
  };
  const [inviting, setInviting] = useState(false);
  const [link, setLink] = useState<HandedLink | null>(null);
  const invite = can("user:write") ? (
    <Button icon={<UserPlus aria-hidden />} onClick={() => setInviting(true)}>
      {t("invite.action")}
    </Button>
  ) : null;
  return (
    <PageFrame title={t("title")} description={t("description")} actions={invite}>
      <Tabs
        label={t("title")}
        value={tab}
        onValueChange={open}
        tabs={[
          { value: "users", label: t("tabs.users"), content: <UsersList onLink={setLink} /> },
          {
            value: "invitations",
            label: t("tabs.invitations"),
            content: <InvitationsList onLink={setLink} />,
          },
        ]}
      />
      {inviting ? (
        <InviteDialog
          onClose={() => setInviting(false)}
          onInvited={(made) => {
            setInviting(false);
            setLink(made);
            open("invitations");
          }}
        />
      ) : null}
      {link ? <LinkDialog link={link} onClose={() => setLink(null)} /> : null}
    </PageFrame>
  );
}

function UsersList({ onLink }: { onLink: (link: HandedLink) => void }) {
  const t = useTranslations("users");
  const common = useTranslations("common");
  const viewer = useViewer();
  const can = useCan();
  const trpc = useTRPC();
  const table = useTableState(usersTable);
  const list = useQuery(
    trpc.users.list.queryOptions(usersInput(table.query), { placeholderData: keepPreviousData }),
  );
  const seesAll = PLATFORM_ROLES.includes(viewer.role);
  const mayWrite = can("user:write");
  const mayOpenParty = can("party:read");
  const actionsLabel = common("table.actions");
  const handOver = useCallback((link: HandedLink) => onLink(link), [onLink]);
  const columns = useMemo<DataColumn<UserRow, "name" | "email" | "createdAt">[]>(
    () => [
      {
        id: "name",
        header: t("fields.name"),
        sort: "name",
        fixed: true,
        card: "title",
        cell: (row) => (
          <span className="font-medium">
            {row.name}
            {row.id === viewer.userId ? (
              <span className="ms-1.5 text-xs font-normal text-muted-foreground">{t("you")}</span>
            ) : null}
          </span>
        ),
      },
      { id: "email", header: t("fields.email"), sort: "email", cell: (row) => row.email },
      { id: "role", header: t("fields.role"), cell: (row) => common(`roles.${row.role}`) },
      ...(seesAll
        ? [
            {
              id: "party",
              header: t("fields.party"),
              interactive: true,
              cell: (row: UserRow) =>
                mayOpenParty ? (
                  <Link href={`/parties/${row.partyId}`} className="underline-offset-4 hover:underline">
                    {row.partyName}
                  </Link>
                ) : (
                  row.partyName
                ),
            },
          ]
        : []),
      {
        id: "status",
        header: t("fields.status"),
        card: "aside",
        cell: (row) => (
          <Badge tone={row.status === "active" ? "success" : "neutral"}>{t(`status.${row.status}`)}</Badge>
        ),
      },
      {
        id: "secondFactor",
        header: t("fields.secondFactor"),
        cell: (row) => t(row.secondFactor ? "secondFactor.on" : "secondFactor.off"),
      },
      {
        id: "lastSignInAt",
        header: t("fields.lastSignIn"),
        cell: (row) => (row.lastSignInAt ? <Instant at={row.lastSignInAt} /> : t("never")),
      },
      {
        id: "createdAt",
        header: t("fields.created"),
        sort: "createdAt",
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
              cell: (row: UserRow) => <UserActions user={row} onLink={handOver} />,
            },
          ]
        : []),
    ],
    [t, common, viewer.userId, seesAll, mayWrite, mayOpenParty, handOver, actionsLabel],
  );
  const roles = seesAll ? ROLES : rolesOfKind(viewer.party.kind);
  const filters: FilterSpec<typeof usersTable.filters>[] = [
    {
      name: "status",
      label: t("fields.status"),
      options: (["active", "suspended"] as const).map((value) => ({ value, label: t(`status.${value}`) })),
    },
  ];
  if (roles.length > 1) {
    filters.unshift({
      name: "role",
      label: t("fields.role"),
      options: roles.map((value) => ({ value, label: common(`roles.${value}`) })),
    });
  }
  if (mayOpenParty) {
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
  return (
    <DataTable
      table={table}
      label={t("title")}
      columns={columns}
      rows={list.data?.items}
      rowId={(row) => row.id}
      rowName={(row) => row.name}
      nextCursor={list.data?.nextCursor}
      total={list.data?.total}
      loading={list.isPending}
      fetching={list.isPlaceholderData}
      error={list.error}
      onRetry={list.refetch}
      searchLabel={t("search")}
      filters={filters}
      exportHref={table.exportHref("/api/export/users")}
      empty={<EmptyState title={t("empty.title")} description={t("empty.description")} />}
    />
  );
}
