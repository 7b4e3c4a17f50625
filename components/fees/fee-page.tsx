"use client";

import { useMutation, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { ReplayPanel } from "@/components/replay/replay-panel";
import { useTRPC } from "@/components/trpc";
import { Card } from "@/components/ui/card";
import { type ReviewVerbs, shownVersion } from "@/components/versions/types";
import { VersionPage } from "@/components/versions/version-page";
import { BandsTable } from "./bands-table";
import { FeeChart } from "./fee-chart";
import { FeeDifference } from "./fee-difference";
import { FeeFacts } from "./fee-facts";
import { AppliesToText, FeeWords } from "./fee-words";

/** One fee schedule: what holds now, with its bands and their curve, and every version it had. */
export function FeePage({ id }: { id: string }) {
  const t = useTranslations("fees");
  const rules = useTranslations("rules");
  const trpc = useTRPC();
  const { data: schedule } = useSuspenseQuery(trpc.fees.get.queryOptions({ id }));
  const { role, currency } = schedule;
  const shown = shownVersion(schedule);
  return (
    <VersionPage
      of={schedule}
      home="/fees"
      title={t("title")}
      verbs={useFeeVerbs()}
      words={({ definition }) => (
        <>
          <FeeWords definition={definition} currency={currency} />
          <p className="mt-1 text-sm">
            <span className="text-muted-foreground">{t("fields.appliesTo")}</span>{" "}
            <AppliesToText appliesTo={definition.appliesTo} role={role} />
          </p>
        </>
      )}
      difference={(before, after, from) => (
        <FeeDifference before={before} after={after} from={from} role={role} currency={currency} />
      )}
    >
      <Card>
        <FeeFacts of={schedule} />
      </Card>
      {shown ? (
        <Card
          title={`${t(`methods.${shown.definition.method}`)} · ${rules(`status.${shown.status}`)}`}
          description={t(`methodHints.${shown.definition.method}`)}
        >
          <div className="grid items-start gap-6 lg:grid-cols-2">
            <BandsTable definition={shown.definition} currency={currency} />
            <FeeChart definition={shown.definition} currency={currency} />
          </div>
        </Card>
      ) : null}
      <ReplayPanel subject={{ kind: "fee", id }} of={schedule} />
    </VersionPage>
  );
}

function useFeeVerbs(): ReviewVerbs {
  const trpc = useTRPC();
  const client = useQueryClient();
  const onSuccess = () => client.invalidateQueries(trpc.fees.pathFilter());
  const approve = useMutation(trpc.fees.approve.mutationOptions({ onSuccess }));
  const refuse = useMutation(trpc.fees.refuse.mutationOptions({ onSuccess }));
  const withdraw = useMutation(trpc.fees.withdraw.mutationOptions({ onSuccess }));
  return { approve: approve.mutateAsync, refuse: refuse.mutateAsync, withdraw: withdraw.mutateAsync };
}
