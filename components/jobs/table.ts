import { defineTable, oneOf } from "@/components/data-table/definition";

export const JOB_KINDS = [
  "issue-vouchers",
  "void-vouchers",
  "import-sales",
  "import-keys",
  "replay",
] as const;
export const jobsTable = defineTable({ id: "jobs", filters: { kind: oneOf(JOB_KINDS) }, pageSize: 20 });
export const jobsInput = ({ cursor, limit, filters }: ReturnType<typeof jobsTable.load>) => ({
  cursor,
  limit,
  kind: filters.kind,
});
