"use client";

import { useTranslations } from "next-intl";
import { useLegName } from "@/components/trace/leg-name";
import { DescriptionList } from "@/components/ui/description-list";
import type { FeeScheduleView } from "./types";

/** What a fee schedule is for, which no version changes. */
export function FeeFacts({ of }: { of: Pick<FeeScheduleView, "number" | "role" | "leg" | "currency"> }) {
  const t = useTranslations("fees");
  const legName = useLegName();
  return (
    <DescriptionList
      columns={4}
      items={[
        { label: t("fields.number"), value: <span className="figure">{of.number}</span> },
        { label: t("fields.role"), value: t(`roles.${of.role}`) },
        { label: t("fields.leg"), value: legName(of.leg) },
        { label: t("fields.currency"), value: of.currency },
      ]}
    />
  );
}
