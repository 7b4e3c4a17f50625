import { useTranslations } from "next-intl";
import { Badge, type Tone } from "@/components/ui/badge";
import type { StatementState } from "@/server/domain/settlement";

const TONES: Record<StatementState, Tone> = {
  draft: "warning",
  approved: "info",
  paying: "info",
  paid: "success",
  carried: "neutral",
};

export function StatementBadge({ state }: { state: StatementState }) {
  const t = useTranslations("statements.states");
  return <Badge tone={TONES[state]}>{t(state)}</Badge>;
}
