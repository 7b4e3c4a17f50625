"use client";

import { useMutation, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useFormat } from "@/components/format/use-format";
import { useViewer } from "@/components/layout/viewer";
import { ReplayPanel } from "@/components/replay/replay-panel";
import { useTRPC } from "@/components/trpc";
import { Card } from "@/components/ui/card";
import { DescriptionList } from "@/components/ui/description-list";
import type { ReviewVerbs } from "@/components/versions/types";
import { VersionPage } from "@/components/versions/version-page";
import { RuleDifference } from "./rule-difference";
import { RuleWords } from "./rule-words";
import { RuleScopeText } from "./scope";
import type { RuleVersionView } from "./types";

/** One rule with every version it had, who made and who let them pass, and what each changed. */
export function RulePage({ id }: { id: string }) {
  const t = useTranslations("rules");
  const trpc = useTRPC();
  const { data: rule } = useSuspenseQuery(trpc.rules.get.queryOptions({ id }));
  return (
    <VersionPage
      of={rule}
      home="/rules"
      title={t("title")}
      verbs={useRuleVerbs()}
      words={({ definition }) => <RuleWords definition={definition} />}
      difference={(before, after, from) => <RuleDifference before={before} after={after} from={from} />}
      foot={(version) => <Checked version={version} />}
    >
      <Card>
        <DescriptionList
          columns={3}
          items={[
            { label: t("fields.number"), value: <span className="figure">{rule.number}</span> },
            { label: t("fields.scope"), value: <RuleScopeText rule={rule} /> },
            { label: t("fields.priority"), value: <span className="figure">{rule.priority}</span> },
          ]}
        />
      </Card>
      <ReplayPanel subject={{ kind: "rule", id }} of={rule} />
    </VersionPage>
  );
}

function useRuleVerbs(): ReviewVerbs {
  const trpc = useTRPC();
  const client = useQueryClient();
  const onSuccess = () => client.invalidateQueries(trpc.rules.pathFilter());
  const approve = useMutation(trpc.rules.approve.mutationOptions({ onSuccess }));
  const refuse = useMutation(trpc.rules.refuse.mutationOptions({ onSuccess }));
  const withdraw = useMutation(trpc.rules.withdrawVersion.mutationOptions({ onSuccess }));
  return { approve: approve.mutateAsync, refuse: refuse.mutateAsync, withdraw: withdraw.mutateAsync };
}

function Checked({ version: { checked, definition } }: { version: RuleVersionView }) {
  const t = useTranslations("rules.review");
  const format = useFormat();
  const { tenant } = useViewer();
  if (!checked) return null;
  const currency = definition.currency ?? tenant.currency;
  return (
    <p className="mt-1 text-xs text-muted-foreground">
      {t("checked", {
        from: format.money(BigInt(checked.from), currency),
        to: format.money(BigInt(checked.to), currency),
        share: format.rate(checked.share),
      })}
    </p>
  );
}
