"use client";

import { useTranslations } from "next-intl";
import { Badge } from "@/components/ui/badge";
import type { RuleView } from "./types";

/** What is on its way of a rule: its draft, versions in review, versions that have not begun. */
export function PendingBadges({ rule }: { rule: Pick<RuleView, "versions" | "draft"> }) {
  const t = useTranslations("rules");
  return (
    <>
      {rule.draft ? <Badge>{t("review.draft")}</Badge> : null}
      {rule.versions.map(({ id, version, status }) =>
        status === "in_review" || status === "scheduled" ? (
          <Badge key={id} tone={status === "in_review" ? "info" : "warning"}>
            {t("fields.version", { version })} · {t(`status.${status}`)}
          </Badge>
        ) : null,
      )}
    </>
  );
}
