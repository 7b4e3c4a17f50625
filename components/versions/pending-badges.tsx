"use client";

import { useTranslations } from "next-intl";
import { Badge } from "@/components/ui/badge";
import type { Versioned } from "./types";

/** What is on its way: the draft, versions in review, versions that have not begun. */
export function PendingBadges({ of }: { of: Pick<Versioned, "versions" | "draft"> }) {
  const t = useTranslations("rules");
  return (
    <>
      {of.draft ? <Badge>{t("review.draft")}</Badge> : null}
      {of.versions.map(({ id, version, status }) =>
        status === "in_review" || status === "scheduled" ? (
          <Badge key={id} tone={status === "in_review" ? "info" : "warning"}>
            {t("fields.version", { version })} · {t(`status.${status}`)}
          </Badge>
        ) : null,
      )}
    </>
  );
}
