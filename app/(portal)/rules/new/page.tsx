import { RuleEditor } from "@/components/rule-editor/rule-editor";
import { RuleVersionEditor } from "@/components/rules/rule-editor";
import { RuleForm } from "@/components/rules/rule-form";
import { HydrateClient, prefetch, trpc } from "@/server/trpc/server";

type Query = Promise<{ rule?: string | string[]; mode?: string | string[] }>;

/** The full editor; with `mode=simple` the plain form, with `rule` the plain form for a version of that rule. */
export default async function Page({ searchParams }: { searchParams: Query }) {
  const { rule, mode } = await searchParams;
  if (mode === "simple") return <RuleForm />;
  if (typeof rule !== "string") return <RuleEditor />;
  await prefetch(trpc.rules.get.queryOptions({ id: rule }));
  return (
    <HydrateClient>
      <RuleVersionEditor ruleId={rule} />
    </HydrateClient>
  );
}
