"use client";

import { useQuery } from "@tanstack/react-query";
import { UserPlus } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useCan } from "@/components/layout/viewer";
import { useTRPC } from "@/components/trpc";
import { Badge } from "@/components/ui/badge";
import { Button, LinkButton } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { ErrorAlert } from "@/components/ui/error-alert";
import { Skeleton } from "@/components/ui/skeleton";
import { InviteDialog } from "@/components/users/invite-dialog";
import { type HandedLink, LinkDialog } from "@/components/users/link-dialog";
import { rolesOfKind } from "@/server/domain/parties/schemas";
import type { Party } from "./party-page";

/** The first people of a party; the whole list is the users' page. */
export function PartyUsers({ party }: { party: Party }) {
  const t = useTranslations("parties.users");
  const users = useTranslations("users");
  const roleNames = useTranslations("common.roles");
  const can = useCan();
  const trpc = useTRPC();
  const [inviting, setInviting] = useState(false);
  const [link, setLink] = useState<HandedLink | null>(null);
  const mayRead = can("user:read");
  const list = useQuery(trpc.users.list.queryOptions({ partyId: party.id, limit: 20 }, { enabled: mayRead }));
  const mayInvite = can("user:write") && rolesOfKind(party.kind).length > 0;
  return (
    <Card
      title={t("count", { count: party.users })}
      className="max-w-2xl"
      actions={
        <>
          {mayRead ? (
            <LinkButton variant="outline" size="sm" href={`/users?f.partyId=${party.id}`}>
              {t("open")}
            </LinkButton>
          ) : null}
          {mayInvite ? (
            <Button size="sm" icon={<UserPlus aria-hidden />} onClick={() => setInviting(true)}>
              {users("invite.action")}
            </Button>
          ) : null}
        </>
      }
    >
      <ErrorAlert error={list.error} onRetry={list.refetch} />
      {mayRead && list.isPending ? <Skeleton className="h-20" /> : null}
      {party.users === 0 ? <p className="text-sm text-muted-foreground">{t("none")}</p> : null}
      <ul className="divide-y divide-border">
        {list.data?.items.map((user) => (
          <li key={user.id} className="flex flex-wrap items-center gap-x-3 gap-y-1 py-2.5 text-sm first:pt-0">
            <span className="font-medium">{user.name}</span>
            <span className="text-muted-foreground">{user.email}</span>
            <span className="ms-auto flex items-center gap-2">
              {roleNames(user.role)}
              {user.status === "suspended" ? <Badge>{users("status.suspended")}</Badge> : null}
            </span>
          </li>
        ))}
      </ul>
      {inviting ? (
        <InviteDialog
          party={{ id: party.id, kind: party.kind }}
          onClose={() => setInviting(false)}
          onInvited={(made) => {
            setInviting(false);
            setLink(made);
          }}
        />
      ) : null}
      {link ? <LinkDialog link={link} onClose={() => setLink(null)} /> : null}
    </Card>
  );
}
