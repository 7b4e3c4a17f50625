"use client";

import { useMutation, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useCan } from "@/components/layout/viewer";
import { useTRPC } from "@/components/trpc";
import { Button, LinkButton } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { DescriptionList } from "@/components/ui/description-list";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Instant } from "@/components/ui/instant";
import { PageFrame } from "@/components/ui/page-frame";
import { toast } from "@/components/ui/toast";
import { RuleWords } from "./rule-words";
import { RuleScopeText } from "./scope";
import type { RuleVersionView } from "./types";
import { VersionStatus } from "./version-status";

/** One rule with every version it had. */
export function RulePage({ id }: { id: string }) {
  const t = useTranslations("rules");
  const can = useCan();
  const trpc = useTRPC();
  const { data: rule } = useSuspenseQuery(trpc.rules.get.queryOptions({ id }));
  return (
    <PageFrame
      title={rule.name}
      breadcrumbs={[{ label: t("title"), href: "/rules" }]}
      actions={
        can("rule:write") && rule.tradeKind === "redemption" ? (
          <LinkButton href={`/rules/new?rule=${rule.id}`}>{t("newVersion")}</LinkButton>
        ) : null
      }
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
      <h2 className="pt-2 text-sm font-semibold">{t("fields.versions")}</h2>
      <ol className="space-y-4">
        {rule.versions.map((version) => (
          <li key={version.id}>
            <VersionCard version={version} />
          </li>
        ))}
      </ol>
    </PageFrame>
  );
}

function VersionCard({ version }: { version: RuleVersionView }) {
  const t = useTranslations("rules");
  const can = useCan();
  return (
    <Card
      title={t("fields.version", { version: version.version })}
      description={
        <>
          {t("fields.since")} <Instant at={version.effectiveFrom} /> · {t("fields.by")}{" "}
          {version.createdByName}, <Instant at={version.createdAt} />
        </>
      }
      actions={
        <>
          {version.status === "scheduled" && can("rule:write") ? <Withdraw version={version} /> : null}
          <VersionStatus status={version.status} />
        </>
      }
    >
      <RuleWords definition={version.definition} />
      {version.note ? <p className="mt-3 text-sm text-muted-foreground">{version.note}</p> : null}
    </Card>
  );
}

function Withdraw({ version }: { version: RuleVersionView }) {
  const t = useTranslations("rules.withdraw");
  const trpc = useTRPC();
  const client = useQueryClient();
  const [reason, setReason] = useState("");
  const withdraw = useMutation(trpc.rules.withdrawVersion.mutationOptions());
  return (
    <ConfirmDialog
      danger
      trigger={
        <Button size="sm" variant="outline">
          {t("action")}
        </Button>
      }
      title={t("title")}
      description={t("text", { version: version.version })}
      confirmLabel={t("action")}
      disabled={reason.trim() === ""}
      onConfirm={async () => {
        await withdraw.mutateAsync({ versionId: version.id, reason });
        await client.invalidateQueries(trpc.rules.pathFilter());
        toast.success(t("done"));
      }}
    >
      <Field label={t("reason")} required>
        <Input value={reason} onChange={(event) => setReason(event.target.value)} />
      </Field>
    </ConfirmDialog>
  );
}
