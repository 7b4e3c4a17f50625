import { RuleVersionEditor } from "@/components/rules/rule-editor";
import { RuleForm } from "@/components/rules/rule-form";
import { HydrateClient, prefetch, trpc } from "@/server/trpc/server";

export default async function Page({
  searchParams,
}: {
  searchParams: Promise<{ rule?: string | string[] }>;
}) {
  const { rule } = await searchParams;
  if (typeof rule !== "string") return <RuleForm />;
  await prefetch(trpc.rules.get.queryOptions({ id: rule }));
  return (
    <HydrateClient>
      <RuleVersionEditor ruleId={rule} />
    </HydrateClient>
  );
}
