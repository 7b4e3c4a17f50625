"use client";

import { Plus } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import type { ReactElement, ReactNode } from "react";
import { useFormat } from "@/components/format/use-format";
import { useCan } from "@/components/layout/viewer";
import { LinkButton } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { Instant } from "@/components/ui/instant";
import { PageFrame } from "@/components/ui/page-frame";
import { PendingBadges } from "./pending-badges";
import { shownVersion, type Versioned, type VersionView } from "./types";
import { VersionStatus } from "./version-status";

/** The page of all that has versions of one kind: a card each. `kind` is its address and its dictionary. */
export function VersionList<I extends { id: string }>({
  kind,
  items,
  icon,
  card,
}: {
  kind: "rules" | "fees";
  items: readonly I[];
  icon: ReactElement;
  card: (item: I) => ReactNode;
}) {
  const t = useTranslations(kind);
  const can = useCan();
  const create = can("rule:write") ? (
    <LinkButton href={`/${kind}/new`} icon={<Plus />}>
      {t("new")}
    </LinkButton>
  ) : null;
  return (
    <PageFrame title={t("title")} description={t("description")} actions={create}>
      {items.length === 0 ? (
        <Card>
          <EmptyState icon={icon} title={t("empty")} description={t("emptyHint")} actions={create} />
        </Card>
      ) : (
        <ul className="grid gap-4 lg:grid-cols-2 2xl:grid-cols-3">
          {items.map((item) => (
            <li key={item.id} className="min-w-0">
              {card(item)}
            </li>
          ))}
        </ul>
      )}
    </PageFrame>
  );
}

/** What it is and says now, since when, and what is to come; `words` says what a version says. */
export function VersionCard<V extends VersionView>({
  kind,
  of,
  description,
  words,
}: {
  kind: "rules" | "fees";
  of: Versioned<V>;
  description: ReactNode;
  words: (version: V) => ReactNode;
}) {
  const t = useTranslations("rules");
  const format = useFormat();
  const { draft } = of;
  const shown = shownVersion(of);
  return (
    <Card
      className="h-full"
      title={
        <Link href={`/${kind}/${of.id}`} className="hover:underline">
          <span className="figure text-muted-foreground">{of.number}</span> {of.name || t("status.draft")}
        </Link>
      }
      description={description}
      actions={
        <>
          <PendingBadges of={of} />
          {shown && shown.status !== "in_review" && shown.status !== "scheduled" ? (
            <VersionStatus status={shown.status} />
          ) : null}
        </>
      }
    >
      {shown ? (
        <div className="space-y-3">
          {words(shown)}
          <p className="text-xs text-muted-foreground">
            {t("fields.version", { version: shown.version })} ·{" "}
            {shown.effectiveFrom ? (
              <>
                {t("fields.since")} <Instant at={shown.effectiveFrom} />
              </>
            ) : (
              t("review.atOnce")
            )}
          </p>
        </div>
      ) : draft ? (
        <p className="text-sm text-muted-foreground">
          {t("review.draftBy", { name: draft.createdByName, at: format.instant(draft.updatedAt) })}
        </p>
      ) : null}
    </Card>
  );
}
